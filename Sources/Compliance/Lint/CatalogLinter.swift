internal import MedaiCore
internal import Settings

/// Collects the faults of one catalogue: what OSCAL's own validators let through as well.
struct CatalogLinter {
  let file: String
  /// The ids of the binary's checks.
  let checks: [String]
  private(set) var faults: [LintFault] = []
  private(set) var ids: [(name: String, line: Int)] = []
  private(set) var parameters: [(name: String, line: Int)] = []
  private(set) var uuids: [(name: String, line: Int)] = []
  private(set) var served: [(control: String, checks: [String], line: Int)] = []
  private var resources: [String] = []

  init(file: String, checks: [String]) {
    self.file = file
    self.checks = checks
  }

  /// Names that OSCAL itself gives to props in a catalogue.
  private static let oscalProps = ["label", "sort-id", "alt-identifier", "marking", "status"]
  /// Names that our namespace gives to props.
  private static let ownProps = [
    "title", "status", "notice", "source-number", "source-date", "source-key", "source-class",
    "strength", "conditional", "actor", "citation", "translates", "check-id", "label", "basis",
  ]
  private static let rmfNamespace = "http://csrc.nist.gov/ns/rmf"

  private mutating func add(_ node: YAMLNode, _ reason: String) {
    faults.append(LintFault(file: file, line: node.place.line, reason: reason))
  }

  private mutating func check(_ body: () throws(YAMLError) -> Void) {
    do throws(YAMLError) { try body() } catch {
      faults.append(LintFault(file: file, line: error.line, reason: describe(error.reason)))
    }
  }

  mutating func run(_ file: YAMLNode) {
    guard let root = file["catalog"] else {
      add(file, "catalog is missing")
      return
    }
    check { () throws(YAMLError) in
      try file.checked(allowed: ["catalog"])
      try root.checked(
        allowed: ["uuid", "metadata", "params", "groups", "back-matter"],
        required: ["uuid", "metadata"])
    }
    lintUUID(root)
    if let metadata = root["metadata"] { lintMetadata(metadata) }
    for resource in root[["back-matter", "resources"]]?.elements ?? [] {
      lintUUID(resource)
      lintProps(resource)
      if resource["title"] == nil { add(resource, "title is missing") }
      resources.append(resource["uuid"]?.text ?? "")
    }
    let common = lintParameters(root)
    var count = 0
    for group in root["groups"]?.elements ?? [] {
      check { () throws(YAMLError) in
        try group.checked(
          allowed: ["id", "title", "props", "controls"], required: ["id", "title", "controls"])
      }
      register(group)
      lintProps(group)
      needBoth(group)
      for control in group["controls"]?.elements ?? [] {
        count += 1
        lintControl(control, common)
      }
    }
    lintStatus(root, controls: count)
  }

  private mutating func lintMetadata(_ metadata: YAMLNode) {
    check { () throws(YAMLError) in
      try metadata.checked(
        allowed: ["title", "last-modified", "version", "oscal-version", "props", "remarks"],
        required: ["title", "last-modified", "version", "oscal-version", "props"])
    }
    if let version = metadata["oscal-version"], !sameBytes(version.text ?? "", "1.2.1") {
      add(version, "oscal-version must be 1.2.1")
    }
    if let moment = metadata["last-modified"], !isMoment(moment.text ?? "") {
      add(moment, "last-modified must be a time such as 2026-11-24T00:00:00Z")
    }
    lintProps(metadata)
    needBoth(metadata)
    for name in ["source-number", "source-date"] where metadata.props(name).isEmpty {
      add(metadata, "prop \(name) is missing")
    }
    for language in ["ko", "en"] where metadata.props("notice", class: language).isEmpty {
      add(metadata, "notice in \(language) is missing")
    }
    let words = "not verified against the guideline text"
    if let notice = metadata.props("notice", class: "en").first, !contains(notice, words) {
      add(metadata, "notice must say: \(words)")
    }
  }

  private mutating func lintStatus(_ root: YAMLNode, controls: Int) {
    guard let metadata = root["metadata"] else { return }
    let status = metadata.props("status").first ?? ""
    switch status {
    case "stub" where controls > 0: add(metadata, "a stub edition holds no controls")
    case "candidate" where controls == 0:
      add(metadata, "an edition without controls must be marked as stub")
    case "stub":
      if let notice = metadata.props("notice", class: "en").first, !contains(notice, "not read") {
        add(metadata, "a stub edition must say that it was not read")
      }
    case "candidate": break
    default: add(metadata, "status must be candidate or stub")
    }
  }

