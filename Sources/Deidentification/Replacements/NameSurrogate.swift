internal import MedaiText

/// Invents names that read like the one they replace.
///
/// Surname and given name are drawn apart, each by its own value, so that `홍길동`, `홍` before a
/// title, `홍OO` and `Hong Gildong` of one patient become the same invented person. The sex is the
/// one that the given name itself suggests: a field might know better, but then one person would
/// get two names in two files.
struct NameSurrogate {
  let key: PseudonymKey
  let patient: [UInt8]

  /// An invented name in the style of the original.
  ///
  /// - Parameter original: A name, NFC.
  /// - Returns: `nil` where the script is none that names are invented for.
  func replacement(for original: [UInt8]) -> [UInt8]? {
    let scalars = scalars(of: original)
    let hangul = scalars.filter(isHangulSyllable)
    if !hangul.isEmpty {
      let latin = scalars.contains { isASCIILetter($0) && !isMask($0, beside: hangul) }
      if latin { return nil }
      return utf8Bytes(of: hangulName(scalars, syllables: hangul))
    }
    if scalars.contains(where: isHanja) {
      guard scalars.allSatisfy({ isHanja($0) || !isLetter($0) }) else { return nil }
      return utf8Bytes(of: hanjaName(scalars))
    }
    if scalars.contains(where: isLetter) {
      guard scalars.allSatisfy({ !isLetter($0) || $0.value < 0x250 }) else { return nil }
      return latinName(scalars)
    }
    return nil
  }

  // MARK: Hangul

  /// Keeps blanks, masks and everything that is no syllable.
  private func hangulName(
    _ scalars: [Unicode.Scalar], syllables: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    let isMasked = scalars.contains { isMask($0, beside: syllables) }
    // 김모씨: the second syllable is a mask too.
    let hidden = syllables.count == 2 && syllables[1] == "모" && isSurname(syllables[0])
    let length = syllables.count + (isMasked ? 1 : 0)
    let surnameLength = surnameLength(of: syllables, length: length)
    var invented: [Unicode.Scalar] = []
    if surnameLength == 2 {
      var choice = draw("long-surname", utf8Bytes(of: syllables.prefix(2)))
      invented = Array(choice.of(NamePool.longSurnames).unicodeScalars)
    } else if surnameLength == 1 {
      invented = [surname(for: syllables[0]).hangul]
    }
    let given = Array(syllables.dropFirst(surnameLength))
    if hidden {
      invented.append("모")
    } else if isMasked {
      for syllable in given {
        var choice = draw("syllable", utf8Bytes(of: [syllable]))
        invented.append(choice.of(NamePool.syllables.filter { $0 != syllable }))
      }
    } else if !given.isEmpty {
      invented += givenName(for: given)
    }
    var next = invented.makeIterator()
    return scalars.map { isHangulSyllable($0) ? next.next() ?? $0 : $0 }
  }

  private func surnameLength(of syllables: [Unicode.Scalar], length: Int) -> Int {
    if length >= 3, syllables.count >= 2 {
      let two = utf8Bytes(of: syllables.prefix(2))
      if NamePool.longSurnames.contains(where: { $0.utf8.elementsEqual(two) }) { return 2 }
    }
    guard isSurname(syllables[0]), length <= 4 else { return 0 }
    if length == 2 && syllables.count == 2 {
      // 서준, 지은: a given name alone, rather than a surname with one syllable.
      let isGiven = [NamePool.female, NamePool.male].contains {
        $0.first.contains(syllables[0]) && $0.second.contains(syllables[1])
      }
      return isGiven ? 0 : 1
    }
    return 1
  }

  private func isSurname(_ syllable: Unicode.Scalar) -> Bool {
    NamePool.surnames.contains { $0.hangul == syllable }
      || NamePool.otherSurnames.contains(syllable)
  }

  /// The invented surname for a surname, never the same.
  private func surname(
    for original: Unicode.Scalar
  ) -> (hangul: Unicode.Scalar, latin: String, hanja: Unicode.Scalar) {
    var choice = draw("surname", utf8Bytes(of: [original]))
    return choice.of(NamePool.surnames.filter { $0.hangul != original })
  }

  /// The invented given name, drawn by the Latin spelling so that both scripts agree.
  private func givenName(for original: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let latin = original.map { Hangul.romanized($0) ?? "" }.joined()
    let ending = original[original.count - 1]
    let isFemale: Bool? =
      NamePool.femaleEndings.contains(ending)
      ? true : NamePool.maleEndings.contains(ending) ? false : nil
    var choice = draw("given", Array(latin.utf8))
    while true {
      let invented = inventGiven(original.count, isFemale: isFemale, &choice)
      if invented != original { return invented }
    }
  }

  private func inventGiven(
    _ count: Int, isFemale: Bool?, _ choice: inout KeyedChoice
  ) -> [Unicode.Scalar] {
    let coin = choice.below(2) == 0
    let pool = isFemale ?? coin ? NamePool.female : NamePool.male
    switch count {
    case 2:
      let first = choice.of(pool.first)
      return [first, choice.of(pool.second.filter { $0 != first })]
    default: return (0..<count).map { _ in choice.of(pool.second) }
    }
  }

  // MARK: Hanja

