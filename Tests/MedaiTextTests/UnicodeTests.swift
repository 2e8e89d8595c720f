import Foundation
import MedaiText
import Testing

@Suite struct NormalizationTests {
  @Test(arguments: ["홍길동 환자", "각", "e\u{301}", "\u{212B}", "a\u{0323}\u{0307}"])
  func composesAsFoundationDoes(text: String) {
    let expected = Array(text.precomposedStringWithCanonicalMapping.utf8)
    let decomposed = Array(text.decomposedStringWithCanonicalMapping.utf8)
    #expect(nfc(decomposed) == expected)
    #expect(nfc(Array(text.utf8)) == expected)
    #expect(isNFC(expected))
    #expect(nfcWithOffsets(decomposed).bytes == expected)
  }

  @Test func anOpenSyllableTakesAFinalConsonant() {
    // UAX #15 section 3.12: LV and T compose, which Foundation leaves apart.
    #expect(nfc(Array("가\u{11A8}x".utf8)) == Array("각x".utf8))
    #expect(nfcWithOffsets(Array("b가\u{11A8}x".utf8)).map.original(of: 1..<4) == 1..<7)
  }

  @Test func offsetsLeadBackToTheDecomposedText() {
    let text =
      Array("환자 ".utf8) + Array("홍길동".decomposedStringWithCanonicalMapping.utf8)
      + Array("님 ok".utf8)
    let (composed, map) = nfcWithOffsets(text)
    #expect(composed == Array("환자 홍길동님 ok".utf8))
    let name = map.original(of: 7..<16)
    #expect(nfc(Array(text[name])) == Array("홍길동".utf8))
    #expect(map.original(of: 0..<6) == 0..<6)
    #expect(map.original(of: composed.count - 2..<composed.count) == text.count - 2..<text.count)
  }

  @Test func everyScalarTheQuickCheckPassesIsUnchangedByTheSlowPath() {
    for value in UInt32(0)...0xFFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      let slow = Array(text.precomposedStringWithCanonicalMapping.utf8)
      if nfc(Array(text.utf8)) != slow { Issue.record("U+\(String(value, radix: 16))") }
    }
  }
}

@Suite struct ScalarClassTests {
  @Test func classesFollowTheGeneralCategory() {
    #expect(isLetter("가") && isLetter("z") && isLetter("ß") && isLetter("漢") && !isLetter("1"))
    #expect(isNumber("5") && isNumber("½") && isNumber("Ⅳ") && !isNumber("a"))
    #expect(isSpace(" ") && isSpace("\u{3000}") && isSpace("\u{A0}") && !isSpace("\u{200B}"))
    #expect(isPunctuation("·") && isPunctuation("「") && isSymbol("₩") && isMark("\u{301}"))
    #expect(generalCategory("가") == "Lo" && generalCategory("A") == "Lu")
    #expect(combiningClass("\u{301}") == 230)
    #expect(unicodeVersion().split(separator: ".").count == 3)
  }

  @Test func syllablesComeApart() {
    #expect(Hangul.finalConsonant(of: "김") != 0 && Hangul.finalConsonant(of: "이") == 0)
    #expect(Hangul.finalConsonant(of: "일") == Hangul.finalRieul)
    #expect(Hangul.romanized("길") == "gil" && Hangul.romanized("동") == "dong")
    #expect(Hangul.romanized("a") == nil)
  }

  @Test func scalarsAreCountedForward() {
    let text = Array("가a나".utf8)
    var counter = ScalarCounter()
    #expect(counter.scalars(before: 3, in: text) == 1)
    #expect(counter.scalars(before: 7, in: text) == 3)
    #expect(scalars(of: text) == ["가", "a", "나"])
    #expect(utf8Bytes(of: scalars(of: text)) == text)
  }
}
