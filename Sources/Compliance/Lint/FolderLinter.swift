internal import Cryptography
internal import MedaiCore
internal import Settings
internal import SystemPackage

/// Collects the faults of one `Guidelines` folder.
struct FolderLinter {
  let folder: FilePath
  let checks: [any Check]
  private var faults: [LintFault] = []
  /// What catalogues say, kept to be held against each other and the component definition.
  private var ids = NameTable()
  private var parameters = NameTable()
  private var uuids = NameTable()
  private var served: [(control: String, checks: [String], file: String, line: Int)] = []
  private var words: [String: [String]] = [:]
  /// The YAML files that could be read; parsing is what a lint spends its time on.
  private var parsed: [(file: String, node: YAMLNode)] = []

  init(folder: FilePath, checks: [any Check]) {
    self.folder = folder
    self.checks = checks
  }

  mutating func run() -> [LintFault] {
    let files = lockedFiles()
    if files.isEmpty {
      add("", 0, "no guideline files are here")
      return faults
    }
    for file in files where hasPrefix(file, "vocab/") { readWords(file) }
    holdWordsAgainstTypes()
    for file in files where hasSuffix(file, "/catalog.yaml") { lintCatalog(file, files) }
    for file in files where hasSuffix(file, "/sources.yaml") { lintSources(file) }
    for file in files where hasPrefix(file, "components/") { lintComponents(file) }
    for file in files where hasPrefix(file, "wording/") {
      guard let root = parse(file) else { continue }
      do throws(YAMLError) { _ = try WordingRules(root) } catch {
        add(file, error.line, describe(error.reason))
      }
    }
    for file in files where hasPrefix(file, "retention/") { _ = parse(file) }
    lintUse(files)
    LockLinter(folder: folder, files: files, parsed: parsed).run(&faults)
    return faults.sorted {
      sameBytes($0.file, $1.file)
        ? $0.line < $1.line : $0.file.utf8.lexicographicallyPrecedes($1.file.utf8)
    }
  }

  private mutating func add(_ file: String, _ line: Int, _ reason: String) {
    faults.append(LintFault(file: file, line: line, reason: reason))
  }

  private func read(_ file: String) -> [UInt8]? { try? readFile(folder.pushing(FilePath(file))) }

  private mutating func parse(_ file: String) -> YAMLNode? {
    guard let bytes = read(file) else {
      add(file, 0, "cannot be read")
      return nil
    }
    do throws(YAMLError) {
      let node = try parseYAML(bytes)
      parsed.append((file: file, node: node))
      return node
    } catch {
      add(file, error.line, describe(error.reason))
      return nil
    }
  }

  /// The files that the lock has to list, in byte order.
  private func lockedFiles() -> [String] {
    var files: [String] = []
    for name in (try? folderEntries(folder)) ?? []
    where !["events", "policies", "exams"].contains(name) {
      for entry in (try? folderEntries(folder.appending(name))) ?? [] {
        if [".yaml", ".csv", ".json"].contains(where: { hasSuffix(entry, $0) }) {
          files.append("\(name)/\(entry)")
        }
      }
    }
    return files
  }

  private mutating func readWords(_ file: String) {
    guard let bytes = read(file), let rows = csvRows(bytes), rows.count > 1 else {
      add(file, 0, "is no table")
      return
    }
    if rows[0].map({ Array($0.utf8) }) != ["value", "ko", "en", "정의"].map({ Array($0.utf8) }) {
      add(file, 1, "header is not value,ko,en,정의")
    }
    for (index, row) in rows.enumerated() where row.count != 4 || row.contains(where: \.isEmpty) {
      add(file, index + 1, "a row needs value, ko, en and definition")
    }
    words[file] = rows.dropFirst().map { $0.first ?? "" }
  }

  private mutating func holdWordsAgainstTypes() {
    let tables: [(file: String, words: [String])] = [
      ("vocab/obligations.csv", Strength.allCases.map(\.rawValue)),
      ("vocab/severities.csv", Severity.allCases.map(\.rawValue)),
      ("vocab/source-classes.csv", SourceClass.allCases.map(\.rawValue)),
    ]
    for (file, known) in tables {
      let listed = words[file] ?? []
      if listed.count != known.count || !known.allSatisfy({ word in listed.contains(word) }) {
        add(file, 0, "does not list exactly the words this program knows")
      }
    }
  }

