/// A moment in UTC, in microseconds since 1970-01-01, proleptic Gregorian, without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Microseconds since the epoch.
  public let microseconds: Int64

  /// A moment from microseconds since the epoch.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// Whether the left moment is the earlier one.
  public static func < (left: Self, right: Self) -> Bool {
    left.microseconds < right.microseconds
  }

  /// RFC 3339 with six decimals: `2026-11-24T11:05:22.000000Z`.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the bytes of `text`.
  public func append(to bytes: inout [UInt8]) {
    let day = Int(floorDivide(microseconds, 86_400_000_000))
    let within = Int(microseconds - Int64(day) * 86_400_000_000)
    let date = CivilDate(daysSinceEpoch: day)
    let seconds = within / 1_000_000
    guard (0...9999).contains(date.year) else {
      // No form that reads back, but one that a person can read.
      bytes += "\(date.text)T".utf8
      for part in [seconds / 3600, seconds / 60 % 60] { bytes += "\(padded(part, 2)):".utf8 }
      bytes += "\(padded(seconds % 60, 2)).\(padded(within % 1_000_000, 6))Z".utf8
      return
    }
    appendDigits(date.year, 4, then: "-", to: &bytes)
    appendDigits(date.month, 2, then: "-", to: &bytes)
    appendDigits(date.day, 2, then: "T", to: &bytes)
    appendDigits(seconds / 3600, 2, then: ":", to: &bytes)
    appendDigits(seconds / 60 % 60, 2, then: ":", to: &bytes)
    appendDigits(seconds % 60, 2, then: ".", to: &bytes)
    appendDigits(within % 1_000_000, 6, then: "Z", to: &bytes)
  }

  /// Reads exactly the form that `text` writes.
  public init?(text: String) {
    let bytes = Array(text.utf8)
    self.init(utf8: bytes.span)
  }

  /// Reads exactly the form that `text` writes.
  public init?(utf8 bytes: Span<UInt8>) {
    guard bytes.count == 27, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "."),
      bytes[26] == UInt8(ascii: "Z"), bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = decimal(bytes, 0..<4), let month = decimal(bytes, 5..<7),
      let day = decimal(bytes, 8..<10), let hour = decimal(bytes, 11..<13), hour < 24,
      let minute = decimal(bytes, 14..<16), minute < 60,
      let second = decimal(bytes, 17..<19), second < 60,
      let micros = decimal(bytes, 20..<26),
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    microseconds = seconds * 1_000_000 + Int64(micros)
  }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Sendable, Hashable, Comparable {
  /// The year.
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to 31.
  public let day: Int

  /// A day that exists.
  ///
  /// - Returns: `nil` for one that does not, such as 2023-02-29.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Self.daysIn(month: month, of: year) else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Days in a month.
  public static func daysIn(month: Int, of year: Int) -> Int {
    let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether the left day is the earlier one.
  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
  public var daysSinceEpoch: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day so many days after 1970-01-01.
  public init(daysSinceEpoch: Int) {
    let shifted = daysSinceEpoch + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-11-24`.
  public var text: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
}

private func floorDivide<Value: BinaryInteger>(_ value: Value, _ divisor: Value) -> Value {
  value >= 0 ? value / divisor : (value - divisor + 1) / divisor
}

private func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func appendDigits(
  _ value: Int, _ width: Int, then end: Unicode.Scalar, to bytes: inout [UInt8]
) {
  var unit = 1
  for _ in 1..<width { unit *= 10 }
  while unit > 0 {
    bytes.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
    unit /= 10
  }
  bytes.append(UInt8(ascii: end))
}

private func decimal(_ bytes: Span<UInt8>, _ digits: Range<Int>) -> Int? {
  var value = 0
  for index in digits {
    let digit = bytes[index] &- 0x30
    guard digit < 10 else { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}
