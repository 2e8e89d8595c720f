import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Deidentification

/// The JSON Schema beside the policies and the reader accept and refuse the same files.
@Suite struct PolicySchemaTests {
  /// A policy as fields of one line each, so that YAML and JSON can be written of the same thing.
  private struct Draft {
    var top: [(String, String)] = [("policy", "\"t\""), ("title", "\"t\"")]
    var rules: [(String, String)] = IdentifierType.allCases.map {
      ($0.rawValue, "{\"action\": \"tag\", \"follows\": \"x\"}")
    }

    /// JSON is YAML too: both readers get the very same bytes.
    var bytes: [UInt8] {
      let rules = self.rules.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ",\n")
      let top = self.top.map { "\"\($0.0)\": \($0.1)" } + ["\"rules\": {\(rules)}"]
      return Array("{\(top.joined(separator: ",\n"))}".utf8)
    }

    mutating func set(_ type: IdentifierType, _ rule: String) {
      for index in rules.indices where rules[index].0 == type.rawValue { rules[index].1 = rule }
    }
  }

  private let schema: Schema

  init() throws {
    let path = repositoryRoot().appending("Guidelines/policies/policy.schema.json")
    schema = Schema(root: try parseJSON(readFile(path)))
  }

  @discardableResult
  private func agree(_ draft: Draft, _ accepted: Bool?, _ what: String) throws -> Bool {
    let bySchema = schema.accepts(try parseJSON(draft.bytes))
    let byReader = (try? Policy(yaml: draft.bytes)) != nil
    #expect(bySchema == byReader, "schema \(bySchema), reader \(byReader): \(what)")
    if let accepted { #expect(byReader == accepted, "\(what)") }
    return byReader
  }

  @Test func everyActionOfEveryTypeIsJudgedAlike() throws {
    var accepted = 0
    let extras = [
      "", ", \"to\": \"90+\"", ", \"to\": \"band\"", ", \"to\": \"band\", \"years\": 5",
      ", \"to\": \"band\", \"years\": 1", ", \"to\": \"year\"", ", \"to\": \"month\"",
      ", \"to\": \"province\"", ", \"keep_first\": 2", ", \"keep_first\": 5", ", \"years\": 5",
      ", \"alphabet\": \"digits\"", ", \"alphabet\": \"alphanumeric\"", ", \"min_length\": 6",
      ", \"min_length\": 5", ", \"alphabet\": \"alphanumeric\", \"min_length\": 4",
      ", \"alphabet\": \"alphanumeric\", \"min_length\": 3", ", \"alphabet\": \"hex\"",
      ", \"min_length\": 129", ", \"colour\": 1",
    ]
    let actions = [
      "keep", "redact", "tag", "mask", "generalise", "date-shift", "surrogate", "token", "remove",
      "remove-sentence", "encrypt", "delete",
    ]
    for type in [.name, .mrn, .date, .age, .address] as [IdentifierType] {
      for action in actions {
        // Others take none of them; one shows it.
        let takes = ["tag", "mask", "generalise", "encrypt"].contains(action)
        for extra in takes ? extras[...] : extras.suffix(1) + [""] {
          var draft = Draft()
          let rule = "{\"action\": \"\(action)\"\(extra), \"follows\": \"x\"}"
          draft.set(type, rule)
          if try agree(draft, nil, "\(type.rawValue): \(rule)") { accepted += 1 }
        }
      }
    }
    #expect(accepted == 56)
  }

  @Test(arguments: [
    ("date_shift", "{\"days\": 30}", true), ("date_shift", "{\"days\": 6}", false),
    ("date_shift", "{\"whole_weeks\": true}", false), ("record_id", "\"keep\"", true),
    ("patient", "\"drop\"", false), ("untouched_fields", "[\"a\"]", true),
    ("untouched_fields", "[\"\"]", false), ("colour", "1", false),
    ("site", "{\"mrn_shapes\": [\"A-######\"], \"words\": {\"HOSPITAL\": [\"한빛\"]}}", true),
    ("site", "{\"mrn_shapes\": [\"A-\"]}", false),
    ("site", "{\"words\": {\"WARD\": [\"ab\"]}}", false),
    ("site", "{\"words\": {\"ORG\": [\"a\"]}}", false), ("site", "{\"other\": 1}", false),
    ("site", "{\"patterns\": [{\"type\": \"ID\", \"pattern\": \"Q[0-9]+\"}]}", true),
    ("site", "{\"patterns\": [{\"type\": \"ID\"}]}", false),
    ("site", "{\"patterns\": [{\"type\": \"WARD\", \"pattern\": \"a\"}]}", false),
    ("site", "{\"patterns\": [{\"type\": \"ID\", \"pattern\": \"\"}]}", false),
  ])
  func whatStandsBesideTheRulesIsJudgedAlike(key: String, value: String, good: Bool) throws {
    var draft = Draft()
    draft.top.append((key, value))
    try agree(draft, good, "\(key): \(value)")
  }

  @Test func aMissingTypeIsRefusedByBoth() throws {
    for index in IdentifierType.allCases.indices {
      var draft = Draft()
      draft.rules.remove(at: index)
      try agree(draft, false, "without \(IdentifierType.allCases[index].rawValue)")
    }
  }
}

/// As much of JSON Schema 2020-12 as the policy's schema uses; a word beyond that is an error.
private struct Schema {
  let root: JSONValue

  func accepts(_ value: JSONValue) -> Bool { accepts(value, root) }

  private func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
    guard let words = schema.object else { return false }
    return words.members.allSatisfy { holds(value, $0.key, $0.value, schema) }
  }

  private func holds(
    _ value: JSONValue, _ word: String, _ wanted: JSONValue, _ schema: JSONValue
  ) -> Bool {
    switch word {
    case "$schema", "$defs", "title", "description": return true
    case "$ref":
      guard let name = wanted.string?.split(separator: "/").last,
        let target = root["$defs"]?[String(name)]
      else { return false }
      return accepts(value, target)
    case "type":
      switch wanted.string {
      case "object": return value.object != nil
      case "array": return value.array != nil
      case "string": return value.string != nil
      case "boolean": return value.bool != nil
      case "integer": return value.int != nil
      default: return false
      }
    case "const": return value.encoded() == wanted.encoded()
    case "enum": return wanted.array?.contains { $0.encoded() == value.encoded() } ?? false
    case "oneOf": return wanted.array?.count { accepts(value, $0) } == 1
    case "required":
      return wanted.array?.allSatisfy { value[$0.string ?? ""] != nil } ?? false
    case "properties":
      return value.object?.members.allSatisfy { member in
        wanted[member.key].map { accepts(member.value, $0) } ?? true
      } ?? true
    case "additionalProperties":
      return value.object?.members.allSatisfy { schema["properties"]?[$0.key] != nil } ?? true
    case "items": return value.array?.allSatisfy { accepts($0, wanted) } ?? true
    case "minimum": return value.int.map { $0 >= wanted.int ?? 0 } ?? true
    case "maximum": return value.int.map { $0 <= wanted.int ?? 0 } ?? true
    case "minLength": return value.string.map { $0.unicodeScalars.count >= wanted.int ?? 0 } ?? true
    case "maxLength": return value.string.map { $0.unicodeScalars.count <= wanted.int ?? 0 } ?? true
    case "maxItems": return value.array.map { $0.count <= wanted.int ?? 0 } ?? true
    case "pattern": return value.string.map { $0.contains(wanted.string ?? "") } ?? true
    default:
      Issue.record("the schema uses \(word)")
      return false
    }
  }
}
