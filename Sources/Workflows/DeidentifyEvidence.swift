internal import Cryptography
internal import Deidentification
internal import Glibc
internal import MedaiCore
internal import SystemPackage

/// Writes what a run leaves as evidence. Only `names.ndjson` and `openings.ndjson` hold what must
/// not be seen by others, and only the first can name a person.
final class DeidentifyEvidence {
  private var manifest: DurableFile?
  private var manifestHash: SHA256? = SHA256()
  private var names: DurableFile?
  private var quarantine: DurableFile?
  private var quarantineCopy: DurableFile?
  private var spans: DurableFile?
  private let openingsPath: FilePath?
  private var openings: FileDescriptor?
  private var files = 0
  private let keepLinks: (@Sendable ([TokenLink]) throws -> Void)?

  private static let manifestName = "manifest.json"
  private static let openingsName = "openings.ndjson"

  /// Names of the files in an evidence folder.
  static let names = [manifestName, "names.ndjson", "quarantine.ndjson", openingsName]

  /// Refuses a folder with the evidence of an earlier run, which no other run may replace: its
  /// commitments open only with the keys that lie there.
  static func check(_ folder: FilePath) throws(DeidentifyError) {
    // By name, whatever lies behind it: a dangling link counts too.
    let entries = (try? folderEntries(folder)) ?? []
    let marks = [manifestName, openingsName]
    if entries.contains(where: { entry in marks.contains { $0.utf8.elementsEqual(entry.utf8) } }) {
      throw .evidenceExists
    }
  }

  /// Opens the evidence files.
  ///
  /// - Parameters:
  ///   - folder: The evidence folder, which exists; `nil` for a stream without one.
  ///   - quarantine: Where quarantine lines go besides the evidence folder.
  ///   - spans: Where span lines go.
  ///   - keepLinks: Makes tokens and what they stand for durable in a re-identification vault.
  /// - Throws: `DeidentifyError.write` where a file cannot be made.
  init(
    folder: FilePath?, quarantine: FilePath?, spans: FilePath?,
    keepLinks: (@Sendable ([TokenLink]) throws -> Void)? = nil
  ) throws(DeidentifyError) {
    self.keepLinks = keepLinks
    if let folder {
      manifest = try Self.open(folder.appending(Self.manifestName), "manifest")
      names = try Self.open(folder.appending("names.ndjson"), "names", isSecret: true)
      self.quarantine = try Self.open(folder.appending("quarantine.ndjson"), "quarantine")
    }
    openingsPath = folder?.appending(Self.openingsName)
    if let quarantine { quarantineCopy = try Self.open(quarantine, "quarantine") }
    // Span lines name the record by its own id, and with text hold the identifiers themselves.
    if let spans { self.spans = try Self.open(spans, "spans", isSecret: true) }
  }

  deinit { try? openings?.close() }

