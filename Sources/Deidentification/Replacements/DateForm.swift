internal import MedaiCore
internal import MedaiText

/// A date taken apart into the fields that it is written with, so that it can be written again with
/// other values in the very same form.
struct DateForm {
  /// What a run of digits or a month's name stands for.
  enum Role { case year, month, day, lastDay, compact, compactShort, compactMonth }

  private enum Piece {
    case literal([UInt8])
    /// Digits with the width they were written in, and whether they were full-width.
    case number(role: Role, digits: Int, isPadded: Bool)
    case monthName([UInt8])
  }

  private var pieces: [Piece] = []
  /// The year with its century, where one is written.
  private(set) var year: Int?
  /// 1 to 12, where one is written.
  private(set) var month: Int?
  /// 1 to 31, where one is written.
  private(set) var day: Int?
  /// The second day of `3/27~28`.
  private var lastDay: Int?

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  // MARK: Reading

  private struct Token {
    var bytes: [UInt8]
    /// The value of a run of digits.
    var number: Int?
    /// 1 to 12 for a month's name.
    var month: Int?
  }

  /// Takes a date apart; fails where it is no date that exists.
  ///
  /// - Parameter text: Well-formed UTF-8; a clock time after the date is carried along.
  init?(_ text: [UInt8]) {
    let tokens = Self.tokens(of: text)
    var numbers = tokens.indices.filter { tokens[$0].number != nil }
    let name = tokens.indices.first { tokens[$0].month != nil }
    guard let first = numbers.first else { return nil }
    // A clock time follows `T` or a blank, or holds a colon: only the date is of interest.
    let end = tokens.indices.first { index in
      guard index > first, tokens[index].number == nil, tokens[index].month == nil else {
        return false
      }
      let bytes = tokens[index].bytes
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      let afterNext = index + 2 < tokens.count ? tokens[index + 2].bytes : []
      let opensClock = next?.number != nil && afterNext.first == UInt8(ascii: ":")
      return bytes == [UInt8(ascii: "T")] || bytes == [UInt8(ascii: "t")] || opensClock
        || bytes.first == UInt8(ascii: ":")
    }
    if let end { numbers.removeAll { $0 > end } }
    var roles: [Int: Role] = [:]
    guard let name else {
      guard Self.assign(numbers, tokens, &roles) else { return nil }
      guard take(tokens, roles) else { return nil }
      return
    }
    guard Self.assign(numbers, beside: name, tokens, &roles), take(tokens, roles) else {
      return nil
    }
  }

  /// Gives each number a role where the month is a number too.
  private static func assign(_ numbers: [Int], _ tokens: [Token], _ roles: inout [Int: Role])
    -> Bool
  {
    func width(_ place: Int) -> Int { tokens[numbers[place]].bytes.count }
    func value(_ place: Int) -> Int { tokens[numbers[place]].number ?? 0 }
    func follows(_ place: Int, _ text: String) -> Bool {
      let next = numbers[place] + 1
      guard next < tokens.count else { return false }
      return tokens[next].bytes.drop { $0 == 0x20 }.starts(with: text.utf8)
    }
    func isYear(_ place: Int) -> Bool {
      let before = numbers[place] > 0 ? tokens[numbers[place] - 1].bytes : []
      return width(place) == 4 || follows(place, "년") || follows(place, "年")
        || before.last == UInt8(ascii: "'") || before.hasSuffix("’".utf8)
        || before.elementsEqual("’".utf8) || before.elementsEqual("‘".utf8)
    }
    func isPlain(_ month: Int, _ day: Int) -> Bool {
      (1...12).contains(month) && (1...31).contains(day)
    }
    switch numbers.count {
    case 1:
      switch (width(0), isYear(0)) {
      case (8, _): roles[numbers[0]] = .compact
      case (6, _):
        let (year, month) = (value(0) / 100, value(0) % 100)
        let isShort = isPlain(value(0) / 100 % 100, value(0) % 100)
        roles[numbers[0]] = isShort ? .compactShort : .compactMonth
        return isShort || (1900...2100).contains(year) && (1...12).contains(month)
      case (_, true): roles[numbers[0]] = .year
      default: return false
      }
    case 2:
      if isYear(0) && (1...12).contains(value(1)) {
        (roles[numbers[0]], roles[numbers[1]]) = (.year, .month)
      } else if width(1) == 4 && (1...12).contains(value(0)) {
        (roles[numbers[0]], roles[numbers[1]]) = (.month, .year)
      } else if isPlain(value(0), value(1)) {
        (roles[numbers[0]], roles[numbers[1]]) = (.month, .day)
      } else if width(0) == 2 && (1...12).contains(value(1)) {
        (roles[numbers[0]], roles[numbers[1]]) = (.year, .month)
      } else {
        return false
      }
    default:
      let three = numbers.prefix(3)
      let order: [Role]
      let between = tokens[numbers[1] + 1].bytes
      if isYear(0)
        || width(0) == 2 && width(2) <= 2 && isPlain(value(1), value(2))
          && !(numbers.count == 3 && (between.contains(0x7E) || between.contains(0x2D))
            && tokens[numbers[0] + 1].bytes != between)
      {
        order = [.year, .month, .day]
      } else if width(2) == 4 {
        let slash = tokens[numbers[0] + 1].bytes.contains(0x2F)
        order =
          value(0) > 12 || !slash && value(1) <= 12
          ? [.day, .month, .year] : [.month, .day, .year]
      } else if tokens[numbers[0] + 1].bytes != between, isPlain(value(0), value(1)),
        (1...31).contains(value(2))
      {
        order = [.month, .day, .lastDay]
      } else if isPlain(value(0), value(1)), width(2) == 2 {
        order = [.month, .day, .year]
      } else {
        return false
      }
      for (place, role) in zip(three, order) { roles[place] = role }
      // `2024.3.5~6`: one more day; anything else is no date that is understood.
      if numbers.count == 4, order == [.year, .month, .day], (1...31).contains(value(3)) {
        roles[numbers[3]] = .lastDay
      } else if numbers.count > 3 {
        return false
      }
    }
    return true
  }

