/// Reads little-endian numbers and strings of a GGUF header, never past its end.
///
/// Every count and length in the header is an attacker's 64-bit number: each is held against a
/// limit and against the bytes that remain before anything is done with it.
struct GGUFReader {
  /// The next byte to read.
  private(set) var offset = 0

  /// Moves past `count` bytes and returns where they start.
  mutating func take(_ count: Int, of bytes: Span<UInt8>) throws(ModelProblem) -> Int {
    guard count <= bytes.count - offset else {
      let (expected, overflow) = offset.addingReportingOverflow(count)
      throw .truncated(expected: overflow ? Int.max : expected, found: bytes.count)
    }
    defer { offset += count }
    return offset
  }

  /// Reads an integer.
  mutating func integer<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type, of bytes: Span<UInt8>
  ) throws(ModelProblem) -> Number {
    let width = MemoryLayout<Number>.size
    let start = try take(width, of: bytes)
    var value: Number = 0
    for index in (0..<width).reversed() {
      value = value << 8 | Number(truncatingIfNeeded: bytes[start + index])
    }
    return value
  }

  /// Reads a 64-bit count that may be at most `most`.
  mutating func count(
    _ limit: ModelProblem.Limit, most: Int, of bytes: Span<UInt8>
  ) throws(ModelProblem) -> Int {
    let start = offset
    let value = try integer(UInt64.self, of: bytes)
    guard value <= UInt64(most) else { throw .limit(limit, offset: start) }
    return Int(value)
  }

  /// Reads a string: its length in 64 bits, then its bytes.
  mutating func string(
    _ limit: ModelProblem.Limit, most: Int, of bytes: Span<UInt8>
  ) throws(ModelProblem) -> [UInt8] {
    let length = try count(limit, most: most, of: bytes)
    let start = try take(length, of: bytes)
    var result: [UInt8] = []
    result.reserveCapacity(length)
    for index in start..<start + length { result.append(bytes[index]) }
    return result
  }
}