  private mutating func lintCatalog(_ file: String, _ files: [String]) {
    let guideline = String(decoding: file.utf8.prefix { $0 != 0x2F }, as: UTF8.self)
    if !files.contains("\(guideline)/sources.yaml") {
      add(file, 0, "has no sources.yaml beside it")
    }
    guard let root = parse(file) else { return }
    var linter = CatalogLinter(file: file, checks: checks.map(\.id))
    linter.run(root)
    faults += linter.faults
    for (name, line) in linter.ids where !ids.insert(name) {
      add(file, line, "id \(name) is used before")
    }
    for (name, line) in linter.parameters where !parameters.insert(name) {
      add(file, line, "parameter \(name) is defined before")
    }
    for (name, line) in linter.uuids where !uuids.insert(name) {
      add(file, line, "uuid is used before")
    }
    served += linter.served.map { ($0.control, $0.checks, file, $0.line) }
    // What the lenient reader cannot load must not pass either.
    do throws(YAMLError) { _ = try Catalog(root, id: guideline) } catch {
      if linter.faults.isEmpty { add(file, error.line, describe(error.reason)) }
    }
  }

  private mutating func lintSources(_ file: String) {
    guard let root = parse(file) else { return }
    let guideline: [YAMLField] = ["title", "number", "date", "publisher", "language", "read"].map {
      YAMLField($0, .text, required: true)
    }
    let read: [YAMLField] = [
      YAMLField("title", .text, required: true), YAMLField("date", .date, required: true),
      YAMLField("read", .text, required: true), YAMLField("sha256", .sha256),
      YAMLField("note", .text),
    ]
    let shape = YAMLShape.map([
      YAMLField("guideline", .map(guideline), required: true),
      YAMLField("read", .list(.map(read)), required: true),
      YAMLField(
        "reservation",
        .map([YAMLField("ko", .text, required: true), YAMLField("en", .text, required: true)]),
        required: true),
    ])
    do throws(YAMLError) { try root.checked(against: shape) } catch {
      add(file, error.line, describe(error.reason))
    }
  }

  private mutating func lintComponents(_ file: String) {
    guard let root = parse(file) else { return }
    var mapped: [(control: String, checks: [String], line: Int)] = []
    let components = root[["component-definition", "components"]]?.elements ?? []
    if components.isEmpty { add(file, 1, "defines no component") }
    for implementation in components.flatMap({ $0["control-implementations"]?.elements ?? [] }) {
      for item in implementation["implemented-requirements"]?.elements ?? [] {
        mapped.append(
          (item["control-id"]?.text ?? "", item.props("check-id"), item.place.line))
      }
    }
    for (control, checks, line) in mapped {
      guard let known = served.first(where: { sameBytes($0.control, control) }) else {
        add(file, line, "maps control \(control), which no catalogue serves by a check")
        continue
      }
      if !known.checks.elementsEqual(checks, by: sameBytes) {
        add(file, line, "maps other checks to \(control) than its catalogue")
      }
    }
    for item in served where !mapped.contains(where: { sameBytes($0.control, item.control) }) {
      add(item.file, item.line, "control \(item.control) is missing in \(file)")
    }
  }

  private mutating func lintUse(_ files: [String]) {
    for check in checks
    where !served.contains(where: { $0.checks.contains { sameBytes($0, check.id) } }) {
      add(files[0], 0, "check \(check.id) serves no control")
    }
  }
}

/// Names compared by their bytes.
private struct NameTable {
  private var names = Set<[UInt8]>()

  /// Whether the name was new.
  mutating func insert(_ name: String) -> Bool { names.insert(Array(name.utf8)).inserted }
}

func hasPrefix(_ text: String, _ prefix: String) -> Bool {
  text.utf8.starts(with: prefix.utf8)
}

func hasSuffix(_ text: String, _ suffix: String) -> Bool {
  text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
}

/// A YAML fault in words.
func describe(_ reason: YAMLError.Reason) -> String {
  switch reason {
  case .notUTF8: "is not UTF-8"
  case .syntax: "is no YAML"
  case .anchor: "uses an anchor"
  case .alias: "uses an alias"
  case .tag: "uses a tag"
  case .keyNotScalar: "has a key that is no text"
  case .duplicateKey: "has a key twice"
  case .empty: "is empty"
  case .tooLarge: "is too large"
  case .expected(let what): "expected \(what)"
  case .unknownKey(let key): "unknown key \(key)"
  case .missingKey(let key): "\(key) is missing"
  case .badValue(let key, let allowed): "\(key) must be \(allowed)"
  }
}
