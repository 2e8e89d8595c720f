import Auditing
import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

private func shipped() throws -> EventCatalog {
  try EventCatalog.load(repositoryRoot().pushing("Guidelines/events"))
}

private func json(_ text: String) throws -> JSONValue { try parseJSON(Array(text.utf8)) }

@Test func shippedSchemasLoad() throws {
  let types = try shipped().externalTypes.map(\.text)
  #expect(types == ["access-check", "external.access", "incident", "review"])
}

@Test func eventsOfOtherSystemsAreLogged() throws {
  try withScratchFolder { folder in
    let catalog = try shipped()
    var log = try openLog(folder, catalog: catalog)
    let token = digest("subject").hex
    let event = try catalog.event(
      name("external.access"),
      json(
        #"{"operation":"read","outcome":"success","count":1,"subject_token":"\#(token)","#
          + #""place":"ward-7","accessed_at":"2026-11-24T11:05:22.000000Z"}"#))
    let entry = try log.append(event).entry
    try log.close()
    let keys = [try testVerifier()]
    #expect(
      try verifyLog(folder: folder, trustedKeys: keys, catalog: catalog).verdict == .intact)
    var reader = try LogReader.open(folder: folder, catalog: catalog)
    let read = try reader.entry(entry)
    #expect(read.text("operation") == "read" && read.count("count") == 1)
    #expect(read.digest("subject_token")?.hex == token)
    #expect(read.schema == (try catalog.newest(name("external.access"))).digest)
    // Whoever lacks the schema can check the tree, but cannot say that the entry is sound.
    let blind = try verifyLog(folder: folder, trustedKeys: keys)
    #expect(blind.verdict == .incomplete)
    #expect(blind.problems.map(\.reason) == [.unknownType])
    // Another schema of the same name and version is not the one.
    let laxer = try EventSchema(
      file: Array(
        #"{"type":"external.access","v":1,"fields":[{"name":"operation","kind":"identifier","required":true}]}"#
          .utf8))
    let other = try verifyLog(
      folder: folder, trustedKeys: keys, catalog: EventCatalog.builtIn.adding([laxer]))
    #expect(other.verdict == .incomplete && other.problems.map(\.reason) == [.otherSchema])
  }
}

@Test(arguments: [
  ("{}", EventError.missingField("count")), ("[]", .notAnObject),
  (#"{"operation":"read","outcome":"success"}"#, .missingField("count")),
  (#"{"operation":"look","outcome":"success","count":1}"#, .wrongValue("operation")),
  (#"{"operation":"read","outcome":"success","count":-1}"#, .wrongValue("count")),
  (#"{"operation":"read","outcome":"success","count":1.0}"#, .wrongValue("count")),
  (#"{"operation":"read","outcome":"success","count":9007199254740992}"#, .wrongValue("count")),
  (#"{"operation":"read","outcome":"success","count":"1"}"#, .wrongValue("count")),
  (#"{"operation":"read","outcome":"success","count":null}"#, .wrongValue("count")),
  (#"{"operation":"read","outcome":"success","count":1,"note":"김철수"}"#, .unknownField),
  (#"{"operation":"read","outcome":"success","count":1,"place":"김철수"}"#, .wrongValue("place")),
  (
    #"{"operation":"read","outcome":"success","count":1,"place":"two words"}"#, .wrongValue("place")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"place":"900101-1234567"}"#,
    .looksPersonal("place")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"task":"x:9001011234567"}"#,
    .looksPersonal("task")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"task":"010-1234-5678"}"#,
    .looksPersonal("task")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"task":"900101:1234567"}"#,
    .looksPersonal("task")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"task":"7:900101--1234567.8"}"#,
    .looksPersonal("task")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"task":"+82-10-1234-5678"}"#,
    .looksPersonal("task")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"task":"x/82/010/1234/5678/3"}"#,
    .looksPersonal("task")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"subject_token":"ABC"}"#,
    .wrongValue("subject_token")
  ),
  (
    #"{"operation":"read","outcome":"success","count":1,"accessed_at":"2026-11-24"}"#,
    .wrongValue("accessed_at")
  ),
])
func wrongEventsOfOtherSystemsAreRefused(text: String, error: EventError) throws {
  let catalog = try shipped()
  #expect(throws: error) { try catalog.event(name("external.access"), json(text)) }
}

@Test func ownTypesCannotBeForged() throws {
  let catalog = try shipped()
  for type in EventType.allCases {
    #expect(throws: EventError.unknownType) { try catalog.event(type.identifier, json("{}")) }
  }
  for text in [
    "ward-7", "2026-11-24", "2026-11-24:0915", "82-7", "901301-1234567", "v1.2.3", "10.20.30.40",
    "a1b2c3d4-e5f6-7890-abcd-ef0123456789",
  ] {
    let value = try json(#"{"operation":"read","outcome":"success","count":1,"place":"\#(text)"}"#)
    #expect(throws: Never.self) { try catalog.event(name("external.access"), value) }
  }
}

@Test(arguments: [
  ("", SchemaError.json(offset: 0)), ("[]", .member("object")),
  (#"{"v":1,"fields":[]}"#, .member("type")),
  (#"{"type":"a b","v":1,"fields":[]}"#, .member("type")),
  (#"{"type":"a","v":0,"fields":[]}"#, .member("v")),
  (#"{"type":"a","v":1,"fields":[]}"#, .member("fields")),
  (#"{"type":"a","v":1,"more":1,"fields":[]}"#, .member("unknown")),
  (#"{"type":"a","v":1,"fields":[{"name":"A","kind":"count","required":true}]}"#, .name),
  (#"{"type":"a","v":1,"fields":[{"name":"a","kind":"text","required":true}]}"#, .member("kind")),
  (#"{"type":"a","v":1,"fields":[{"name":"a","kind":"count"}]}"#, .member("required")),
  (
    #"{"type":"a","v":1,"fields":[{"name":"a","kind":"choice","required":true}]}"#,
    .member("values")
  ),
  (
    #"{"type":"a","v":1,"fields":[{"name":"a","kind":"choice","required":true,"values":["a","a"]}]}"#,
    .member("values")
  ),
  (
    #"{"type":"a","v":1,"fields":[{"name":"a","kind":"count","required":true,"of":"count"}]}"#,
    .member("of")
  ),
  (
    #"{"type":"a","v":1,"fields":[{"name":"a","kind":"map","required":true,"of":"identifier"}]}"#,
    .member("of")
  ),
  (
    #"{"type":"a","v":1,"fields":[{"name":"a","kind":"list","required":true,"of":"list"}]}"#,
    .member("of")
  ),
  (
    #"{"type":"a","v":1,"fields":[{"name":"a","kind":"count","required":true},{"name":"a","kind":"count","required":true}]}"#,
    .duplicateField
  ),
])
func wrongSchemaFilesAreRefused(text: String, error: SchemaError) {
  #expect(throws: error) { try EventSchema(file: Array(text.utf8)) }
}

@Test func schemasOfOwnTypesCannotBeReplaced() throws {
  for type in ["log.open", "redact"] {
    for version in [1, 2] {
      let schema = try EventSchema(
        file: Array(
          #"{"type":"\#(type)","v":\#(version),"fields":[{"name":"a","kind":"count","required":true}]}"#
            .utf8))
      #expect(throws: SchemaError.taken(name(type))) { try EventCatalog.builtIn.adding([schema]) }
    }
  }
}
