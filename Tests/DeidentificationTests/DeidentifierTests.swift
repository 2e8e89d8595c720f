import MedaiCore
import MedaiTestSupport
import Settings
import SystemPackage
import Testing

@testable import Deidentification

@Suite struct DeidentifierTests {
  @Test func aTextKeepsEverythingButItsIdentifiers() throws {
    let tool = try deidentifier(policy("tag"))
    #expect(
      try tool.text("환자 홍길동은 2024-03-05 내원, 010-1234-5678")
        == "환자 [NAME]은 [DATE] 내원, [PHONE]")
    #expect(try tool.text("BP 120/80") == "BP 120/80")
    #expect(try tool.text("") == "")
  }

  @Test(arguments: [
    ("keep", "홍길동"), ("redact", "___"), ("tag", "[NAME]"), ("mask", "***"),
    ("mask, keep_first: 1", "홍**"), ("remove", ""),
  ])
  func everyActionDoesWhatItSays(action: String, expected: String) throws {
    #expect(try deidentifier(policy(action)).text("홍길동 내원") == expected + " 내원")
  }

  @Test func spansCountScalarsOfTheInput() throws {
    let source = try SourceText(Array("𝒜 환자 홍길동은 010-1234-5678".utf8))
    let result = try deidentifier(policy("surrogate")).redact(
      source, subject: Deidentifier.Subject(), withText: true)
    #expect(result.spans.map { [$0.start, $0.end] } == [[5, 8], [10, 23]])
    #expect(result.spans.map(\.text) == [Array("홍길동".utf8), Array("010-1234-5678".utf8)])
    let line = try parseJSON(result.spans[0].line(record: "H001"))
    #expect(line["type"]?.string == "NAME" && line["record"]?.string == "H001")
    #expect(line["action"]?.string == "surrogate" && line["field"]?.string == "/text")
  }

  @Test func particlesFollowTheInventedName() throws {
    let tool = try deidentifier(policy("surrogate"))
    for patient in 0..<30 {
      let text = try tool.text("홍길동이 왔다", patient: "\(patient)")
      let scalars = Array(text.unicodeScalars)
      let isOpen = (scalars[2].value - 0xAC00) % 28 == 0
      #expect(scalars[3] == (isOpen ? "가" : "이"), "\(text)")
    }
  }

  @Test func intervalsOfAPatientStayInEveryForm() throws {
    let tool = try deidentifier(policy("tag", [.date: "date-shift"]))
    for patient in 0..<50 {
      let text = try tool.text("2024-03-05, 2024.3.8, 3/5", patient: "\(patient)")
      let parts = text.split(separator: ", ").map(String.init)
      let first = parts[0].split(separator: "-").compactMap { Int($0) }
      let second = parts[1].split(separator: ".").compactMap { Int($0) }
      let start = try #require(CivilDate(year: first[0], month: first[1], day: first[2]))
      let end = try #require(CivilDate(year: second[0], month: second[1], day: second[2]))
      #expect(end.daysSinceEpoch - start.daysSinceEpoch == 3)
      let original = try #require(CivilDate(year: 2024, month: 3, day: 5))
      let shift = start.daysSinceEpoch - original.daysSinceEpoch
      #expect(shift != 0 && abs(shift) <= 365)
      #expect(parts[2] == "\(start.month)/\(start.day)")
    }
  }

  @Test func withoutAPatientTheDocumentMovesTheDates() throws {
    let tool = try deidentifier(policy("tag", [.date: "date-shift"]))
    let first = try tool.text("2024-03-05", patient: "", document: "a")
    let second = try tool.text("2024-03-05", patient: "", document: "b")
    #expect(first != "2024-03-05" && second != "2024-03-05" && first != second)
  }

  @Test func anotherKeyGivesOtherNames() throws {
    let other = try deidentifier(policy("surrogate"), key: [UInt8](1...32))
    let own = try deidentifier(policy("surrogate"))
    #expect(try other.text("20481173") != own.text("20481173"))
    #expect(try own.text("20481173") == own.text("20481173"))
    #expect(try own.text("20481173", patient: "P2") != own.text("20481173", patient: "P1"))
  }

  @Test func agesOfNinetyAndMoreAreOneClass() throws {
    let tool = try deidentifier(shippedPolicy("kr-research"))
    #expect(try tool.text("96세") == "90+세")
  }

  @Test func illFormedTextIsRefusedAtTheDoor() {
    #expect(throws: SourceTextError(offset: 3)) { _ = try SourceText([0x61, 0x62, 0x63, 0xFF]) }
  }
}

