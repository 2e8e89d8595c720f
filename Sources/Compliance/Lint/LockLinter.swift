internal import Cryptography
internal import MedaiCore
internal import Settings
internal import SystemPackage

/// Holds `lock.json` against the files: path and SHA-256 of the canonical JSON form of each.
struct LockLinter {
  let folder: FilePath
  let files: [String]
  /// The YAML files that were parsed already; others are no YAML.
  let parsed: [(file: String, node: YAMLNode)]

  func run(_ faults: inout [LintFault]) {
    func add(_ file: String, _ reason: String) {
      faults.append(LintFault(file: file, line: 0, reason: reason))
    }
    guard let bytes = try? readFile(folder.appending("lock.json")),
      let entries = (try? parseJSON(bytes))?["files"]?.array
    else {
      add("lock.json", "is missing or no lock")
      return
    }
    let paths = entries.map { $0["path"]?.string ?? "" }
    for file in files {
      guard let place = paths.firstIndex(where: { sameBytes($0, file) }) else {
        add(file, "is not in lock.json")
        continue
      }
      let entry = entries[place]
      guard let form = canonicalForm(file) else {
        add(file, "has no canonical form")
        continue
      }
      let digest = sha256(form.encoded(.canonical)).hex
      if !sameBytes(entry["sha256"]?.string ?? "", digest) {
        add(file, "digest differs from lock.json")
      }
      let version = form["catalog"]?["metadata"]?["version"]?.string
      if let version, !sameBytes(entry["version"]?.string ?? "", version) {
        add(file, "version differs from lock.json")
      }
    }
    for path in paths where !files.contains(where: { sameBytes($0, path) }) {
      add("lock.json", "lists a file that is not there: \(path)")
    }
  }

  private func canonicalForm(_ file: String) -> JSONValue? {
    if hasSuffix(file, ".yaml") { return parsed.first { sameBytes($0.file, file) }?.node.json }
    guard let bytes = try? readFile(folder.pushing(FilePath(file))) else { return nil }
    if hasSuffix(file, ".json") { return try? parseJSON(bytes) }
    return csvRows(bytes).map { rows in
      .array(rows.map { row in .array(row.map { .string($0) }) })
    }
  }
}

/// The rows of a CSV text (RFC 4180, LF or CRLF); `nil` where a quote is unbalanced or it is not
/// UTF-8.
func csvRows(_ bytes: [UInt8]) -> [[String]]? {
  guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
  var rows: [[String]] = []
  var row: [String] = []
  var field: [UInt8] = []
  var isQuoted = false
  var index = 0
  func text() -> String { String(decoding: field, as: UTF8.self) }
  while index < bytes.count {
    let byte = bytes[index]
    index += 1
    if isQuoted {
      if byte != UInt8(ascii: "\"") {
        field.append(byte)
      } else if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
        field.append(byte)
        index += 1
      } else {
        isQuoted = false
      }
      continue
    }
    switch byte {
    case UInt8(ascii: "\""): isQuoted = true
    case UInt8(ascii: ","):
      row.append(text())
      field = []
    case 0x0D: break
    case 0x0A:
      rows.append(row + [text()])
      row = []
      field = []
    default: field.append(byte)
    }
  }
  if isQuoted { return nil }
  if !row.isEmpty || !field.isEmpty { rows.append(row + [text()]) }
  return rows
}