  private static func open(
    _ path: FilePath, _ role: String, isSecret: Bool = false
  ) throws(DeidentifyError) -> DurableFile {
    do throws(FileError) {
      return try DurableFile(
        path, permissions: isSecret ? [.ownerReadWrite] : [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw .write(role: role, code: error.code)
    }
  }

  private func wrap(
    _ role: String, _ body: () throws(FileError) -> Void
  ) throws(DeidentifyError) {
    do throws(FileError) { try body() } catch { throw .write(role: role, code: error.code) }
  }

  /// Whether span lines are wanted.
  var wantsSpans: Bool { spans != nil }

  /// Adds span lines.
  func add(spanLines: [UInt8]) throws(DeidentifyError) {
    try wrap("spans") { () throws(FileError) in try spans?.append(spanLines) }
  }

  /// Says that a record or a file was withheld.
  func withhold(_ line: JSONObject) throws(DeidentifyError) {
    let bytes = JSONValue.object(line).encoded(.compact) + [0x0A]
    try wrap("quarantine") { () throws(FileError) in
      try quarantine?.append(bytes)
      try quarantineCopy?.append(bytes)
    }
  }

  /// Makes tokens and what they stand for durable.
  func keep(_ links: [TokenLink]) throws(DeidentifyError) {
    do { try keepLinks?(links) } catch { throw .links }
  }

  /// Notes what a token stands for, where only the owner can read it.
  func name(_ token: String, kind: String, reference: [UInt8]) throws(DeidentifyError) {
    let line: JSONObject = [
      "token": .string(token), "kind": .string(kind),
      "reference": .string(String(decoding: reference, as: UTF8.self)),
    ]
    let bytes = JSONValue.object(line).encoded(.compact) + [0x0A]
    try wrap("names") { () throws(FileError) in try names?.append(bytes) }
    if keepLinks != nil {
      try keep([TokenLink(kind: kind, token: Array(token.utf8), original: reference)])
    }
  }

  /// Makes the key that opens a commitment durable, before the commitment enters a log.
  func open(ordinal: Int, key: [UInt8], commitment: Digest) throws(DeidentifyError) {
    try open([
      "file": .number(JSONNumber(ordinal)), "key": .string(hexString(key)),
      "commitment": .string(commitment.hex),
    ])
  }

  /// The same for the commitment to the patient table.
  func open(patientsKey key: [UInt8], commitment: Digest) throws(DeidentifyError) {
    try open([
      "kind": .string("patients"), "key": .string(hexString(key)),
      "commitment": .string(commitment.hex),
    ])
  }

  /// Takes the openings back where the run did not come to be logged.
  func withdrawOpenings() {
    guard let openings, let openingsPath else { return }
    try? openings.close()
    self.openings = nil
    try? removeFile(openingsPath)
  }

  private func open(_ line: JSONObject) throws(DeidentifyError) {
    guard let openingsPath else { return }
    do {
      // Made with its first line, and never in place of another run's.
      let openings =
        try self.openings
        ?? FileDescriptor.open(
          openingsPath, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
          permissions: [.ownerReadWrite])
      self.openings = openings
      try openings.writeAll(JSONValue.object(line).encoded(.compact) + [0x0A])
      if fsync(openings.rawValue) != 0 { throw Errno(rawValue: errno) }
    } catch {
      throw .write(role: "openings", code: error as? Errno ?? .ioError)
    }
  }

  /// Begins the manifest.
  func begin(_ head: JSONObject) throws(DeidentifyError) {
    var bytes = JSONValue.object(head).encoded(.compact)
    bytes.removeLast()
    try write(manifest: bytes + Array(",\n\"files\":[".utf8))
  }

  /// Adds a file to the manifest.
  func add(file: JSONObject) throws(DeidentifyError) {
    let lead = files == 0 ? "\n" : ",\n"
    files += 1
    try write(manifest: Array(lead.utf8) + JSONValue.object(file).encoded(.compact))
  }

  private func write(manifest bytes: [UInt8]) throws(DeidentifyError) {
    manifestHash?.update(bytes)
    try wrap("manifest") { () throws(FileError) in try manifest?.append(bytes) }
  }

  /// Ends the manifest and makes every evidence file appear.
  ///
  /// - Returns: Digest of the manifest.
  func finish(totals: JSONObject) throws(DeidentifyError) -> Digest {
    let tail = Array("\n],\n\"totals\":".utf8) + JSONValue.object(totals).encoded(.compact)
    try write(manifest: tail + Array("}\n".utf8))
    try wrap("spans") { () throws(FileError) in try spans.take()?.commit() }
    try wrap("names") { () throws(FileError) in try names.take()?.commit() }
    try wrap("quarantine") { () throws(FileError) in
      try quarantine.take()?.commit()
      try quarantineCopy.take()?.commit()
    }
    try wrap("manifest") { () throws(FileError) in try manifest.take()?.commit() }
    return manifestHash.take()?.finalize() ?? sha256([])
  }
}

/// Findings by type in the order of `IdentifierType.allCases`.
struct TypeCounts: Sendable {
  private var counts = [Int](repeating: 0, count: IdentifierType.allCases.count)

  mutating func add(_ spans: [AppliedSpan]) {
    for span in spans {
      for (index, type) in IdentifierType.allCases.enumerated() where type == span.type {
        counts[index] += 1
      }
    }
  }

  mutating func add(_ other: Self) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// Those that occur.
  var list: [(type: String, count: Int)] {
    zip(IdentifierType.allCases, counts).filter { $0.1 > 0 }.map { ($0.0.rawValue, $0.1) }
  }

  var json: JSONValue {
    var object = JSONObject()
    for (type, count) in list { object[type] = .number(JSONNumber(count)) }
    return .object(object)
  }
}
