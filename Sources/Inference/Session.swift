internal import CKernels
public import Cryptography

/// A cache of computed positions and the working memory to add more. One owner at a time.
///
/// The same tokens give the same logits bit for bit, however they are cut into batches, whichever
/// part was cached before, and on any number of threads.
public final class Session {
  /// The model.
  public let model: Model
  /// Most positions the cache holds.
  public let capacity: Int
  /// Tokens whose positions are cached.
  public private(set) var tokens: [Int32] = []

  private let forward: ForwardPass
  private var hasLast = false

  /// An empty session.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - capacity: Most positions; `nil` for the model's context, at most 8,192.
  ///   - batch: Most tokens computed at once; no result depends on it.
  /// - Throws: `SessionError.outOfMemory`, or `.contextFull` where `capacity` is beyond the
  ///   model's context.
  public init(_ model: Model, capacity: Int? = nil, batch: Int = 128) throws(SessionError) {
    precondition(batch >= 1 && batch <= 4_096, "a batch of 1 to 4,096 tokens")
    let capacity = capacity ?? min(model.graph.context, 8_192)
    guard capacity >= 1, capacity <= model.graph.context else {
      throw .contextFull(needed: capacity, capacity: model.graph.context)
    }
    guard let cache = Cache(model.graph, capacity: capacity),
      let scratch = Scratch(model.graph, batch: batch, team: model.team.size)
    else { throw .outOfMemory }
    self.model = model
    self.capacity = capacity
    forward = ForwardPass(model.graph, model.weights, model.kernel, cache, scratch)
    self.tokens.reserveCapacity(capacity)
  }

  /// Positions in the cache.
  public var count: Int { tokens.count }

  /// Forgets positions from `position` on; the earlier ones can be built upon again.
  public func rewind(to position: Int) {
    precondition(position >= 0 && position <= count, "a position of the cache")
    if position == count { return }
    tokens.removeLast(count - position)
    hasLast = false
  }

  /// Appends tokens after the cache.
  ///
  /// - Returns: The logits of the last position, one for each entry of the vocabulary.
  @discardableResult
  public func prefill(_ added: [Int32]) throws(SessionError) -> [Float] {
    guard !added.isEmpty else { throw .emptyPrompt }
    try advance(added, output: .last)
    return withLogits { logits in
      unsafe logits.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// Goes back to `position`, then appends tokens.
  @discardableResult
  public func prefill(_ added: [Int32], at position: Int) throws(SessionError) -> [Float] {
    rewind(to: position)
    return try prefill(added)
  }

  /// Makes the cache hold exactly `prompt`, computing only what differs from what it holds.
  ///
  /// - Returns: The logits of the prompt's last position.
  @discardableResult
  public func prefill(reusingPrefixOf prompt: [Int32]) throws(SessionError) -> [Float] {
    guard !prompt.isEmpty else { throw .emptyPrompt }
    rewindToCommonPrefix(with: prompt)
    return try prefill(Array(prompt[count...]))
  }

  /// Appends tokens without computing logits; may be empty.
  public func extend(_ added: [Int32]) throws(SessionError) {
    try advance(added, output: .none)
  }

  /// Appends tokens and gives the logits of every one of them.
  ///
  /// - Parameters:
  ///   - added: Tokens, may be none.
  ///   - body: Takes a position and its logits, in ascending order of positions.
  /// - Throws: `SessionError`.
  public func prefillAllPositions(
    _ added: [Int32], _ body: (_ position: Int, _ logits: Span<Float>) -> Void
  ) throws(SessionError) {
    try advance(added, output: .all, body)
  }

  /// Logits of some entries of the vocabulary at the last position, bit for bit those of the full
  /// projection; costs a dot product for each group of 16 entries instead of the whole vocabulary.
  public func logitRows(_ ids: [Int32]) throws(SessionError) -> [Float] {
    guard hasLast else { throw .noPosition }
    try check(ids)
    var groups: [Int] = []
    for id in ids where !groups.contains(Int(id) / 16) { groups.append(Int(id) / 16) }
    groups.sort()
    forward.rowGroups = groups
    try run(.rows)
    var result: [Float] = []
    for id in ids {
      guard let index = groups.firstIndex(of: Int(id) / 16) else { continue }
      result.append(unsafe forward.scratch.rowLogits[16 * index + Int(id) % 16])
    }
    guard result.allSatisfy(\.isFinite) else { throw .nonFiniteLogits(position: count - 1) }
    return result
  }

  /// Digest of logits: SHA-256 of their little-endian Float32 bytes.
  public static func digest(of logits: [Float]) -> Digest {
    var hash = SHA256()
    unsafe logits.withUnsafeBytes { unsafe hash.update($0) }
    return hash.finalize()
  }

  /// Rewinds to where the cache and the prompt part, leaving a token at least to compute.
  func rewindToCommonPrefix(with prompt: [Int32]) {
    var shared = 0
    while shared < min(count, prompt.count - 1), tokens[shared] == prompt[shared] { shared += 1 }
    rewind(to: shared)
  }

  /// Lends the logits of one column of the last batch.
  func withLogits<Result>(column: Int = 0, _ body: (Span<Float>) -> Result) -> Result {
    precondition(hasLast, "a last position")
    let start = unsafe forward.scratch.logits + column * forward.scratch.logitStride
    let buffer = unsafe UnsafeBufferPointer(start: start, count: model.graph.vocabulary)
    return unsafe body(Span(_unsafeElements: buffer))
  }

  private func check(_ ids: [Int32]) throws(SessionError) {
    for (index, id) in ids.enumerated() where id < 0 || id >= model.graph.vocabulary {
      throw .unknownToken(id, index: index)
    }
  }

  private func run(_ output: ForwardPass.Output) throws(SessionError) {
    forward.output = output
    guard model.team.run(forward) else { throw .floatEnvironment }
  }

  /// Computes tokens in batches.
  func advance(
    _ added: [Int32], output: ForwardPass.Output,
    _ body: (Int, Span<Float>) -> Void = { _, _ in }
  ) throws(SessionError) {
    try check(added)
    guard added.count <= capacity - count else {
      throw .contextFull(needed: count + added.count, capacity: capacity)
    }
    var start = 0
    while start < added.count {
      let end = min(start + forward.scratch.batch, added.count)
      forward.tokens.removeAll(keepingCapacity: true)
      forward.tokens.append(contentsOf: added[start..<end])
      forward.position = count
      hasLast = false
      try run(output == .last && end < added.count ? .none : output)
      let columns = output == .all ? end - start : output == .last && end == added.count ? 1 : 0
      for column in 0..<columns {
        let position = output == .all ? count + column : count + end - start - 1
        guard isFinite(column) else { throw .nonFiniteLogits(position: position) }
        hasLast = true
        withLogits(column: column) { body(position, $0) }
      }
      tokens.append(contentsOf: added[start..<end])
      hasLast = true
      start = end
    }
  }

  private func isFinite(_ column: Int) -> Bool {
    let start = unsafe forward.scratch.logits + column * forward.scratch.logitStride
    return unsafe medai_all_finite(start, Int64(model.graph.vocabulary)) == 1
  }
}
