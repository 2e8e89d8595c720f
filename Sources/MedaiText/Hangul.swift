/// Arithmetic of precomposed Hangul syllables (Unicode 3.12).
package enum Hangul {
  /// Index of the final consonant, 0 where the syllable is open; `nil` for another scalar.
  package static func finalConsonant(of scalar: Unicode.Scalar) -> Int? {
    isHangulSyllable(scalar) ? Int(scalar.value - 0xAC00) % 28 : nil
  }

  /// Index of the final consonant ㄹ, after which 로 is written and not 으로.
  package static let finalRieul = 8

  /// Revised Romanization of one syllable as it is written in names, without assimilation.
  package static func romanized(_ scalar: Unicode.Scalar) -> String? {
    guard isHangulSyllable(scalar) else { return nil }
    let index = Int(scalar.value - 0xAC00)
    return initials[index / 588] + vowels[index % 588 / 28] + finals[index % 28]
  }

  private static let initials = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p",
    "h",
  ]
  private static let vowels = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we",
    "wi", "yu", "eu", "ui", "i",
  ]
  private static let finals = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p",
    "t", "t", "ng", "t", "t", "k", "t", "p", "t",
  ]
}
