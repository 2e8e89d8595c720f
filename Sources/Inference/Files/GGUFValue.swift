/// A metadata value of a GGUF file.
enum GGUFValue {
  case integer(Int64)
  /// An unsigned 64-bit number above `Int64.max`.
  case huge(UInt64)
  case float(Double)
  case bool(Bool)
  case string([UInt8])
  case strings([[UInt8]])
  case integers([Int64])
  case floats([Double])

  /// Longest array: a vocabulary of sixteen million entries.
  static let longestArray = 1 << 24
  /// Longest string: a chat template of a megabyte.
  static let longestString = 1 << 20

  /// Reads a value of a kind (GGUF's numbers 0 to 12).
  init(kind: UInt32, _ reader: inout GGUFReader, _ bytes: Span<UInt8>) throws(ModelProblem) {
    let start = reader.offset
    switch kind {
    case 6, 12:
      self = .float(try Self.float(kind, &reader, bytes))
    case 7:
      let byte = try reader.integer(UInt8.self, of: bytes)
      guard byte < 2 else { throw .unknownValueKind(kind, offset: start) }
      self = .bool(byte == 1)
    case 8:
      self = .string(try reader.string(.stringLength, most: Self.longestString, of: bytes))
    case 9:
      self = try Self.array(&reader, bytes)
    case 10:
      let number = try reader.integer(UInt64.self, of: bytes)
      self = Int64(exactly: number).map { .integer($0) } ?? .huge(number)
    default:
      self = .integer(try Self.integer(kind, &reader, bytes))
    }
  }

  private static func array(
    _ reader: inout GGUFReader, _ bytes: Span<UInt8>
  ) throws(ModelProblem) -> GGUFValue {
    let start = reader.offset
    let kind = try reader.integer(UInt32.self, of: bytes)
    let count = try reader.count(.arrayLength, most: longestArray, of: bytes)
    // Each element takes a byte at least; a string eight. Checked before memory is reserved.
    let smallest = kind == 8 ? 8 : 1
    guard count <= (bytes.count - reader.offset) / smallest else {
      throw .truncated(expected: reader.offset + count * smallest, found: bytes.count)
    }
    switch kind {
    case 8:
      var values: [[UInt8]] = []
      values.reserveCapacity(count)
      for _ in 0..<count {
        values.append(try reader.string(.stringLength, most: longestString, of: bytes))
      }
      return .strings(values)
    case 6, 12:
      var values: [Double] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try float(kind, &reader, bytes)) }
      return .floats(values)
    case 9: throw .unknownValueKind(kind, offset: start)
    default:
      var values: [Int64] = []
      values.reserveCapacity(count)
      for _ in 0..<count { values.append(try integer(kind, &reader, bytes)) }
      return .integers(values)
    }
  }

  private static func float(
    _ kind: UInt32, _ reader: inout GGUFReader, _ bytes: Span<UInt8>
  ) throws(ModelProblem) -> Double {
    kind == 6
      ? Double(Float(bitPattern: try reader.integer(UInt32.self, of: bytes)))
      : Double(bitPattern: try reader.integer(UInt64.self, of: bytes))
  }

  private static func integer(
    _ kind: UInt32, _ reader: inout GGUFReader, _ bytes: Span<UInt8>
  ) throws(ModelProblem) -> Int64 {
    let start = reader.offset
    switch kind {
    case 0, 7: return Int64(try reader.integer(UInt8.self, of: bytes))
    case 1: return Int64(Int8(bitPattern: try reader.integer(UInt8.self, of: bytes)))
    case 2: return Int64(try reader.integer(UInt16.self, of: bytes))
    case 3: return Int64(Int16(bitPattern: try reader.integer(UInt16.self, of: bytes)))
    case 4: return Int64(try reader.integer(UInt32.self, of: bytes))
    case 5: return Int64(Int32(bitPattern: try reader.integer(UInt32.self, of: bytes)))
    case 10, 11: return Int64(bitPattern: try reader.integer(UInt64.self, of: bytes))
    default: throw .unknownValueKind(kind, offset: start)
    }
  }
}
