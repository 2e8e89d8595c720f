internal import MedaiText

/// What a value that looks like an identifier in a release is.
package enum ReleasedVerdict: Sendable, Equatable {
  /// It lies where no real value can: what medai wrote.
  case ours
  /// It may be invented or real; its form does not tell.
  case undecided
  /// Nothing that medai writes under this policy looks so.
  case residual
}

/// Tells what medai wrote from what it would not have written.
struct ReleasedValue {
  /// The policy that the release was made with; `nil` where it is not known.
  let policy: Policy?

  /// Judges one value.
  ///
  /// - Parameters:
  ///   - value: Without the marks that a policy leaves, NFC.
  ///   - type: What it looks like.
  /// - Returns: Whose it is.
  func verdict(_ value: [UInt8], _ type: IdentifierType) -> ReleasedVerdict {
    let characters = scalars(of: value)
    guard characters.contains(where: { isLetter($0) || isNumber($0) }) else { return .ours }
    switch policy?.rule(for: type).action {
    case .keep: return .ours
    case .encrypt: return .undecided
    case .mask where characters.contains("*"): return .ours
    case .tag, .token, .redact, .remove, .removeSentence, .mask:
      // Web and mail addresses of examples may come from the source itself.
      return reserved(value, type) == .ours ? .ours : .residual
    case .generalise(let unit): return generalised(value, unit, type)
    case .dateShift: return .undecided
    case .surrogate, nil: return reserved(value, type)
    }
  }

  private func generalised(
    _ value: [UInt8], _ unit: Generalisation, _ type: IdentifierType
  ) -> ReleasedVerdict {
    switch unit {
    case .ageTop, .ageBand:
      let digits = value.filter { $0 &- 0x30 < 10 }
      let age = digits.count <= 3 ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : 0
      return age > 90 ? .residual : .ours
    case .year, .month:
      return DateForm(value)?.coarsened(to: unit) == value ? .ours : .residual
    case .province:
      return PlaceSurrogate.province(of: value) == value ? .ours : .residual
    }
  }

  /// Whether a value lies in the ranges of invented ones.
  private func reserved(_ value: [UInt8], _ type: IdentifierType) -> ReleasedVerdict {
    let digits = value.filter { $0 &- 0x30 < 10 }.map { $0 - 0x30 }
    switch type {
    case .rrn:
      guard digits.count >= 6 else { return .undecided }
      return digits[2] >= 3 ? .ours : .residual
    case .phone: return phone(value, digits)
    case .card:
      guard digits.count >= 13 else { return .undecided }
      return digits[0] == 0 && !passesLuhn(digits.map(Int.init)) ? .ours : .residual
    case .plate: return digits.first == 0 ? .ours : .residual
    case .email: return holds(value, ["@example.com", "@example.net", "@example.org"])
    case .url: return holds(value, ["example.com", "example.net", "example.org"])
    case .ip:
      return holds(value, ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"])
    case .hospital, .org: return PlaceSurrogate.isInvented(value) ? .ours : .residual
    case .address:
      if PlaceSurrogate.isInvented(value) { return .ours }
      // A house number by itself says nothing of where it comes from.
      let words = scalars(of: value).count { isLetter($0) }
      return words >= 3 ? .residual : .undecided
    case .name: return NameSurrogate.canBeInvented(value) ? .undecided : .residual
    case .passport, .driver, .insurance, .mrn, .id, .date, .age, .account, .device, .license,
      .sns:
      return .undecided
    }
  }

  private func holds(_ value: [UInt8], _ parts: [String]) -> ReleasedVerdict {
    let lower = value.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    return parts.contains { part in
      lower.indices.contains { lower[$0...].starts(with: part.utf8) }
    } ? .ours : .residual
  }

  /// Invented numbers have an exchange that begins with 0.
  private func phone(_ value: [UInt8], _ digits: [UInt8]) -> ReleasedVerdict {
    guard digits.count >= 7 else { return .undecided }
    var prefix = 0
    if value.first == UInt8(ascii: "+") || digits.starts(with: [0, 0]) {
      let start = digits.starts(with: [0, 0]) ? 2 : 0
      guard digits.dropFirst(start).starts(with: [8, 2]) else {
        return start + 1 < digits.count && digits[start + 1] == 0 ? .ours : .undecided
      }
      prefix = start + 2
      if prefix < digits.count, digits[prefix] == 0 { prefix += 1 }
      prefix += digits.dropFirst(prefix).first == 2 ? 1 : 2
    } else if digits.starts(with: [0, 2]) {
      prefix = 2
    } else if digits.starts(with: [0, 5, 0]) {
      prefix = 4
    } else if digits[0] == 0 {
      prefix = 3
    }
    guard prefix < digits.count else { return .undecided }
    // 0588-1234 for 1588-1234, and numbers without an area code: the 0 stands first.
    if digits[0] == 0, digits.count <= 8 { return .ours }
    return digits[prefix] == 0 ? .ours : .residual
  }
}

extension PlaceSurrogate {
  /// Whether a name of a place or institution holds a stem that only medai invents.
  static func isInvented(_ value: [UInt8]) -> Bool {
    inventedStems.contains { stem in
      value.indices.contains { value[$0...].starts(with: stem.utf8) }
    }
  }
}

extension PlaceSurrogate {
  /// Where an invented institution ends that begins here: a stem and a kind.
  static func institutionEnd(in text: [UInt8], at start: Int) -> Int? {
    let rest = text[start...]
    for stem in inventedStems where rest.starts(with: stem.utf8) {
      let after = rest.dropFirst(stem.utf8.count)
      for kind in institutionKinds where after.starts(with: kind.utf8) {
        return after.startIndex + kind.utf8.count
      }
    }
    return nil
  }
}

extension NameSurrogate {
  /// Whether a name can come from the pools: a Hangul name whose parts are in none of them cannot.
  ///
  /// A particle may have come along: 우훈이, 장규가.
  static func canBeInvented(_ value: [UInt8]) -> Bool {
    let characters = scalars(of: value)
    if isFromPools(characters) { return true }
    let particles: [Unicode.Scalar] = ["이", "가", "은", "는", "을", "를", "도", "의", "와", "과"]
    guard let last = characters.last, characters.count > 2, particles.contains(last) else {
      return false
    }
    return isFromPools(characters.dropLast())
  }

  private static func isFromPools(_ characters: [Unicode.Scalar]) -> Bool {
    let syllables = characters.filter(isHangulSyllable)
    // Other scripts, masks and spelled parts keep too much of their form to be told.
    guard syllables.count >= 2,
      characters.allSatisfy({ isHangulSyllable($0) || $0 == " " }), syllables.count <= 5
    else { return true }
    func isGiven(_ part: ArraySlice<Unicode.Scalar>) -> Bool {
      if part.isEmpty { return true }
      let pools = [NamePool.female, NamePool.male]
      if part.count == 2 {
        let (first, second) = (part[part.startIndex], part[part.startIndex + 1])
        return pools.contains { $0.first.contains(first) && $0.second.contains(second) }
      }
      return pools.contains { pool in part.allSatisfy { pool.second.contains($0) } }
    }
    if isGiven(syllables[...]) { return true }
    if NamePool.surnames.contains(where: { $0.hangul == syllables[0] }),
      isGiven(syllables.dropFirst())
    {
      return true
    }
    let two = utf8Bytes(of: syllables.prefix(2))
    return NamePool.longSurnames.contains { $0.utf8.elementsEqual(two) }
      && isGiven(syllables.dropFirst(2))
  }
}
