/// A linear-chain model over the units of a page (Lafferty et al., ICML 2001): one row of integer
/// weights for each hashed feature, and weights for what may follow what.
///
/// Everything is integers, so the same text gets the same tags on every machine.
package struct TaggerModel: Sendable {
  /// `TaggerFeatures.rows` rows of `TagSet.stride`.
  let weights: [Int16]
  /// Weights of the steps between tags.
  let steps: TagSteps<Int32>

  /// A model made by training.
  ///
  /// - Parameters:
  ///   - weights: `TaggerFeatures.rows` rows of `TagSet.stride`.
  ///   - steps: Weights of the steps.
  package init(weights: [Int8], steps: TagSteps<Int32>) {
    precondition(weights.count == TaggerFeatures.rows * TagSet.stride)
    self.weights = weights.map { Int16($0) }
    self.steps = steps
  }

  private static let magic = Array("medai-tagger-1\n".utf8)

  /// Reads a model file: a line that names the form, the steps as 32-bit little-endian integers,
  /// and the rows of weights, of which each that is not zero is written as its number (four bytes)
  /// and one byte a tag.
  ///
  /// - Throws: `LexiconError.malformedModel`.
  package init(bytes: [UInt8]) throws(LexiconError) {
    guard bytes.starts(with: Self.magic) else { throw .malformedModel }
    var cursor = Self.magic.count
    func word(_ place: Int) -> Int32 {
      var value: UInt32 = 0
      for offset in 0..<4 { value |= UInt32(bytes[place + offset]) << UInt32(8 * offset) }
      return Int32(bitPattern: value)
    }
    let stepCount = TagSteps<Int32>.count
    guard bytes.count >= cursor + 4 * stepCount else { throw .malformedModel }
    var steps: [Int32] = []
    for place in 0..<stepCount { steps.append(word(cursor + 4 * place)) }
    cursor += 4 * stepCount
    var weights = [Int16](repeating: 0, count: TaggerFeatures.rows * TagSet.stride)
    guard (bytes.count - cursor) % (4 + TagSet.count) == 0 else { throw .malformedModel }
    var last = -1
    while cursor < bytes.count {
      let row = Int(word(cursor))
      guard row > last, row < TaggerFeatures.rows else { throw .malformedModel }
      last = row
      for tag in 0..<TagSet.count {
        weights[row * TagSet.stride + tag] = Int16(Int8(bitPattern: bytes[cursor + 4 + tag]))
      }
      cursor += 4 + TagSet.count
    }
    self.weights = weights
    self.steps = TagSteps(values: steps)
  }

  /// The bytes of the model file.
  package var bytes: [UInt8] {
    var bytes = Self.magic
    func add(_ value: Int32) {
      for offset in 0..<4 {
        bytes.append(UInt8(truncatingIfNeeded: UInt32(bitPattern: value) >> UInt32(8 * offset)))
      }
    }
    for value in steps.values { add(value) }
    for row in 0..<TaggerFeatures.rows {
      let own = weights[row * TagSet.stride..<row * TagSet.stride + TagSet.count]
      guard own.contains(where: { $0 != 0 }) else { continue }
      add(Int32(row))
      bytes += own.map { UInt8(truncatingIfNeeded: $0) }
    }
    return bytes
  }
}

/// Weights of the steps between tags.
package struct TagSteps<Number: Sendable & SignedNumeric>: Sendable {
  /// Count of weights.
  package static var count: Int { 3 + 4 * TagSet.kinds.count }
  /// The weights one after another.
  package var values: [Number]

  /// Steps with given weights.
  package init(values: [Number]) {
    precondition(values.count == Self.count)
    self.values = values
  }

  /// Outside after outside.
  package static var outOut: Int { 0 }
  /// A beginning after outside.
  package static var outBegin: Int { 1 }
  /// A beginning right after another identifier, besides that one's end.
  package static var adjacent: Int { 2 }
  /// A kind's second unit after its first.
  package static func beginInside(_ kind: Int) -> Int { 3 + 4 * kind }
  /// A kind's further unit.
  package static func insideInside(_ kind: Int) -> Int { 4 + 4 * kind }
  /// The end of a kind after one unit.
  package static func beginEnd(_ kind: Int) -> Int { 5 + 4 * kind }
  /// The end of a kind after several.
  package static func insideEnd(_ kind: Int) -> Int { 6 + 4 * kind }
}
