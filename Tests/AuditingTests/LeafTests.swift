import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

private func entry(_ event: Event, schema: Digest? = nil) -> LogEntry {
  LogEntry(
    sequence: 9, origin: testOrigin,
    id: uuidV7(Timestamp(microseconds: 1_795_512_000_000_000), random: [UInt8](0..<10)),
    time: Timestamp(microseconds: 1_795_512_000_000_000), boot: name("boot"),
    monotonicMicroseconds: 42, actor: LogActor(role: name("tester")),
    tool: LogTool(version: name("1.0"), sha256: digest("tool")), event: event, schema: schema)
}

// A global cannot throw, and the test key is fixed.
// swift-format-ignore: NeverUseForceTry
private let allEvents =
  [deidBegin(), deidBegin(resumes: 1), examBegin, generateBegin]
  + everyEvent(deid: 0, exam: 1, generate: 2)
  + [
    .clockStep(
      old: Timestamp(microseconds: 5), new: Timestamp(microseconds: 1)),
    .keyRotate(oldKey: digest("a"), newKey: digest("b"), reason: .scheduled),
    .logClose(reason: .retirement),
    .replayRun(
      size: 9, root: digest("root"), choice: .entry, same: 1, different: 0, cannot: 1,
      causes: [(name("model-missing"), 1)], results: digest("results"), exitStatus: 2, entry: 3),
    .vaultOpen(
      keyID: name("0123456789abcdef"), purpose: .replay, size: 9, choice: .sample, sample: 2,
      seed: DecimalText(7)),
    .reidentifyReveal(
      keyID: name("0123456789abcdef"), subject: digest("token"), reason: name("follow-up"),
      approval: name("IRB-1")),
    .reidentifyErase(keyID: name("0123456789abcdef"), scope: .all, reason: name("end-of-study")),
    Event.logOpen(key: try! testKey().publicKey, follows: nil, schemas: []),
  ]

@Test func everyTypeHasAnEvent() {
  #expect(Set(allEvents.map(\.type.text)) == Set(EventType.allCases.map(\.rawValue)))
}

@Test(arguments: allEvents)
func leavesAreCanonicalAndRoundTrip(event: Event) throws {
  let schema = try EventCatalog.builtIn.schema(event.type, version: 1)
  try schema.check(event.fields)
  let bytes = encodeLeaf(entry(event))
  #expect(try parseJSON(bytes).encoded(.canonical) == bytes)
  #expect(try decodeLeaf(bytes, catalog: .builtIn) == entry(event))
  for count in 0..<bytes.count {
    #expect(throws: LeafError.self) { try decodeLeaf(Array(bytes[..<count]), catalog: .builtIn) }
  }
}

/// Whatever a flipped bit makes of a leaf, it is refused or is another leaf in its only form.
@Test func aLeafHasOneForm() throws {
  for event in [deidFile(begin: 3), examBegin] {
    let bytes = encodeLeaf(entry(event))
    for bit in 0..<(8 * bytes.count) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      guard let other = try? decodeLeaf(flipped, catalog: .builtIn) else { continue }
      #expect(encodeLeaf(other) == flipped)
      #expect(try parseJSON(flipped).encoded(.canonical) == flipped)
    }
  }
}

@Test func leavesThatBreakTheFormAreRefused() throws {
  let text = String(decoding: encodeLeaf(entry(deidEnd(begin: 3))), as: UTF8.self)
  func replacing(_ old: String, _ new: String) -> LeafError? {
    let range = text.firstRange(of: old)
    var changed = text
    guard let range else {
      Issue.record("no such text: \(old)")
      return nil
    }
    changed.replaceSubrange(range, with: new)
    do {
      _ = try decodeLeaf(Array(changed.utf8), catalog: .builtIn)
      return nil
    } catch {
      return error
    }
  }
  func isMalformed(_ error: LeafError?) -> Bool {
    if case .malformed = error { true } else { false }
  }
  // Common fields.
  for (old, new) in [
    ("{\"actor\"", " {\"actor\""), ("{\"actor\"", "\u{FEFF}{\"actor\""),
    ("\"seq\":9", "\"seq\":09"),
    ("\"seq\":9", "\"seq\":9.0"), ("\"seq\":9", "\"seq\":-9"), ("\"seq\":9", "\"seq\":null"),
    ("\"seq\":9", "\"seq\":9007199254740992"), ("\"seq\":9", "\"seq\":\"9\""),
    ("\"seq\":9", "\"seq\":9,\"seq\":9"), ("\"tester\"", "\"te ster\""),
    ("\"tester\"", "\"\u{AC00}\""), ("\"tester\"", "\"\u{1100}\u{1161}\""), ("\"tester\"", "\"\""),
    ("\"tester\"", "\"\\u0074ester\""), ("2026-", "2026/"), ("-7", "-6"), ("\"v\":1", "\"v\":1.5"),
    ("}}", "}} "), ("}}", "},\"x\":1}"), ("\"log\"", "\"lag\""), ("\"clock\"", "\"clocl\""),
  ] {
    #expect(isMalformed(replacing(old, new)), "\(new)")
  }
  #expect(replacing("deid.run.end", "deid.run.fin") == .unknownType)
  #expect(replacing("\"v\":1", "\"v\":2") == .unknownVersion)
  #expect(replacing("\"pair\":3,", "") == .schema(.wrongPair))
  #expect(replacing("\"seq\"", "\"schema\":\"\(digest("x").hex)\",\"seq\"") == .otherSchema)
  // Fields of the schema.
  #expect(replacing("\"files\":1,", "") == .schema(.missingField("files")))
  #expect(replacing("\"files\":1,", "\"files\":1,\"free\":1,") != nil)
  #expect(replacing("\"records\":10", "\"records\":10,\"residual\":{\"a\":1.5}") != nil)
  #expect(replacing("\"completed\"", "\"finished\"") == .schema(.wrongValue("outcome")))
  #expect(isMalformed(replacing("{\"NAME\":5,\"RRN\":1}", "{\"RRN\":1,\"NAME\":5}")))
  #expect(isMalformed(replacing("{\"NAME\":5,\"RRN\":1}", "{\"NAME\":5,\"NAME\":5}")))
  #expect(isMalformed(replacing("{\"NAME\":5,\"RRN\":1}", "{\"a b\":5}")))
  #expect(isMalformed(replacing(digest("manifest").hex, digest("manifest").hex.uppercased())))
  #expect(replacing("{\"NAME\":5,\"RRN\":1}", "{}") == nil)
  let long = [UInt8](repeating: 0x20, count: maxLeafBytes + 1)
  #expect(throws: LeafError.tooLong) { try decodeLeaf(long, catalog: .builtIn) }
}