@Suite struct PolicyTests {
  @Test(arguments: ["kr-research", "kr-chat", "kr-imaging", "safe-harbor", "llm-corpus"])
  func shippedPoliciesReadAndNameTheirGround(name: String) throws {
    let policy = try shippedPolicy(name)
    #expect(policy.name == name)
    for type in IdentifierType.allCases { #expect(policy.rule(for: type).follows.utf8.count > 10) }
  }

  @Test func theSchemaNamesEveryType() throws {
    let path = repositoryRoot().appending("Guidelines/policies/policy.schema.json")
    let schema = try parseJSON(readFile(path))
    let rules = try #require(schema["properties"]?["rules"]?["properties"]?.object)
    #expect(rules.members.map(\.key) == IdentifierType.allCases.map(\.rawValue))
  }

  private func yaml(_ change: (String) -> String) -> [UInt8] {
    var text = "policy: t\ntitle: t\nrules:\n"
    for type in IdentifierType.allCases {
      text += "  \(type.rawValue): {action: tag, follows: x}\n"
    }
    return Array(change(text).utf8)
  }

  @Test(arguments: [
    ("policy: t", "policy: t\ncolour: red", 2), ("NAME: {action: tag", "NAMES: {action: tag", 4),
    ("RRN: {action: tag", "RRN: {action: delete", 5),
    ("RRN: {action: tag", "RRN: {action: keep, to: year", 5),
    ("NAME: {action: tag", "NAME: {action: date-shift", 4),
    ("DATE: {action: tag", "DATE: {action: generalise, to: decade", 16),
    ("AGE: {action: tag", "AGE: {action: generalise, to: band, years: 1", 17),
    ("NAME: {action: tag, follows: x}", "NAME: {action: tag}", 4),
    ("title: t", "title: t\ndate_shift: {days: 0}", 3), ("title: t", "title: t\npatient: yes", 3),
    ("title: t", "title: t\ndate_shift: {days: 30, whole_weeks: yes}", 3),
  ])
  func faultsAreRefusedWithTheirLine(old: String, new: String, line: Int) throws {
    let bytes = yaml { $0.replacing(old, with: new) }
    do throws(PolicyError) {
      _ = try Policy(yaml: bytes)
      Issue.record("accepted")
    } catch {
      guard case .invalid(let fault) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(fault.line == line, "\(fault)")
    }
  }

  @Test func aMissingTypeIsRefused() {
    let bytes = yaml { $0.replacing("  SNS: {action: tag, follows: x}\n", with: "") }
    #expect(throws: PolicyError.self) { _ = try Policy(yaml: bytes) }
    #expect(throws: PolicyError.unknown(name: "none")) {
      _ = try Policy.load("none", folder: nil)
    }
  }
}

@Suite struct PseudonymKeyTests {
  @Test func aNewKeyReadsBackAndIsForItsOwnerAlone() throws {
    try withScratchFolder { folder in
      let path = folder.appending("key")
      let made = try PseudonymKey.create(at: path)
      #expect(try PseudonymKey(file: path).id == made.id)
      #expect(try fileStatus(path).mode == 0o600)
      #expect(throws: PseudonymKeyError.exists) { _ = try PseudonymKey.create(at: path) }
    }
  }

  @Test func base64IsReadToo() throws {
    try withScratchFolder { folder in
      let path = folder.appending("key")
      let text = "medai-pseudonym-key-v1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
      try writeDurably(Array(text.utf8), to: path, permissions: [.ownerReadWrite])
      #expect(try PseudonymKey(file: path).id == PseudonymKey(bytes: testKey).id)
    }
  }

  @Test(arguments: [
    "", "medai-pseudonym-key-v1\n", "medai-pseudonym-key-v1\nabcd\n", "other\n00\n",
    "medai-pseudonym-key-v1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
  ])
  func brokenKeyFilesAreRefused(text: String) throws {
    try withScratchFolder { folder in
      let path = folder.appending("key")
      try writeDurably(Array(text.utf8), to: path, permissions: [.ownerReadWrite])
      #expect(throws: PseudonymKeyError.self) { _ = try PseudonymKey(file: path) }
    }
  }

  @Test func aKeyThatOthersCanReadIsRefused() throws {
    try withScratchFolder { folder in
      let path = folder.appending("key")
      try writeDurably([0x61], to: path)
      #expect(throws: PseudonymKeyError.readableByOthers(mode: 0o644)) {
        _ = try PseudonymKey(file: path)
      }
      #expect(throws: FileError.self) { _ = try PseudonymKey(file: folder.appending("none")) }
      #expect(throws: PseudonymKeyError.wrongSize(bytes: 3)) {
        _ = try PseudonymKey(bytes: [1, 2, 3])
      }
    }
  }
}
