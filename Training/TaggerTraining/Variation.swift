import Deidentification
import MedaiCore
import SystemPackage

/// A seeded sequence of numbers (SplitMix64), so that training twice gives the same model.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Gives a note other names, numbers and places, so that the model learns what stands around them
/// and how they are built rather than the few that were written down.
struct Variation {
  private var surnames: [[Unicode.Scalar]] = []
  private var firsts: [Unicode.Scalar] = []
  private var lasts: [Unicode.Scalar] = []
  private var anySyllable: [Unicode.Scalar] = []
  private let invention: Invention

  /// Reads the syllables of names from the module's lists.
  init(resources: FilePath) throws {
    invention = try Invention { name in
      String(decoding: try readFile(resources.appending("\(name).txt")), as: UTF8.self)
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
        .flatMap { $0.split(separator: " ") }.map {
          String($0).split(separator: "_").joined(separator: " ")
        }
    }
    surnames = try Self.weighted(resources.appending("surname-weights.txt"))
    firsts = try Self.weighted(resources.appending("syllables-first.txt")).map { $0[0] }
    lasts = try Self.weighted(resources.appending("syllables-last.txt")).map { $0[0] }
    anySyllable = Array(Set(firsts + lasts)).sorted()
  }

  private static func weighted(_ path: FilePath) throws -> [[Unicode.Scalar]] {
    var list: [[Unicode.Scalar]] = []
    let text = String(decoding: try readFile(path), as: UTF8.self)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard let weight = words.first.flatMap({ Int($0) }) else { continue }
      for word in words.dropFirst() {
        for _ in 0..<[0, 1, 4, 16][min(3, weight)] { list.append(Array(word.unicodeScalars)) }
      }
    }
    return list
  }

  /// A note of the same shape about somebody else.
  func varied(_ note: MarkedNote, _ numbers: inout SeededNumbers) -> MarkedNote {
    var note = note
    var known: [String: [Unicode.Scalar]] = [:]
    for index in note.parts.indices {
      guard let type = note.parts[index].type else { continue }
      let before = note.parts[index].text
      let after = changed(before, type, &known, &numbers)
      note.parts[index].text = after
      if after != before, index + 1 < note.parts.count, note.parts[index + 1].type == nil,
        let last = after.last, Self.isHangul(last)
      {
        Self.fitParticle(&note.parts[index + 1].text, after: last)
      }
    }
    return note
  }

  private func changed(
    _ text: [Unicode.Scalar], _ type: IdentifierType, _ known: inout [String: [Unicode.Scalar]],
    _ numbers: inout SeededNumbers
  ) -> [Unicode.Scalar] {
    let key = String(String.UnicodeScalarView(text))
    if let same = known[key] { return same }
    var result = text
    if Int.random(in: 0..<5, using: &numbers) < 2, let other = invented(text, type, &numbers) {
      result = Array(other.unicodeScalars)
    } else {
      result = reshaped(text, type, known, &numbers)
    }
    known[key] = result
    return result
  }

  /// Something else of the type, where the old one's form allows it.
  private func invented(
    _ text: [Unicode.Scalar], _ type: IdentifierType, _ numbers: inout SeededNumbers
  ) -> String? {
    let isHangul = text.allSatisfy(Self.isHangul)
    switch type {
    case .name:
      if isHangul {
        guard text.count >= 2, Int.random(in: 0..<6, using: &numbers) == 0 else { return nil }
        return Int.random(in: 0..<2, using: &numbers) == 0
          ? invention.foreignName(&numbers)
          : invention.romanName(words: 2, isUpper: false, &numbers)
      }
      guard
        text.allSatisfy({
          $0.isASCII && ($0.properties.isAlphabetic || " .,-'".contains(Character($0)))
        })
      else { return nil }
      let words = text.split(separator: " ").count
      let isUpper = !text.contains { $0.properties.isLowercase }
      if words == 1, isUpper, text.count <= 3 { return nil }
      return invention.romanName(words: words, isUpper: isUpper, &numbers)
    case .address: return text.contains { Self.isHangul($0) } ? invention.address(&numbers) : nil
    case .hospital, .org:
      return isHangul && text.count >= 4 ? invention.place(type, &numbers) : nil
    case .phone:
      return text.count >= 9 && text[0] == "0" ? invention.phone(&numbers) : nil
    case .date:
      let figures = text.count { $0.properties.numericType == .decimal }
      if figures >= 5 { return invention.date(isFull: true, &numbers) }
      return figures >= 2 && text.contains { "/월.".unicodeScalars.contains($0) }
        ? invention.date(isFull: false, &numbers) : nil
    case .mrn, .id, .device, .insurance:
      return text.count >= 6 && text.allSatisfy({ $0.isASCII }) ? invention.code(&numbers) : nil
    default: return nil
    }
  }

  private func reshaped(
    _ text: [Unicode.Scalar], _ type: IdentifierType, _ known: [String: [Unicode.Scalar]],
    _ numbers: inout SeededNumbers
  ) -> [Unicode.Scalar] {
    var result = text
    switch type {
    case .name where text.allSatisfy(Self.isHangul) && text.count <= 4:
      result = spaced(name(like: text, known, &numbers), &numbers)
    case .name where text.contains(where: Self.isHangul):
      // Spaced or masked: the marks stay.
      for place in result.indices where Self.isHangul(result[place]) {
        result[place] = syllable(place == 0 ? pick(surnames, &numbers) : lasts, &numbers)
      }
    case .name, .date, .age: break
    case .org, .hospital, .address:
      let stem = text.prefix(while: Self.isHangul)
      if stem.count >= 4, Int.random(in: 0..<2, using: &numbers) == 0 {
        for place in 0..<2 { result[place] = pick(anySyllable, &numbers) }
      }
      randomiseDigits(&result, &numbers)
    default: randomiseDigits(&result, &numbers)
    }
    return result
  }

  /// Now and then a name with blanks inside it, or the given name alone.
  private func spaced(
    _ name: [Unicode.Scalar], _ numbers: inout SeededNumbers
  ) -> [Unicode.Scalar] {
    guard name.count == 2 || name.count == 3 else { return name }
    switch Int.random(in: 0..<24, using: &numbers) {
    case 0, 1: return [name[0], " "] + name[1...]
    case 2: return Array(name.flatMap { [$0, " "] }.dropLast())
    case 3 where name.count == 3: return Array(name[1...])
    default: return name
    }
  }

  private func randomiseDigits(_ text: inout [Unicode.Scalar], _ numbers: inout SeededNumbers) {
    guard Int.random(in: 0..<4, using: &numbers) > 0 else { return }
    for place in text.indices where text[place].value &- 0x30 < 10 {
      guard Int.random(in: 0..<3, using: &numbers) > 0 else { continue }
      let low: UInt32 = text[place] == "0" ? 0 : 1
      text[place] = Unicode.Scalar(UInt8(0x30 + UInt32.random(in: low..<10, using: &numbers)))
    }
  }

  private func name(
    like text: [Unicode.Scalar], _ known: [String: [Unicode.Scalar]],
    _ numbers: inout SeededNumbers
  ) -> [Unicode.Scalar] {
    // A given name whose bearer was named in full before keeps with it.
    for (full, new) in known.sorted(by: { $0.key < $1.key })
    where full.unicodeScalars.count > text.count && new.count >= text.count {
      if Array(full.unicodeScalars.suffix(text.count)) == text {
        return Array(new.suffix(text.count))
      }
      if text.count == 1, full.unicodeScalars.first == text[0] { return [new[0]] }
    }
    if Int.random(in: 0..<10, using: &numbers) == 0 { return text }
    switch text.count {
    case 1: return pick(surnames, &numbers).count == 1 ? pick(surnames, &numbers) : text
    case 2:
      // Whether surname and one syllable or a given name is not told; both occur.
      return Int.random(in: 0..<4, using: &numbers) == 0
        ? pick(surnames, &numbers) + [syllable(lasts, &numbers)]
        : [syllable(firsts, &numbers), syllable(lasts, &numbers)]
    case 3:
      return pick(surnames, &numbers) + [syllable(firsts, &numbers), syllable(lasts, &numbers)]
    default: return text
    }
  }

  /// Mostly a syllable of names, sometimes any.
  private func syllable(
    _ usual: [Unicode.Scalar], _ numbers: inout SeededNumbers
  ) -> Unicode.Scalar {
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0: pick(anySyllable, &numbers)
    case 1:
      Unicode.Scalar(0xAC00 + UInt32.random(in: 0..<399, using: &numbers) * 28) ?? usual[0]
    default: pick(usual, &numbers)
    }
  }

  private func pick<Element>(_ list: [Element], _ numbers: inout SeededNumbers) -> Element {
    list[Int.random(in: 0..<list.count, using: &numbers)]
  }

  private static func isHangul(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value &- 0xAC00 < 11172
  }

  private static let particles: [(closed: Unicode.Scalar, open: Unicode.Scalar)] = [
    ("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("아", "야"),
  ]

  /// 은 after a closed syllable, 는 after an open one.
  private static func fitParticle(_ text: inout [Unicode.Scalar], after last: Unicode.Scalar) {
    guard let first = text.first, text.count == 1 || !isHangul(text[1]) else { return }
    let isClosed = (last.value - 0xAC00) % 28 != 0
    for pair in particles where first == pair.closed || first == pair.open {
      text[0] = isClosed ? pair.closed : pair.open
    }
  }
}
