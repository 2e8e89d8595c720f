import MedaiCore
import Settings
import Testing

private func yaml(_ text: String) throws -> YAMLNode { try parseYAML(Array(text.utf8)) }

@Test func scalarsStayText() throws {
  let node = try yaml("a: 1.10\nb: no\nc: 010\nd: 2025-01-24\ne: ~\n")
  #expect(
    ["a", "b", "c", "d", "e"].map { node[$0]?.text } == ["1.10", "no", "010", "2025-01-24", "~"])
}

@Test(
  arguments: [
    ("a: &x 1\nb: 2\n", YAMLError.Reason.anchor, 1),
    ("a: 1\nb: &x [1]\n", .anchor, 2),
    ("a: &x 1\nb: *x\n", .anchor, 1),
    ("a: !!int 1\n", .tag, 1),
    ("a: 1\nb: !mine {c: 1}\n", .tag, 2),
    ("a: !!seq [1]\n", .tag, 1),
    ("a: 1\na: 2\n", .duplicateKey, 0),
    ("", .empty, 0),
    ("? [1, 2]\n: 3\n", .keyNotScalar, 1),
  ] as [(String, YAMLError.Reason, Int)])
func refusedYAML(text: String, reason: YAMLError.Reason, line: Int) {
  #expect(throws: YAMLError(reason, line: line)) { try yaml(text) }
}

@Test func syntaxErrorsNameTheirLine() {
  let error = #expect(throws: YAMLError.self) { try yaml("a: 1\nb: [1, 2\nc: 3\n") }
  #expect(error?.reason == .syntax)
  #expect((error?.line ?? 0) >= 2)
}

@Test func bytesThatAreNoUTF8AreRefused() {
  #expect(throws: YAMLError(.notUTF8, line: 0)) { try parseYAML([0x61, 0x3A, 0x20, 0xFF]) }
  #expect(throws: YAMLError(.tooLarge, line: 0)) { try parseYAML([0x61, 0x62], maxBytes: 1) }
}

@Test func aliasBombIsRefusedBeforeItGrows() {
  let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
  #expect(throws: YAMLError.self) { try yaml(bomb) }
}

private let shape = YAMLShape.map([
  YAMLField("name", .text, required: true), YAMLField("count", .integer(1...10)),
  YAMLField("value", .decimal), YAMLField("on", .bool), YAMLField("kind", .word(["a", "b"])),
  YAMLField("digest", .sha256), YAMLField("day", .date), YAMLField("items", .list(.text)),
])

@Test func aFullMappingHasItsShape() throws {
  let digest = String(repeating: "0a", count: 32)
  try yaml(
    "name: x\ncount: 10\nvalue: 0.862\non: false\nkind: b\ndigest: \(digest)\nday: 2024-02-29\nitems: [p, q]\n"
  ).checked(against: shape)
}

@Test(
  arguments: [
    ("count: 1\n", YAMLError.Reason.missingKey("name"), 1),
    ("name: x\nnmae: y\n", .unknownKey("nmae"), 2),
    ("name: ' '\n", .expected("text"), 1),
    ("name: x\ncount: 11\n", .expected("integer from 1 to 10"), 2),
    ("name: x\ncount: 1.0\n", .expected("integer"), 2),
    ("name: x\ncount: 01\n", .expected("integer"), 2),
    ("name: x\nvalue: .5\n", .expected("decimal number"), 2),
    ("name: x\nvalue: 1e3\n", .expected("decimal number"), 2),
    ("name: x\nvalue: nan\n", .expected("decimal number"), 2),
    ("name: x\non: yes\n", .expected("true or false"), 2),
    ("name: x\nkind: c\n", .expected("one of a, b"), 2),
    ("name: x\ndigest: 0A\n", .expected("SHA-256 in lower-case hexadecimal"), 2),
    ("name: x\nday: 2023-02-29\n", .expected("day such as 2026-11-24"), 2),
    ("name: x\nday: 2023-2-9\n", .expected("day such as 2026-11-24"), 2),
    ("name: x\nitems: p\n", .expected("list"), 2),
    ("name: x\nitems:\n  - p\n  - []\n", .expected("text"), 4),
    ("- name\n", .expected("mapping"), 1),
  ] as [(String, YAMLError.Reason, Int)])
func shapeFaultsNameTheirLine(text: String, reason: YAMLError.Reason, line: Int) {
  #expect(throws: YAMLError(reason, line: line)) { try yaml(text).checked(against: shape) }
}

@Test func jsonFormIgnoresLayoutAndKeepsDigits() throws {
  let left = try yaml("# comment\nb: [1.10, x]\na: {k: v}\n").json.encoded(.canonical)
  let right = try yaml("a:\n  k: v\nb:\n  - '1.10'\n  - x\n").json.encoded(.canonical)
  #expect(left == right)
  #expect(String(decoding: left, as: UTF8.self) == #"{"a":{"k":"v"},"b":["1.10","x"]}"#)
}

@Test func schemaDemandsWhatTheReaderDemands() {
  let schema = shape.jsonSchema
  #expect(schema["required"]?.array?.compactMap(\.string) == ["name"])
  #expect(schema["additionalProperties"]?.bool == false)
  #expect(schema["properties"]?.object?.members.count == 8)
}
