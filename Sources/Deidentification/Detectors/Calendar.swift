/// Which dates exist.
enum Calendar {
  /// The most days a month can have.
  static func longest(_ month: Int) -> Int {
    switch month {
    case 2: 29
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether a month and a day exist in some year.
  static func exists(month: Int, day: Int) -> Bool {
    month >= 1 && month <= 12 && day >= 1 && day <= longest(month)
  }

  /// Whether a date exists; a year below 100 is of this century or the last.
  static func exists(year: Int, month: Int, day: Int) -> Bool {
    guard exists(month: month, day: day) else { return false }
    guard month == 2 && day == 29 else { return true }
    if year < 100 { return year % 4 == 0 }
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Whether a four-digit year can be meant in a record.
  static func plausible(year: Int) -> Bool { year >= 1880 && year <= 2100 }
}
