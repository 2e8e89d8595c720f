/// How a file's characters are written.
public enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-8 (RFC 3629).
  case utf8 = "utf-8"
  /// CP949, the superset of EUC-KR.
  case cp949 = "cp949"
}

/// Why an encoding was chosen.
public enum EncodingEvidence: String, Sendable {
  /// The caller named it.
  case given
  /// A byte order mark.
  case mark
  /// Every byte fits this encoding and not the other, or the file is ASCII.
  case whole
  /// Every byte fits both; UTF-8 is taken, since text longer than a few syllables fits it only by
  /// design.
  case both
  /// Some lines fit neither, but the others fit this encoding alone.
  case lines
}

/// What the whole of an input says about its encoding.
public struct EncodingVerdict: Sendable, Equatable {
  /// The encoding; `nil` where the input fits none.
  public let encoding: TextEncoding?
  /// Why.
  public let evidence: EncodingEvidence
  /// Offset of the first byte that is not UTF-8.
  public let utf8Fault: Int?
  /// Offset of the first byte that is not CP949.
  public let cp949Fault: Int?
}

/// Looks at the whole of an input before its encoding is decided.
///
/// The whole, since 345 single syllables of CP949 are well-formed UTF-8: a prefix decides nothing.
public struct EncodingDetector: Sendable {
  private var utf8 = UTF8Validator()
  private var cp949 = CP949Validator()
  private var lineUTF8 = UTF8Validator()
  private var lineCP949 = CP949Validator()
  private var linesOnlyUTF8 = 0
  private var linesOnlyCP949 = 0
  private var head: [UInt8] = []
  private var sawNonASCII = false
  /// ASCII before the first chunk that holds anything else.
  private var skipped = 0

  /// A detector that has seen nothing.
  public init() {}

  /// Takes the next bytes.
  public mutating func append(_ bytes: [UInt8]) {
    if head.count < 3 { head += bytes.prefix(3 - head.count) }
    guard sawNonASCII || bytes.contains(where: { $0 >= 0x80 }) else {
      skipped += bytes.count
      return
    }
    sawNonASCII = true
    utf8.append(bytes)
    cp949.append(bytes)
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      lineUTF8.append(bytes[start..<end])
      lineCP949.append(bytes[start..<end])
      endLine()
      start = end + 1
    }
    lineUTF8.append(bytes[start...])
    lineCP949.append(bytes[start...])
  }

  private mutating func endLine() {
    let isUTF8 = lineUTF8.faultAtEnd == nil
    let isCP949 = lineCP949.faultAtEnd == nil
    if isUTF8 && !isCP949 { linesOnlyUTF8 += 1 }
    if isCP949 && !isUTF8 { linesOnlyCP949 += 1 }
    lineUTF8 = UTF8Validator()
    lineCP949 = CP949Validator()
  }

  /// The verdict once everything was seen.
  public consuming func verdict() -> EncodingVerdict {
    endLine()
    let (utf8Fault, cp949Fault) = (
      utf8.faultAtEnd.map { $0 + skipped }, cp949.faultAtEnd.map { $0 + skipped }
    )
    let encoding: TextEncoding?
    let evidence: EncodingEvidence
    if head == [0xEF, 0xBB, 0xBF] {
      (encoding, evidence) = (.utf8, .mark)
    } else if utf8Fault == nil {
      (encoding, evidence) = (.utf8, sawNonASCII && cp949Fault == nil ? .both : .whole)
    } else if cp949Fault == nil {
      (encoding, evidence) = (.cp949, .whole)
    } else if linesOnlyUTF8 > 0 && linesOnlyCP949 == 0 {
      (encoding, evidence) = (.utf8, .lines)
    } else if linesOnlyCP949 > 0 && linesOnlyUTF8 == 0 {
      (encoding, evidence) = (.cp949, .lines)
    } else {
      (encoding, evidence) = (nil, .whole)
    }
    return EncodingVerdict(
      encoding: encoding, evidence: evidence, utf8Fault: utf8Fault, cp949Fault: cp949Fault)
  }
}