  private func hanjaName(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var isFirst = true
    return scalars.map { scalar in
      guard isHanja(scalar) else { return scalar }
      defer { isFirst = false }
      if isFirst {
        let known = NamePool.surnames.first { $0.hanja == scalar }
        if let known { return surname(for: known.hangul).hanja }
        var choice = draw("surname", utf8Bytes(of: [scalar]))
        return choice.of(NamePool.surnames.filter { $0.hanja != scalar }).hanja
      }
      var choice = draw("hanja", utf8Bytes(of: [scalar]))
      return choice.of(NamePool.hanja.filter { $0 != scalar })
    }
  }

  // MARK: Latin

  private func latinName(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    // Words and what lies between them.
    var pieces: [(isWord: Bool, scalars: [Unicode.Scalar])] = []
    for scalar in scalars {
      let isWord = isLetter(scalar) || isMark(scalar)
      if pieces.last?.isWord == isWord {
        pieces[pieces.count - 1].scalars.append(scalar)
      } else {
        pieces.append((isWord, [scalar]))
      }
    }
    let words = pieces.filter(\.isWord).map { lowercase($0.scalars) }
    let surnamePlace = words.firstIndex { koreanSurname($0) != nil }
    let isInitials =
      words.allSatisfy { $0.count == 1 }
      || (words.count == 1 && words[0].count <= 3
        && scalars.allSatisfy { !isLetter($0) || isUppercase($0) } && surnamePlace == nil)
    var result: [Unicode.Scalar] = []
    var word = 0
    var inventedGiven: [String]?
    let givenWords = words.indices.filter { $0 != surnamePlace && words[$0].count > 1 }
    if surnamePlace != nil && !isInitials && !givenWords.isEmpty {
      inventedGiven = latinGiven(
        givenWords.map { words[$0] }.joined(), parts: givenWords.count)
    }
    for piece in pieces {
      guard piece.isWord else {
        result += piece.scalars
        continue
      }
      let original = words[word]
      let invented: String
      if isInitials || original.count == 1 {
        invented = initials(original)
      } else if word == surnamePlace, let hangul = koreanSurname(original) {
        invented = surname(for: hangul).latin
      } else if let given = inventedGiven, let place = givenWords.firstIndex(of: word) {
        invented = given[place]
      } else {
        let isLast = word == words.count - 1
        var choice = draw("foreign", Array(original.utf8))
        let pool = isLast && words.count > 1 ? NamePool.foreignLast : NamePool.foreignFirst
        invented = choice.of(pool.filter { !$0.lowercased().utf8.elementsEqual(original.utf8) })
      }
      result += cased(invented, like: piece.scalars)
      word += 1
    }
    return utf8Bytes(of: result)
  }

  /// Latin spelling of the given name that `givenName` draws for the same letters, in as many parts
  /// as the original has.
  private func latinGiven(_ letters: String, parts: Int) -> [String] {
    var choice = draw("given", Array(letters.utf8))
    while true {
      let invented = inventGiven(2, isFemale: nil, &choice).map { Hangul.romanized($0) ?? "" }
      if invented.joined().utf8.elementsEqual(letters.utf8) { continue }
      if parts == 1 { return [invented.joined()] }
      var result = invented
      while result.count < parts { result.append(invented[1]) }
      return result
    }
  }

  private func koreanSurname(_ word: String) -> Unicode.Scalar? {
    if let known = NamePool.surnames.first(where: {
      $0.latin.lowercased().utf8.elementsEqual(word.utf8)
    }) {
      return known.hangul
    }
    return NamePool.latinVariants.first { $0.latin.utf8.elementsEqual(word.utf8) }?.hangul
  }

  private func initials(_ word: String) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPRSTUVWY".unicodeScalars)
    var invented = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      var choice = draw("initial", utf8Bytes(of: [scalar]))
      invented.append(choice.of(letters.filter { $0.value | 0x20 != scalar.value }))
    }
    return String(invented)
  }

  private func lowercase(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    for scalar in scalars {
      view.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    return String(view)
  }

  private func cased(_ word: String, like original: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let allUpper = original.allSatisfy(isUppercase)
    let allLower = !original.contains(where: isUppercase)
    if allUpper && (original.count > 1 || word.count == 1) {
      return Array(word.uppercased().unicodeScalars)
    }
    if allLower { return Array(word.lowercased().unicodeScalars) }
    return Array(word.prefix(1).uppercased().unicodeScalars)
      + Array(word.dropFirst().lowercased().unicodeScalars)
  }

  private func draw(_ kind: String, _ value: [UInt8]) -> KeyedChoice {
    key.choice("deid.name.\(kind).v1", patient, value)
  }

  private func isMask(_ scalar: Unicode.Scalar, beside syllables: [Unicode.Scalar]) -> Bool {
    switch scalar {
    case "O", "o", "X", "x": syllables.count <= 3
    case "○", "◯", "〇", "*", "＊", "●", "#": true
    default: false
    }
  }
}

func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value < 0x80 && scalar.value | 0x20 >= 0x61 && scalar.value | 0x20 <= 0x7A
}

func isHanja(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value >= 0x3400 && scalar.value <= 0x9FFF
    || scalar.value >= 0xF900 && scalar.value <= 0xFAFF
}