@Test func eventsOutsideTheirSchemaAreNotWritten() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    let begin = try log.append(deidBegin()).entry
    let size = log.checkpoint.size
    let wrong: [(Event, EventError)] = [
      (deidEnd(begin: 0), .wrongPair), (deidEnd(begin: 99), .wrongPair),
      (deidEnd(begin: -1), .wrongPair), (deidBegin(resumes: 0), .wrongPair),
      (.redact(entries: [-1], reason: .error, basis: name("x")), .wrongValue("entries")),
      (
        .redact(entries: [Int](repeating: 1, count: 4097), reason: .error, basis: name("x")),
        .wrongValue("entries")
      ),
      (Event(name("no.such"), []), .unknownType),
      (Event(name("redact"), version: 2, []), .unknownVersion(2)),
      (
        Event(.redact, [("entries", .list([])), ("basis", .identifier(name("x")))]),
        .missingField("reason")
      ),
      (Event(.clockStep, [("old", .count(1)), ("new", .count(1))]), .wrongValue("new")),
      (
        Event(.logClose, [("reason", .choice("retirement")), ("why", .identifier(name("x")))]),
        .unknownField
      ),
    ]
    for (event, error) in wrong {
      do {
        // A good event beside a bad one is not written either.
        _ = try log.append([deidFile(begin: begin), event])
        Issue.record("\(event.type) was written")
      } catch {
        guard case .event(let found, index: 1) = error as? AuditLogError else {
          Issue.record("\(error)")
          continue
        }
        _ = found
      }
      do { _ = try log.append(event) } catch let found as AuditLogError {
        #expect(found == .event(error, index: 0))
      }
      #expect(log.checkpoint.size == size)
    }
    let big = (0..<3000).map { (name("type-\($0)-with-a-rather-long-name"), $0) }
    do {
      _ = try log.append(
        .checkRun(
          outputs: digest("o"), records: 1, guidelines: [], checks: [], verdicts: big,
          egress: .none, exitStatus: 0))
      Issue.record("a leaf that is too long was written")
    } catch AuditLogError.event(.tooLong(let bytes), index: 0) {
      #expect(bytes > maxLeafBytes)
    }
    try log.close()
    #expect(try verify(folder).verdict == .intact)
  }
}

@Test func identifiersAndDecimalsHaveOneForm() {
  for text in ["a", "medai.local/audit", "A-Z_0:9+x", String(repeating: "a", count: 128)] {
    #expect(Identifier(text)?.text == text)
  }
  for text in [
    "", " ", "a b", "a\n", "\u{AC00}", "caf\u{E9}", "a\"b", "a\\b", "a,b", "a;b", "a@b", "<a>",
    String(repeating: "a", count: 129), "a\u{0}",
  ] {
    #expect(Identifier(text) == nil, "\(text.debugDescription)")
  }
  #expect(Identifier(replacingOthersIn: "모델 7B.gguf").text == "_______7B.gguf")
  for text in ["0", "1", "-1", "0.5", "-0.5", "10.00", "18446744073709551615", "0.0"] {
    #expect(DecimalText(text)?.text == text)
  }
  for text in [
    "", "-", "-0", "-0.0", "01", "1.", ".5", "+1", "1e5", "1.2.3", " 1", "NaN", "\u{0661}",
    String(repeating: "1", count: 41),
  ] {
    #expect(DecimalText(text) == nil, "\(text)")
  }
  #expect(DecimalText(0.86206, decimals: 4).text == "0.8621")
}

@Test func schemasAreFinal() throws {
  let lines = EventCatalog.builtIn.schemas.map {
    "\($0.type.text) \($0.version) \($0.digest.hex)\n"
  }
  try expectGolden(lines.joined(), "schemas.txt")
}

/// Compares with a golden file; `MEDAI_RECORD_GOLDEN=1` writes it and fails the run.
func expectGolden(_ text: String, _ file: String) throws {
  let path = goldenFolder().pushing(FilePath(file))
  if environmentVariable("MEDAI_RECORD_GOLDEN") != nil {
    try createFolder(path.removingLastComponent())
    try writeDurably(Array(text.utf8), to: path)
    Issue.record("recorded \(file)")
  }
  #expect(try readFile(path) == Array(text.utf8), "\(file)")
}
