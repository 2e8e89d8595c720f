internal import MedaiCore
internal import MedaiText

/// What a hospital knows of its patients, to be found in their records.
public struct PatientTable: Sendable {
  private var values: [[UInt8]: KnownCollector] = [:]

  /// A table of nobody.
  public init() {}

  /// How many patients.
  public var count: Int { values.count }

  /// Reads a CSV with a header whose columns are named as in records: the patient's id (`patient`,
  /// `person_id`, or the registration number where there is no such column) and identifiers.
  ///
  /// - Parameter bytes: The file, in UTF-8 or CP949.
  /// - Throws: `PatientTableError`.
  public init(csv bytes: [UInt8]) throws(PatientTableError) {
    var detector = EncodingDetector()
    detector.append(bytes)
    guard let encoding = detector.verdict().encoding else { throw .undecodable(line: 0) }
    var cutter = DelimitedCutter(separator: UInt8(ascii: ","), maxRecordBytes: 1 << 20)
    cutter.append(bytes)
    cutter.finish()
    var roles: [FieldRole] = []
    var separator = UInt8(ascii: ",")
    while let record = cutter.next() {
      if record.isStructure {
        separator = DelimitedRow.declaredSeparator(record.bytes) ?? separator
        continue
      }
      guard record.fault == nil else { throw .malformed(line: record.line) }
      let row: [[UInt8]]
      do {
        row = try DelimitedRow.cells(of: record.bytes, separator: separator).map {
          try decodedText($0.value, encoding)
        }
      } catch {
        throw .undecodable(line: record.line)
      }
      if roles.isEmpty {
        roles = row.map { FieldNames().role(of: $0, isTop: true) }
        guard roles.contains(.patient) || roles.contains(.identifier(.mrn)) else {
          throw .noPatientColumn
        }
        continue
      }
      guard row.count == roles.count else { throw .malformed(line: record.line) }
      let own =
        zip(roles, row).first { $0.0 == .patient }
        ?? zip(roles, row).first { $0.0 == .identifier(.mrn) }
      let patient = trimmed(own?.1 ?? [])
      if patient.isEmpty { continue }
      for (role, value) in zip(roles, row) {
        values[patient, default: KnownCollector()].add(value, role: role)
      }
    }
    if roles.isEmpty { throw .noPatientColumn }
  }

  /// What is known of a patient.
  func known(of patient: [UInt8]) -> KnownValues { values[patient]?.known ?? KnownValues() }

  /// Every known value of every patient, for a scan of what was released.
  package var all: KnownValues {
    var result = KnownValues()
    let patients = values.keys.sorted { $0.lexicographicallyPrecedes($1) }
    for patient in patients { result.values += known(of: patient).values }
    return result
  }
}

/// Why a patient table was refused.
public enum PatientTableError: Error, Equatable, Sendable {
  case undecodable(line: Int)
  case malformed(line: Int)
  case noPatientColumn
}
