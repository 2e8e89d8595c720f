import MedaiCore
import MedaiTestSupport
import MedaiText
import SystemPackage
import Testing

@testable import Deidentification

/// Texts that break tools: each gives the right spans or a clear error, and nothing passes unchecked.
@Suite struct HostileTextTests {
  private let tool: Deidentifier

  init() throws {
    tool = Deidentifier(
      policy: try policy("tag"), key: try PseudonymKey(bytes: testKey),
      detectors: detectors)
  }

  @Test(
    arguments: [
      ([0x61, 0xFF], 1), ([0xED, 0xA0, 0x80], 0), ([0xC0, 0xAF], 0), ([0xF4, 0x90, 0x80, 0x80], 0),
      ([0xEA, 0xB0], 0), ([0x80], 0),
    ] as [([UInt8], Int)])
  func illFormedUTF8IsRefusedAtItsOffset(bytes: [UInt8], offset: Int) {
    #expect(throws: SourceTextError(offset: offset)) { _ = try SourceText(bytes) }
  }

  @Test(arguments: [[0x80], [0xFF], [0xB0, 0x20], [0xB0]] as [[UInt8]])
  func illFormedCP949IsRefused(bytes: [UInt8]) {
    #expect(throws: SourceTextError.self) { _ = try SourceText(bytes, encoding: .cp949) }
  }

  @Test(arguments: [
    "환자\u{0}홍길동님 연락처\u{0}010-1234-5678",
    "\u{202E}연락처 010-1234-5678\u{202C}", "👨‍👩‍👧‍👦 010-1234-5678 👍🏽", "ㄱㅏㄴ ㅎㄱㄷ 010-1234-5678",
    "\u{1112}\u{1112}\u{11ab}\u{1161} 010-1234-5678", "010\u{200B}-1234\u{200B}-5678",
    "０１０－１２３４－５６７８", "010–1234–5678", "\u{FEFF}010-1234-5678",
    "\u{200F}010-1234-5678\u{200E}", "e\u{301}\u{301}\u{301} 010-1234-5678",
  ])
  func numbersAreFoundAmongOddCharacters(text: String) throws {
    let result = try tool.text(text)
    #expect(result.contains("[PHONE]"), "\(result)")
    #expect(!result.contains("5678") && !result.contains("５６７８"))
  }

  @Test func oddCharactersAloneComeBackAsTheyWere() throws {
    for text in [
      "\u{1112}\u{11ab}\u{1161}", "\u{202E}\u{202E}", "👩‍⚕️🏥", "\u{0}\u{0}", "ㄱㄴㄷ", "\u{FFFD}",
    ] {
      #expect(try tool.text(text) == text)
    }
  }

  /// One line of a third of a megabyte: the number at its end is found, and the time stays linear.
  @Test func aVeryLongLineIsReadToItsEnd() throws {
    let filler = String(repeating: "혈압정상소견없음 ", count: 12_000)
    let result = try tool.text(filler + "연락처 010-1234-5678")
    #expect(result.hasSuffix("[PHONE]"))
    let digits = try tool.text(String(repeating: "7", count: 200_000))
    #expect(digits.utf8.count <= 200_000 + 16)
  }

  @Test func aSentenceOfOneLongLineGoesInLinearTime() throws {
    let cutter = try deidentifier(policy("tag", [.phone: "remove-sentence"]))
    let line = String(repeating: "010-1234-5678 ", count: 2000)
    #expect(try cutter.text(line + "끝\n남음") == "\n남음")
  }
}
