internal import MedaiText

/// Makes the particle after a replaced word agree with the word's new ending.
enum Particle {
  /// What the word before a particle ends in.
  enum Ending { case open, rieul, closed }

  /// The ending of a text whose last scalar is a Hangul syllable.
  static func ending(of text: [UInt8]) -> Ending? {
    guard let last = scalars(of: text.suffix(while: 4)).last,
      let final = Hangul.finalConsonant(of: last)
    else { return nil }
    return final == 0 ? .open : final == Hangul.finalRieul ? .rieul : .closed
  }

  /// Pairs for a closed and an open syllable, longer ones first; `true` where more may follow
  /// directly.
  private static let pairs: [(closed: String, open: String, mayGoOn: Bool)] = [
    ("이라고", "라고", true), ("이라는", "라는", true), ("이라면", "라면", true),
    ("이에요", "예요", true), ("이었", "였", true), ("이여서", "여서", true), ("이랑", "랑", true),
    ("이며", "며", false), ("이고", "고", false), ("이나", "나", false), ("이라", "라", false),
    ("으로", "로", true), ("은", "는", false), ("이", "가", false), ("을", "를", false),
    ("과", "와", true), ("아", "야", false),
  ]

  /// What may follow the 이 that speakers put after a given name: 서준이가, 서준이는.
  private static let afterNameI = ["가", "는", "를", "도", "랑", "한테", "의", "만", "와", "에게", "네"]

  /// The particle to write instead of the one that stands there.
  ///
  /// - Parameters:
  ///   - text: The whole text.
  ///   - offset: Where the replaced word ends.
  ///   - old: Ending of the word that stood there.
  ///   - new: Ending of the word that stands there now.
  /// - Returns: How many bytes are taken away and what is put there; `nil` to leave the text be.
  static func repair(
    in text: [UInt8], at offset: Int, from old: Ending, to new: Ending
  ) -> (taken: Int, written: [UInt8])? {
    if old == new { return nil }
    let rest = text[offset...]
    if old != .open, rest.starts(with: "이".utf8) {
      let after = rest.dropFirst(3)
      for follower in afterNameI where after.starts(with: follower.utf8) {
        guard isBoundary(in: text, at: offset + 3 + follower.utf8.count) else { continue }
        return new == .open ? (3, []) : nil
      }
    }
    for pair in pairs {
      let isRo = pair.open.utf8.elementsEqual("로".utf8)
      let oldForm = form(pair, of: old, isRo: isRo)
      guard rest.starts(with: oldForm.utf8) else { continue }
      let end = offset + oldForm.utf8.count
      guard pair.mayGoOn || isBoundary(in: text, at: end) else { continue }
      let newForm = form(pair, of: new, isRo: isRo)
      return newForm.utf8.elementsEqual(oldForm.utf8)
        ? nil : (oldForm.utf8.count, Array(newForm.utf8))
    }
    return nil
  }

  private static func form(
    _ pair: (closed: String, open: String, mayGoOn: Bool), of ending: Ending, isRo: Bool
  ) -> String {
    switch ending {
    case .open: pair.open
    case .rieul: isRo ? pair.open : pair.closed
    case .closed: pair.closed
    }
  }

  private static func isBoundary(in text: [UInt8], at offset: Int) -> Bool {
    guard offset < text.count else { return true }
    return !isHangulSyllable(scalar(in: text, at: offset).scalar)
  }
}

extension [UInt8] {
  /// The last bytes from a scalar boundary on, at least `count` where there are so many.
  fileprivate func suffix(while count: Int) -> ArraySlice<UInt8> {
    var start = Swift.max(0, self.count - count)
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return self[start...]
  }
}
