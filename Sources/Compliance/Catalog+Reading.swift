internal import Cryptography
internal import MedaiCore
internal import Settings

extension Catalog {
  /// Reads a catalogue from its YAML value; faults are refused one at a time, `lint` lists all.
  init(_ file: YAMLNode, id: String) throws(YAMLError) {
    try file.checked(allowed: ["catalog"], required: ["catalog"])
    guard let root = file["catalog"] else { throw YAMLError(.missingKey("catalog"), line: 1) }
    try root.checked(
      allowed: ["uuid", "metadata", "params", "groups", "back-matter"],
      required: ["uuid", "metadata"])
    guard let metadata = root["metadata"] else {
      throw YAMLError(.missingKey("metadata"), line: root.place.line)
    }
    self.id = id
    title = try metadata.requiredText("title")
    edition = try metadata.requiredText("version")
    titleEnglish = try metadata.requiredProp("title", class: "en")
    notice = try metadata.requiredProp("notice", class: "ko")
    noticeEnglish = try metadata.requiredProp("notice", class: "en")
    isStub = sameBytes(try metadata.requiredProp("status"), "stub")
    sha256 = Cryptography.sha256(file.json.encoded(.canonical))
    var parameters = try Catalog.parameters(of: root)
    var groups: [ControlGroup] = []
    var controls: [Control] = []
    for node in try root["groups"] == nil ? [] : root.requiredList("groups") {
      try node.checked(
        allowed: ["id", "title", "props", "controls"], required: ["id", "title", "controls"])
      let group = ControlGroup(
        id: try node.requiredText("id"), title: try node.requiredText("title"),
        titleEnglish: try node.requiredProp("title", class: "en"))
      groups.append(group)
      for control in try node.requiredList("controls") {
        controls.append(try Control(control, group: group.id))
        parameters += try Catalog.parameters(of: control)
      }
    }
    self.groups = groups
    self.controls = controls
    self.parameters = parameters
  }

  private static func parameters(of node: YAMLNode) throws(YAMLError) -> [CatalogParameter] {
    var parameters: [CatalogParameter] = []
    for parameter in try node["params"] == nil ? [] : node.requiredList("params") {
      let values = try parameter.requiredList("values")
      guard values.count == 1, let value = values[0].text else {
        throw YAMLError(.expected("one value"), line: parameter.place.line)
      }
      parameters.append(CatalogParameter(id: try parameter.requiredText("id"), value: value))
    }
    return parameters
  }
}

extension Control {
  init(_ node: YAMLNode, group: String) throws(YAMLError) {
    try node.checked(
      allowed: ["id", "class", "title", "params", "props", "links", "parts"],
      required: ["id", "title", "props", "parts"])
    id = try node.requiredText("id")
    line = node.place.line
    self.group = group
    title = try node.requiredText("title")
    titleEnglish = try node.requiredProp("title", class: "en")
    let strength = try node.requiredProp("strength")
    let source = try node.requiredProp("source-class")
    guard let strength = Strength(rawValue: strength), let source = SourceClass(rawValue: source)
    else { throw YAMLError(.expected("known strength and source class"), line: line) }
    self.strength = strength
    self.source = source
    isConditional = node.props("conditional").contains { sameBytes($0, "yes") }
    var actors: [Actor] = []
    for word in node.props("actor") {
      guard let actor = Actor(rawValue: word) else {
        throw YAMLError(.expected("known actor"), line: line)
      }
      actors.append(actor)
    }
    self.actors = actors
    citations = node.props("citation")
    var statement: String?
    var translation: String?
    var methods: [Method] = []
    var checks: [String] = []
    for part in try node.requiredList("parts") {
      switch try part.requiredText("name") {
      case "statement": statement = try part.requiredText("prose")
      case "translation": translation = try part.requiredText("prose")
      case "assessment-method":
        guard let method = Method(rawValue: try part.requiredProp("method")) else {
          throw YAMLError(.expected("known method"), line: part.place.line)
        }
        methods.append(method)
        checks += part.props("check-id")
      default: break
      }
    }
    guard let statement, let translation else {
      throw YAMLError(.missingKey("statement in both languages"), line: line)
    }
    self.statement = statement
    self.statementEnglish = translation
    self.methods = methods
    self.checks = checks
  }
}

extension YAMLNode {
  /// The values of props of a name, in order.
  func props(_ name: String, class kind: String? = nil) -> [String] {
    (self["props"]?.elements ?? []).filter { prop in
      guard let text = prop["name"]?.text, sameBytes(text, name) else { return false }
      guard let kind else { return true }
      return prop["class"]?.text.map { sameBytes($0, kind) } ?? false
    }.compactMap { $0["value"]?.text }
  }

  func requiredProp(_ name: String, class kind: String? = nil) throws(YAMLError) -> String {
    guard let value = props(name, class: kind).first else {
      throw YAMLError(.missingKey("prop \(name)"), line: place.line)
    }
    return value
  }
}
