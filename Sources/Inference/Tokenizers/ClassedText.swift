internal import MedaiText

/// A text as scalars with the classes that pre-tokenizers ask for.
struct ClassedText {
  /// Classes of a scalar; a letter, number or space is nothing else.
  enum Class { case letter, number, space, mark, punctuation, other }

  /// Class of each scalar.
  let classes: [Class]
  /// First byte of each scalar, and the end.
  let starts: [Int]
  private let points: [UInt32]

  /// Classes the scalars of a text; a byte that begins none is U+FFFD.
  init(_ text: [UInt8]) {
    var classes: [Class] = []
    var starts: [Int] = []
    var points: [UInt32] = []
    var index = 0
    while index < text.count {
      let (point, width) = scalarOrByte(in: text, at: index)
      classes.append(Self.classify(point))
      points.append(point)
      starts.append(index)
      index += width
    }
    starts.append(text.count)
    self.classes = classes
    self.starts = starts
    self.points = points
  }

  /// Scalars of the text.
  var count: Int { classes.count }

  /// The scalar at an index; 0 at or after `last`.
  func point(_ index: Int, before last: Int) -> UInt32 { index < last ? points[index] : 0 }

  /// Whether the scalar at an index has a class.
  func isClass(_ kind: Class, _ index: Int, before last: Int) -> Bool {
    index < last && classes[index] == kind
  }

  /// Whether the scalar at an index is a carriage return or line feed.
  func isNewline(_ index: Int, before last: Int) -> Bool {
    let point = point(index, before: last)
    return point == 0x0A || point == 0x0D
  }

  /// Where a run of one class ends.
  func runs(from first: Int, to last: Int, atMost limit: Int = .max, of kind: Class) -> Int {
    var end = first
    while end < last, end - first < limit, classes[end] == kind { end += 1 }
    return end
  }

  /// Where a run of newlines ends.
  func newlines(from first: Int, to last: Int) -> Int {
    var end = first
    while isNewline(end, before: last) { end += 1 }
    return end
  }

  /// Where a run of Chinese signs and kana ends.
  func signRun(from first: Int, to last: Int) -> Int {
    var end = first
    while end < last {
      let point = points[end]
      guard (0x4E00...0x9FA5).contains(point) || (0x3040...0x30FF).contains(point) else { break }
      end += 1
    }
    return end
  }

  /// What every pattern does with spaces: a run leaves its last one to what follows, unless it has
  /// only one.
  func spaces(from first: Int, to last: Int) -> Int {
    let end = runs(from: first, to: last, of: .space)
    return end < last && end > first + 1 ? end - 1 : end
  }

  /// Where `\s*[\r\n]+` ends: after the last newline of a run of spaces.
  func spacesWithNewline(from first: Int, to last: Int) -> Int? {
    var end = runs(from: first, to: last, of: .space)
    while end > first {
      if isNewline(end - 1, before: last) { return end }
      end -= 1
    }
    return nil
  }

  private static func classify(_ point: UInt32) -> Class {
    switch point {
    case 0x41...0x5A, 0x61...0x7A, 0xAC00...0xD7A3: return .letter
    case 0x30...0x39: return .number
    // White_Space of the Unicode Character Database, which does not change.
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      return .space
    case 0..<0x21, 0x7F: return .other
    case 0x21..<0x7F: return .punctuation
    default: break
    }
    guard let scalar = Unicode.Scalar(point) else { return .other }
    if isLetter(scalar) { return .letter }
    if isNumber(scalar) { return .number }
    if isMark(scalar) { return .mark }
    return isPunctuation(scalar) || isSymbol(scalar) ? .punctuation : .other
  }
}
