internal import MedaiCore
internal import MedaiText

/// What a hospital knows of its patients, to be found in their records.
public struct PatientTable: Sendable {
  private var values: [[UInt8]: KnownValues] = [:]

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
    while let record = cutter.next() {
      guard record.fault == nil else { throw .malformed(line: record.line) }
      let row: [[UInt8]]
      do {
        row = try DelimitedRow.cells(of: record.bytes, separator: UInt8(ascii: ",")).map {
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
      let own = zip(roles, row).first { $0.0 == .patient }
        ?? zip(roles, row).first { $0.0 == .identifier(.mrn) }
      guard let patient = own?.1, !patient.isEmpty else { continue }
      var known = values[patient] ?? KnownValues()
      for (role, value) in zip(roles, row) { known.add(value, role: role) }
      values[patient] = known
    }
    if roles.isEmpty { throw .noPatientColumn }
  }

  /// What is known of a patient.
  func known(of patient: [UInt8]) -> KnownValues { values[patient] ?? KnownValues() }

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

extension KnownValues {
  /// Notes a structured field's value, where it is long enough to tell somebody apart.
  mutating func add(_ value: [UInt8], role: FieldRole) {
    let type: IdentifierType
    switch role {
    case .patient: type = .mrn
    case .identifier(let known):
      switch known {
      case .date, .age, .hospital, .org: return
      default: type = known
      }
    default: return
    }
    var trimmed = nfc(value)[...]
    while let last = trimmed.last, last <= 0x20 { trimmed.removeLast() }
    trimmed = trimmed.drop { $0 <= 0x20 }
    let letters = scalars(of: trimmed).filter { isLetter($0) || isNumber($0) }.count
    guard letters >= (type == .name ? 2 : 4) else { return }
    let bytes = Array(trimmed)
    if values.contains(where: { $0.type == type && $0.bytes == bytes }) { return }
    values.append((type: type, bytes: bytes))
  }
}