  /// Gives each number a role beside a month's name.
  private static func assign(
    _ numbers: [Int], beside name: Int, _ tokens: [Token], _ roles: inout [Int: Role]
  ) -> Bool {
    guard numbers.count <= 2 else { return false }
    for place in numbers {
      let width = tokens[place].bytes.count
      let hasYear = roles.values.contains(.year)
      if width == 4, !hasYear {
        roles[place] = .year
      } else if width <= 2, !roles.values.contains(.day), tokens[place].number ?? 0 <= 31 {
        roles[place] = .day
      } else if width == 2, !hasYear {
        roles[place] = .year
      } else {
        return false
      }
    }
    return true
  }

  private mutating func take(_ tokens: [Token], _ roles: [Int: Role]) -> Bool {
    for (index, token) in tokens.enumerated() {
      if let month = token.month {
        self.month = month
        pieces.append(.monthName(token.bytes))
        continue
      }
      guard let number = token.number, let role = roles[index] else {
        pieces.append(.literal(token.bytes))
        continue
      }
      let width = token.bytes.count
      switch role {
      case .year: year = width <= 2 ? Self.century(of: number) + number : number
      case .month: month = number
      case .day: day = number
      case .lastDay: lastDay = number
      case .compact: (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
      case .compactShort:
        let short = number / 10_000
        (year, month, day) = (Self.century(of: short) + short, number / 100 % 100, number % 100)
      case .compactMonth: (year, month) = (number / 100, number % 100)
      }
      let isPadded = width >= 2 && token.bytes[0] == 0x30
      pieces.append(.number(role: role, digits: width, isPadded: isPadded))
    }
    if let year, !(1850...2150).contains(year) { return false }
    if let month, !(1...12).contains(month) { return false }
    guard let day else { return year != nil || month != nil }
    guard let month else { return false }
    return CivilDate(year: year ?? 2024, month: month, day: day) != nil
  }

  /// Two-digit years above 30 are of the twentieth century.
  private static func century(of short: Int) -> Int { short > 30 ? 1900 : 2000 }

  private static func tokens(of text: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var offset = 0
    func kind(_ byte: UInt8) -> Int {
      byte &- 0x30 < 10 ? 0 : (byte | 0x20) &- 0x61 < 26 ? 1 : 2
    }
    while offset < text.count {
      let start = offset
      let first = kind(text[offset])
      while offset < text.count, kind(text[offset]) == first { offset += 1 }
      var bytes = Array(text[start..<offset])
      // 20240305143000: the clock time behind a compact date is carried along.
      let isStamp = bytes.starts(with: "19".utf8) || bytes.starts(with: "20".utf8)
      if first == 0, isStamp, bytes.count == 12 || bytes.count == 14 {
        bytes = Array(bytes.prefix(8))
        tokens.append(Token(bytes: bytes, number: bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }))
        tokens.append(Token(bytes: Array(text[start + 8..<offset])))
        continue
      }
      var token = Token(bytes: bytes)
      if first == 0 && bytes.count <= 8 {
        token.number = bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      } else if first == 1 && bytes.count >= 3 {
        let lower = bytes.map { $0 | 0x20 }
        token.month = months.firstIndex { name in
          name.utf8.elementsEqual(lower) || name.utf8.prefix(3).elementsEqual(lower)
            || lower.elementsEqual("sept".utf8) && name.utf8.starts(with: lower)
        }.map { $0 + 1 }
      }
      tokens.append(token)
    }
    return tokens
  }

  // MARK: Writing

  /// The same form, moved by days.
  ///
  /// A date without a day moves as its fifteenth would, one without a month as its second of July,
  /// so that each keeps its own granularity.
  ///
  /// - Parameters:
  ///   - days: How far.
  ///   - contextYear: The year to reckon in where none is written.
  /// - Returns: The moved date in UTF-8; empty where the date does not exist.
  func shifted(by days: Int, contextYear: Int) -> [UInt8] {
    let year = year ?? contextYear
    let month = month ?? 7
    let day = day ?? (self.month == nil ? 2 : 15)
    // 29 February without a year belongs to a leap year.
    let start =
      CivilDate(year: year, month: month, day: day) ?? CivilDate(year: 2024, month: month, day: day)
    guard let start else { return [] }
    let moved = CivilDate(daysSinceEpoch: start.daysSinceEpoch + days)
    var last = moved
    if let lastDay {
      last = CivilDate(daysSinceEpoch: start.daysSinceEpoch + days + max(0, lastDay - start.day))
    }
    return written(moved, last: last)
  }

