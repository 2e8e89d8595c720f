/// Reasons for and against a candidate, as codes.
struct Evidence: OptionSet, Sendable {
  let rawValue: UInt64

  /// The code of each reason, in bit order.
  static let codes = [
    "shape", "left-cue", "right-cue", "check-digit", "calendar", "list-word", "repeated",
    "neighbour", "header-line", "known-value", "syllables", "particle", "masked", "site-shape",
    "romanised", "foreign", "time-follows", "weekday", "bracketed", "place-name", "suffix",
    "impossible-date", "ratio-context", "unit-follows", "clinical-word", "common-word",
    "generic-place", "eponym", "weak-shape", "alone", "version-like", "below-threshold",
    "weak-right-cue", "trained",
  ]

  private init(bit: Int) { rawValue = 1 << UInt64(bit) }
  init(rawValue: UInt64) { self.rawValue = rawValue }

  static let shape = Evidence(bit: 0)
  static let leftCue = Evidence(bit: 1)
  static let rightCue = Evidence(bit: 2)
  static let checkDigit = Evidence(bit: 3)
  static let calendar = Evidence(bit: 4)
  static let listWord = Evidence(bit: 5)
  static let repeated = Evidence(bit: 6)
  static let neighbour = Evidence(bit: 7)
  static let headerLine = Evidence(bit: 8)
  static let knownValue = Evidence(bit: 9)
  static let syllables = Evidence(bit: 10)
  static let particle = Evidence(bit: 11)
  static let masked = Evidence(bit: 12)
  static let siteShape = Evidence(bit: 13)
  static let romanised = Evidence(bit: 14)
  static let foreign = Evidence(bit: 15)
  static let timeFollows = Evidence(bit: 16)
  static let weekday = Evidence(bit: 17)
  static let bracketed = Evidence(bit: 18)
  static let placeName = Evidence(bit: 19)
  static let suffix = Evidence(bit: 20)
  static let impossibleDate = Evidence(bit: 21)
  static let ratioContext = Evidence(bit: 22)
  static let unitFollows = Evidence(bit: 23)
  static let clinicalWord = Evidence(bit: 24)
  static let commonWord = Evidence(bit: 25)
  static let genericPlace = Evidence(bit: 26)
  static let eponym = Evidence(bit: 27)
  static let weakShape = Evidence(bit: 28)
  static let alone = Evidence(bit: 29)
  static let versionLike = Evidence(bit: 30)
  static let belowThreshold = Evidence(bit: 31)
  static let weakRight = Evidence(bit: 32)
  static let trained = Evidence(bit: 33)

  /// The codes it holds, in bit order.
  var names: [String] {
    Self.codes.indices.filter { rawValue >> UInt64($0) & 1 == 1 }.map { Self.codes[$0] }
  }
}

/// A stretch of the page that a rule takes for an identifier, in units.
struct Candidate {
  var start: Int
  var end: Int
  var type: IdentifierType
  /// The rule, for example `name.cue`.
  var detector: StaticString
  /// 0 to 1000; below `Candidate.threshold` it is refused.
  var permille: Int
  var reasons: Evidence = []
  var objections: Evidence = []

  /// The least confidence that makes a span.
  static let threshold = 500
}
