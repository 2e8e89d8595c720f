/// A number in a text.
struct NumberMention {
  /// The value without group commas, leading and trailing zeros.
  let value: [UInt32]
  /// Whether a unit of dose, measure or frequency follows.
  let hasUnit: Bool
  /// Whether it is a label and no quantity: list number, bracketed source, part of a word.
  let isLabel: Bool
  /// First Unicode scalar in the original text.
  let start: Int
  /// One past its last scalar.
  let end: Int

  /// A bare number below ten says too little to be a claim.
  var isSmall: Bool { value.count == 1 && !hasUnit }
}

/// Finds the numbers of a text.
struct NumberScan {
  private let text: NormalizedText
  private static let units: [[UInt32]] = [
    "mg", "g", "kg", "mcg", "ug", "µg", "μg", "㎍", "㎎", "㎏", "ml", "㎖", "cc", "l", "dl", "iu",
    "u", "unit", "units", "tablet", "tablets", "tab", "meq", "mmol", "mmhg", "bpm", "cm", "mm",
    "%", "mg/kg", "mg/dl", "mg/day", "정", "캡슐", "알", "방울", "앰플", "바이알", "회", "번", "단위",
    "포", "밀리그램", "그램", "times", "capsules", "drops", "puffs",
  ].map { $0.unicodeScalars.map(\.value) }.sorted { $0.count > $1.count }

  init(_ text: String) { self.text = NormalizedText(text, keepsSpaces: true) }

  /// The numbers in order.
  func numbers() -> [NumberMention] {
    var mentions: [NumberMention] = []
    var index = 0
    while index < text.scalars.count {
      guard isDigit(index) else {
        index += 1
        continue
      }
      let end = numberEnd(index)
      mentions.append(mention(index..<end))
      index = end
    }
    return mentions
  }

  private func isDigit(_ index: Int) -> Bool {
    index >= 0 && index < text.scalars.count && text.scalars[index] &- 0x30 < 10
  }

  private func isLetter(_ index: Int) -> Bool {
    index >= 0 && index < text.scalars.count && text.scalars[index] &- 0x61 < 26
  }

  private func numberEnd(_ start: Int) -> Int {
    var end = start
    var hasPoint = false
    while end < text.scalars.count {
      if isDigit(end) {
        end += 1
      } else if text.scalars[end] == 0x2C, !hasPoint, isGroup(end + 1) {
        end += 4
      } else if text.scalars[end] == 0x2E, !hasPoint, isDigit(end + 1) {
        hasPoint = true
        end += 1
      } else {
        break
      }
    }
    return end
  }

  private func isGroup(_ start: Int) -> Bool {
    (start..<start + 3).allSatisfy(isDigit) && !isDigit(start + 3)
  }

  private func mention(_ range: Range<Int>) -> NumberMention {
    let unit = unitFollows(range.upperBound)
    return NumberMention(
      value: canonical(text.scalars[range]), hasUnit: unit,
      isLabel: isLabel(range, hasUnit: unit), start: text.origins[range.lowerBound],
      end: text.ends[range.upperBound - 1])
  }

  private func canonical(_ digits: ArraySlice<UInt32>) -> [UInt32] {
    var value = digits.filter { $0 != 0x2C }
    if value.contains(0x2E) {
      while value.last == 0x30 { value.removeLast() }
      if value.last == 0x2E { value.removeLast() }
    }
    while value.count > 1, value.first == 0x30, value[1] != 0x2E { value.removeFirst() }
    return value
  }

  private func unitFollows(_ position: Int) -> Bool {
    var start = position
    if start < text.scalars.count, text.scalars[start] == 0x20 { start += 1 }
    return Self.units.contains { unit in
      let end = start + unit.count
      guard end <= text.scalars.count, text.scalars[start..<end].elementsEqual(unit) else {
        return false
      }
      return unit[0] > 0x7F || unit[0] == 0x25 || !isLetter(end)
    }
  }

  private func isLabel(_ range: Range<Int>, hasUnit: Bool) -> Bool {
    if isLetter(range.lowerBound - 1) { return true }
    if isLetter(range.upperBound), !hasUnit { return true }
    var before = range.lowerBound - 1
    while before >= 0, text.scalars[before] == 0x20 { before -= 1 }
    let startsLine = before < 0 || text.scalars[before] == 0x0A
    let next = range.upperBound < text.scalars.count ? text.scalars[range.upperBound] : 0
    if startsLine, next == 0x2E || next == 0x29 { return true }
    return before >= 0 && text.scalars[before] == 0x5B && next == 0x5D
  }
}