  /// Only the year, or year and month, in plain figures.
  ///
  /// - Returns: `nil` where the date has no year.
  func coarsened(to unit: Generalisation) -> [UInt8]? {
    guard let year else { return nil }
    if unit == .year { return Array(String(year).utf8) }
    guard let month else { return Array(String(year).utf8) }
    return Array("\(year)-\(month < 10 ? "0" : "")\(month)".utf8)
  }

  private func written(_ date: CivilDate, last: CivilDate) -> [UInt8] {
    // One padded field tells that one-digit values were written with a zero; a two-digit value
    // alone tells nothing, and then the usual form of its neighbours holds.
    let padded = pieces.contains { piece in
      if case .number(_, _, true) = piece { true } else { false }
    }
    let single = pieces.contains { piece in
      if case .number(let role, 1, _) = piece { role != .year } else { false }
    }
    let isISO =
      pieces.contains { piece in
        if case .number(.year, 4, _) = piece { true } else { false }
      }
      && !pieces.contains { piece in
        switch piece {
        case .literal(let bytes): bytes.contains { $0 >= 0x80 }
        case .monthName: true
        case .number: false
        }
      }
    var result: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .literal(let bytes): result += bytes
      case .monthName(let original): result += Self.monthName(date.month, like: original)
      case .number(let role, let digits, let isPadded):
        let width = isPadded || (digits == 2 && !single && (padded || isISO)) ? 2 : 1
        switch role {
        case .year: result += Self.number(digits <= 2 ? date.year % 100 : date.year, digits)
        case .month: result += Self.number(date.month, width)
        case .day: result += Self.number(date.day, width)
        case .lastDay:
          if last.month != date.month {
            // The range now crosses a month: the month is said, with the mark between the two.
            result += Self.number(last.month, width) + [UInt8(ascii: "/")]
          }
          result += Self.number(last.day, width)
        case .compact:
          result +=
            Self.number(date.year, 4) + Self.number(date.month, 2) + Self.number(date.day, 2)
        case .compactShort:
          result +=
            Self.number(date.year % 100, 2) + Self.number(date.month, 2) + Self.number(date.day, 2)
        case .compactMonth: result += Self.number(date.year, 4) + Self.number(date.month, 2)
        }
      }
    }
    return result
  }

  private static func monthName(_ month: Int, like original: [UInt8]) -> [UInt8] {
    var name = Array(months[month - 1].utf8)
    // "May" is both the short and the long form; the short one is the more usual.
    if original.count <= 4 { name = Array(name.prefix(3)) }
    let upper = original.allSatisfy { $0 & 0x20 == 0 }
    if upper { return name.map { $0 & 0xDF } }
    if original[0] & 0x20 == 0 { name[0] &= 0xDF }
    return name
  }

  private static func number(_ value: Int, _ width: Int) -> [UInt8] {
    let digits = String(value)
    return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
  }
}

/// Days of the week after a date, which move along with it.
enum Weekday {
  private static let korean: [Unicode.Scalar] = ["월", "화", "수", "목", "금", "토", "일"]
  private static let english = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// The weekday to write in place of the one that follows a date: `(화)`, `화요일`, `(Tue)`.
  ///
  /// - Returns: The range of the text that is replaced and by what; `nil` where none follows.
  static func repair(
    in text: [UInt8], at offset: Int, by days: Int
  ) -> (range: Range<Int>, written: [UInt8])? {
    var start = offset
    while start < text.count, text[start] == 0x20 || text[start] == 0x2E, start - offset < 2 {
      start += 1
    }
    let isBracketed = start < text.count && (text[start] == 0x28 || text[start] == 0x5B)
    if isBracketed { start += 1 }
    guard start < text.count else { return nil }
    let shift = ((days % 7) + 7) % 7
    if text[start] >= 0x80 {
      let (value, length) = scalar(in: text, at: start)
      guard let place = korean.firstIndex(of: value) else { return nil }
      let end = start + length
      let closes = end < text.count && (text[end] == 0x29 || text[end] == 0x5D)
      guard isBracketed && closes || text[end...].starts(with: "요일".utf8) else { return nil }
      return (start..<end, utf8Bytes(of: [korean[(place + shift) % 7]]))
    }
    guard isBracketed, start + 3 < text.count, text[start + 3] == 0x29 || text[start + 3] == 0x5D
    else { return nil }
    let word = Array(text[start..<start + 3])
    let lower = word.map { $0 | 0x20 }
    guard let place = english.firstIndex(where: { $0.utf8.elementsEqual(lower) }) else {
      return nil
    }
    let written = zip(english[(place + shift) % 7].utf8, word).map { $0 & ($1 | 0xDF) }
    return (start..<start + 3, written)
  }
}
