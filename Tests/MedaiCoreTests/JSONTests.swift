import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@Test func ecmaScriptNumbers() {
  let cases: [(Double, String)] = [
    (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (333333333.33333329, "333333333.3333333"),
    (1e30, "1e+30"), (4.50, "4.5"), (2e-3, "0.002"), (1e-27, "1e-27"), (1e21, "1e+21"),
    (1e20, "100000000000000000000"), (1e-6, "0.000001"), (1e-7, "1e-7"), (123e-9, "1.23e-7"),
    (Double.leastNonzeroMagnitude, "5e-324"), (9007199254740992, "9007199254740992"), (0.1, "0.1"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (10, "10"), (1e5, "100000"),
  ]
  for (value, text) in cases { #expect(ecmaScriptNumber(value) == text) }
}

private func canonical(_ text: String) throws -> String {
  String(decoding: try parseJSON(Array(text.utf8)).encoded(.canonical), as: UTF8.self)
}

@Test(arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
func rfc8785Vectors(name: String) throws {
  let folder = goldenFolder().appending("jcs")
  let input = try readFile(folder.appending("\(name).input.json"))
  let output = try readFile(folder.appending("\(name).output.json"))
  #expect(try parseJSON(input).encoded(.canonical) == output)
  // The canonical form is its own canonical form.
  #expect(try parseJSON(output).encoded(.canonical) == output)
}

/// Keys that Swift's `==` merges, and orders in which Swift's sorting differs from UTF-16.
@Test func canonicalFormKeepsWhatSwiftWouldMerge() throws {
  let composed = "\u{AC00}"
  let decomposed = "\u{1100}\u{1161}"
  #expect(composed == decomposed)
  let text = "{\"\(composed)\":1,\"\(decomposed)\":2}"
  let value = try parseJSON(Array(text.utf8))
  #expect(value[composed]?.int == 1 && value[decomposed]?.int == 2)
  #expect(Array(try canonical(text).utf8) == Array("{\"\(decomposed)\":2,\"\(composed)\":1}".utf8))
  // U+1F600 is two UTF-16 units from D83D, so it comes before U+FB33.
  #expect(try canonical("{\"\u{FB33}\":1,\"\u{1F600}\":2}") == "{\"\u{1F600}\":2,\"\u{FB33}\":1}")
  #expect(
    try canonical(#"{"a":"\/","b":1e-7,"c":1.0,"d":-0}"#) == #"{"a":"/","b":1e-7,"c":1,"d":0}"#)
  #expect(
    try canonical(#"["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"]"#)
      == "[\"\u{20AC}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"]")
}

@Test(arguments: [
  (#"{"a":1,"a":2}"#, JSONError.Reason.duplicateName), (#"{"a":1,"\u0061":2}"#, .duplicateName),
  (#"["\ud800"]"#, .loneSurrogate), (#"["\ud800\u0041"]"#, .loneSurrogate),
  (#"["\udc00"]"#, .loneSurrogate), ("\u{FEFF}{}", .byteOrderMark), ("[1] 2", .trailingBytes),
  ("[01]", .unexpectedByte), ("[1.]", .invalidNumber), ("[-]", .invalidNumber),
  ("[+1]", .unexpectedByte), ("[.5]", .unexpectedByte), ("[1e]", .invalidNumber),
  ("[NaN]", .unexpectedByte), ("[1,]", .unexpectedByte), (#"{"a":1,}"#, .unexpectedByte),
  ("['a']", .unexpectedByte), ("[\"\u{1}\"]", .controlCharacter), (#"["\x"]"#, .invalidEscape),
  (#"["\u12g4"]"#, .invalidEscape), ("", .unexpectedEnd), ("[", .unexpectedEnd),
  ("{\"a\"}", .unexpectedByte), ("tru", .unexpectedEnd), ("truth", .unexpectedByte),
  (String(repeating: "[", count: 129), .tooDeep),
])
func strictReaderRefuses(text: String, reason: JSONError.Reason) {
  #expect(throws: JSONError.self) { try parseJSON(Array(text.utf8)) }
  do {
    _ = try parseJSON(Array(text.utf8))
  } catch {
    #expect(error.reason == reason, "\(text)")
  }
}

@Test(
  arguments: [
    [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xFF],
  ] as [[UInt8]])
func strictReaderRefusesBrokenUTF8(sequence: [UInt8]) {
  let error = #expect(throws: JSONError.self) {
    try parseJSON([0x5B, 0x22] + sequence + [0x22, 0x5D])
  }
  #expect(error?.reason == .invalidUTF8 && error?.offset == 1)
}

@Test func everyTruncationIsRefused() throws {
  let whole = Array(#"{"a":[1,-2.5e+3,true,null],"b":{"c":"\u00e9\n"}}"#.utf8)
  #expect(try parseJSON(whole)["a"]?.array?.count == 4)
  for count in 0..<whole.count {
    #expect(throws: JSONError.self) { try parseJSON(Array(whole[..<count])) }
  }
}

@Test func integersKeepTheirDigits() throws {
  let value = try parseJSON(Array("[9007199254740993,1.0,1e2,-0,18446744073709551616]".utf8))
  #expect(value.array?.map(\.int) == [9_007_199_254_740_993, nil, nil, 0, nil])
  #expect(
    String(decoding: value.encoded(), as: UTF8.self)
      == "[9007199254740993,1.0,1e2,-0,18446744073709551616]")
}