  private mutating func lintControl(_ control: YAMLNode, _ common: [String]) {
    check { () throws(YAMLError) in
      try control.checked(
        allowed: ["id", "class", "title", "params", "props", "links", "parts"],
        required: ["id", "title", "props", "parts"])
    }
    let id = control["id"]?.text ?? ""
    register(control)
    lintProps(control)
    needBoth(control)
    needWord(control, "strength", Strength.allCases.map(\.rawValue))
    needWord(control, "source-class", SourceClass.allCases.map(\.rawValue))
    for name in ["actor", "citation"] where control.props(name).isEmpty {
      add(control, "prop \(name) is missing")
    }
    for actor in control.props("actor") where Actor(rawValue: actor) == nil {
      add(control, "unknown actor \(actor)")
    }
    for link in control["links"]?.elements ?? [] { lintLink(link) }
    let known = common + lintParameters(control)
    var statements: [String] = []
    var translations: [String] = []
    var methods = 0
    for part in control["parts"]?.elements ?? [] {
      check { () throws(YAMLError) in
        try part.checked(
          allowed: ["id", "name", "ns", "class", "props", "prose"], required: ["id", "name"])
      }
      register(part)
      lintProps(part)
      if let prose = part["prose"] { lintInsertions(prose, known) }
      switch part["name"]?.text ?? "" {
      case "statement":
        statements.append(part["id"]?.text ?? "")
        if !(part["prose"]?.text ?? "").unicodeScalars.contains(where: isHangul) {
          add(part, "statement is not Korean")
        }
      case "translation":
        translations += part.props("translates")
        let prose = part["prose"]?.text ?? ""
        if prose.isEmpty || !prose.utf8.contains(where: { $0 | 0x20 &- 0x61 < 26 }) {
          add(part, "translation is not English")
        }
      case "assessment-method":
        methods += 1
        lintMethod(part, of: id)
      case "guidance", "assessment-objective": break
      default: add(part, "unknown part name")
      }
    }
    if statements.count != 1 { add(control, "needs exactly one statement") }
    if translations.count != 1 || !statements.elementsEqual(translations, by: sameBytes) {
      add(control, "needs one translation of its statement")
    }
    if methods == 0 { add(control, "has no assessment method") }
  }

  private mutating func lintMethod(_ part: YAMLNode, of control: String) {
    let method = (part["props"]?.elements ?? []).first {
      sameBytes($0["name"]?.text ?? "", "method")
        && sameBytes($0["ns"]?.text ?? "", Self.rmfNamespace)
    }
    guard let word = method?["value"]?.text, let known = Method(rawValue: word) else {
      add(part, "method must be TEST, EXAMINE or INTERVIEW")
      return
    }
    let served = part.props("check-id")
    if served.isEmpty { return }
    if known != .test { add(part, "only TEST is served by checks") }
    for id in served where !checks.contains(where: { sameBytes($0, id) }) {
      add(part, "unknown check \(id)")
    }
    self.served.append((control: control, checks: served, line: part.place.line))
  }

  private mutating func lintParameters(_ node: YAMLNode) -> [String] {
    var known: [String] = []
    for parameter in node["params"]?.elements ?? [] {
      check { () throws(YAMLError) in
        try parameter.checked(
          allowed: ["id", "label", "props", "values"], required: ["id", "label", "values"])
      }
      lintProps(parameter)
      let id = parameter["id"]?.text ?? ""
      parameters.append((id, parameter.place.line))
      if parameter["values"]?.elements?.count != 1 { add(parameter, "needs one value") }
      known.append(id)
    }
    return known
  }

  private mutating func lintInsertions(_ prose: YAMLNode, _ known: [String]) {
    var rest = Array((prose.text ?? "").utf8)[...]
    while let open = firstRange(of: "{{", in: rest) {
      guard let close = firstRange(of: "}}", in: rest[open.upperBound...]) else {
        add(prose, "an insertion is not closed")
        return
      }
      let inner = rest[open.upperBound..<close.lowerBound].filter { $0 != 0x20 }
      let prefix = Array("insert:param,".utf8)
      let name = String(decoding: inner.dropFirst(prefix.count), as: UTF8.self)
      if !inner.starts(with: prefix) || !known.contains(where: { sameBytes($0, name) }) {
        add(prose, "an insertion names no parameter of this control")
      }
      rest = rest[close.upperBound...]
    }
  }

  private mutating func lintLink(_ link: YAMLNode) {
    let href = link["href"]?.text ?? ""
    guard hasPrefix(href, "#") else { return }
    let target = String(decoding: href.utf8.dropFirst(), as: UTF8.self)
    if !resources.contains(where: { sameBytes($0, target) }) {
      add(link, "link leads nowhere")
    }
  }

  private mutating func lintProps(_ node: YAMLNode) {
    for prop in node["props"]?.elements ?? [] {
      check { () throws(YAMLError) in
        try prop.checked(
          allowed: ["name", "ns", "value", "class", "remarks"], required: ["name", "value"])
      }
      let name = prop["name"]?.text ?? ""
      let known: [String] =
        switch prop["ns"]?.text {
        case nil: Self.oscalProps
        case medaiNamespace?: Self.ownProps
        case Self.rmfNamespace?: ["method"]
        default: []
        }
      if !known.contains(where: { sameBytes($0, name) }) { add(prop, "unknown prop \(name)") }
      if (prop["value"]?.text ?? "").isEmpty { add(prop, "prop \(name) is empty") }
    }
  }

  private mutating func register(_ node: YAMLNode) {
    let id = node["id"]?.text ?? ""
    if !isToken(id) { add(node, "id is no token") }
    ids.append((id, node.place.line))
  }

  private mutating func lintUUID(_ node: YAMLNode) {
    let uuid = node["uuid"]?.text ?? ""
    if !isUUID(uuid) { add(node, "uuid is missing or malformed") }
    uuids.append((uuid, node.place.line))
  }

  private mutating func needBoth(_ node: YAMLNode) {
    if (node["title"]?.text ?? "").isEmpty { add(node, "title is missing") }
    if node.props("title", class: "en").isEmpty { add(node, "English title is missing") }
  }

  private mutating func needWord(_ node: YAMLNode, _ name: String, _ words: [String]) {
    let values = node.props(name)
    if values.count != 1 || !words.contains(where: { sameBytes($0, values[0]) }) {
      add(node, "\(name) must be one of \(words.joined(separator: ", "))")
    }
  }
}
