import MedaiCore
import MedaiTestSupport
import Settings
import SystemPackage
import Testing

@testable import Deidentification

@Suite struct PolicyActionTests {
  @Test func encryptedNumbersKeepTheirFormAndComeBack() throws {
    let policy = try policy("tag", [.phone: "encrypt", .rrn: "encrypt", .mrn: "encrypt"])
    let tool = try deidentifier(policy)
    let text = try tool.text("010-1234-5678, 850315-1234567, 20481173")
    let parts = text.split(separator: ", ").map(String.init)
    let originals = ["010-1234-5678", "850315-1234567", "20481173"]
    let cipher = EncryptedValue(policy: policy, key: try PseudonymKey(bytes: testKey))
    for ((part, original), type) in zip(
      zip(parts, originals), [.phone, .rrn, .mrn] as [IdentifierType])
    {
      #expect(part != original)
      #expect(part.map { $0.isNumber ? "0" : $0 } == original.map { $0.isNumber ? "0" : $0 })
      let form = EncryptionForm(alphabet: .digits, minLength: 6)
      #expect(cipher.decrypted(Array(part.utf8), as: type, form) == Array(original.utf8))
    }
    // The same number for another patient: whoever joins by it still can.
    #expect(try tool.text("20481173", patient: "P2") == tool.text("20481173", patient: "P1"))
    let other = try deidentifier(policy, key: [UInt8](1...32))
    #expect(try other.text("20481173") != tool.text("20481173"))
  }

  @Test(arguments: ["12345", "1234-5", "ABC123456", "12345*", "１２３４５６", "홍길동123456", ""])
  func whatCannotBeEncryptedBecomesItsTag(value: String) throws {
    let policy = try policy("tag", [.id: "encrypt"])
    let cipher = EncryptedValue(policy: policy, key: try PseudonymKey(bytes: testKey))
    let form = EncryptionForm(alphabet: .digits, minLength: 6)
    #expect(cipher.encrypted(Array(value.utf8), as: .id, form) == nil)
    #expect(cipher.encrypted(Array("123456".utf8), as: .mrn, form) == nil)
    let replacer = Replacer(policy: policy, key: try PseudonymKey(bytes: testKey))
    let context = Replacer.Context()
    if value != "１２３４５６" {
      #expect(
        replacer.replacement(for: Array(value.utf8), type: .id, context: context)
          == Array("[ID]".utf8))
    }
  }

  @Test func lettersKeepTheirCase() throws {
    var text = "policy: t\ntitle: t\nrules:\n"
    for type in IdentifierType.allCases {
      let rule = type == .id ? "encrypt, alphabet: alphanumeric" : "tag"
      text += "  \(type.rawValue): {action: \(rule), follows: x}\n"
    }
    let policy = try Policy(yaml: Array(text.utf8))
    let cipher = EncryptedValue(policy: policy, key: try PseudonymKey(bytes: testKey))
    let form = EncryptionForm(alphabet: .alphanumeric, minLength: 4)
    let made = try #require(cipher.encrypted(Array("S24-12A45".utf8), as: .id, form))
    #expect(made[3] == UInt8(ascii: "-") && made != Array("S24-12A45".utf8))
    #expect(!made.contains { $0 &- 0x61 < 26 })
    #expect(cipher.decrypted(made, as: .id, form) == Array("S24-12A45".utf8))
    #expect(cipher.encrypted(Array("aB1234".utf8), as: .id, form) == nil)
    #expect(cipher.encrypted(Array("AB1".utf8), as: .id, form) == nil)
  }

  @Test(arguments: [
    ("MRN: {action: encrypt, min_length: 5", 9), ("MRN: {action: encrypt, alphabet: hex", 9),
    ("MRN: {action: encrypt, alphabet: alphanumeric, min_length: 3", 9),
    ("AGE: {action: encrypt", 17), ("LICENSE: {action: encrypt", 24), ("NAME: {action: encrypt", 4),
    ("MRN: {action: tag, min_length: 8", 9),
  ])
  func domainsBelowAMillionAreRefusedWithTheirLine(rule: String, line: Int) throws {
    let name = rule.prefix { $0 != ":" }
    var text = "policy: t\ntitle: t\nrules:\n"
    for type in IdentifierType.allCases {
      text +=
        type.rawValue == name
        ? "  \(rule), follows: x}\n"
        : "  \(type.rawValue): {action: tag, follows: x}\n"
    }
    do throws(PolicyError) {
      _ = try Policy(yaml: Array(text.utf8))
      Issue.record("accepted")
    } catch {
      guard case .invalid(let fault) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(fault.line == line, "\(fault)")
    }
  }

  @Test(arguments: [
    ("어제 왔다. 010-1234-5678 로 전화함. 다시 옴.", "어제 왔다. 다시 옴."),
    ("첫 줄\n연락처 010-1234-5678 홍길동\n셋째 줄", "첫 줄\n\n셋째 줄"),
    ("010-1234-5678", ""), ("BP 36.5 정상. 홍길동 내원.", "BP 36.5 정상. [NAME] 내원."),
    ("Dr. 홍길동 010-1234-5678! 끝", "끝"), ("가나? 010-1234-5678… 다라。 마바", "가나? 다라。 마바"),
    ("2024.3.8 홍길동 010-1234-5678\r\n2024.3.8", "\r\n[DATE]"),
    ("홍길동은 왔다. 010-1234-5678, 010-1234-5678. 홍길동이 갔다.", "[NAME]은 왔다. [NAME]이 갔다."),
  ])
  func sentencesGoWhole(text: String, expected: String) throws {
    let tool = try deidentifier(policy("tag", [.phone: "remove-sentence"]))
    #expect(try tool.text(text) == expected)
  }

  @Test func everythingInAGoneSentenceIsStillToldAsASpan() throws {
    let tool = try deidentifier(policy("tag", [.phone: "remove-sentence"]))
    let source = try SourceText(Array("환자 홍길동 010-1234-5678. 끝".utf8))
    let result = tool.redact(source, subject: Deidentifier.Subject())
    #expect(result.spans.map(\.action) == ["tag", "remove-sentence"])
    #expect(result.spans.allSatisfy { $0.replacement.isEmpty })
    #expect(String(decoding: result.text.bytes, as: UTF8.self) == "끝")
  }

  @Test func chatFollowsItsPlan() throws {
    let tool = try deidentifier(shippedPolicy("kr-chat"))
    let text = try tool.text("안녕하세요. 번호는 850315-1234567 입니다. 메일은 hong@a.co.kr 이요.")
    #expect(text.hasPrefix("안녕하세요. 메일은 EMAIL-"))
    #expect(!text.contains("번호는"))
    #expect(try tool.text("서울시 종로구 대학로 12 살아요\n네") == "\n네")
  }

  @Test func imagingFollowsItsPlan() throws {
    let tool = try deidentifier(shippedPolicy("kr-imaging"))
    let text = try tool.text("홍길동 20481173 2024-03-05 CT")
    #expect(text.hasPrefix("[NAME] MRN-") && text.hasSuffix(" 2024 CT"))
  }
}
