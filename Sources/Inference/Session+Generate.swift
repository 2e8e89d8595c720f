public import Cryptography

/// Why a generation ended.
public enum StopReason: String, Sendable {
  /// A stop token was chosen.
  case stop
  /// As many tokens as were asked for.
  case length
  /// The cache is full.
  case context
  /// The caller's `onToken` said so.
  case caller
}

/// What a generation gave.
public struct Generation: Sendable, Equatable {
  /// Tokens of the prompt.
  public let promptTokens: Int
  /// The chosen tokens without the stop token.
  public let tokens: [Int32]
  /// Their text, well-formed UTF-8, control tokens left out.
  public let text: [UInt8]
  /// Why it ended.
  public let stopReason: StopReason
  /// The chained digest of the logits that each choice was made from: d0 is 32 zero bytes, d(n+1)
  /// is SHA-256 of d(n) followed by the little-endian Float32 logits of step n. The choice of the
  /// stop token is a step too.
  public let logitsDigest: Digest
}

extension Session {
  /// Continues a prompt.
  ///
  /// The cache's common prefix with the prompt is reused; the result does not depend on it.
  ///
  /// - Parameters:
  ///   - prompt: The tokens to continue, at least one.
  ///   - maxTokens: Most tokens to choose, at least 0.
  ///   - sampler: How to choose.
  ///   - stopTokens: Tokens that end the text.
  ///   - onToken: Takes each chosen token; `false` ends the generation after it.
  /// - Returns: The tokens, their text, why it ended, and the digest of the logits.
  /// - Throws: `SessionError`.
  public func generate(
    _ prompt: [Int32], maxTokens: Int, sampler: Sampler = .greedy, stopTokens: [Int32],
    onToken: (Int32) -> Bool = { _ in true }
  ) throws(SessionError) -> Generation {
    precondition(maxTokens >= 0, "a number of tokens")
    guard !prompt.isEmpty else { throw .emptyPrompt }
    guard prompt.count <= capacity else {
      throw .contextFull(needed: prompt.count, capacity: capacity)
    }
    rewindToCommonPrefix(with: prompt)
    try advance(Array(prompt[count...]), output: .last)
    var sampler = sampler
    var chosen: [Int32] = []
    var digest = [UInt8](repeating: 0, count: 32)
    var reason = StopReason.length
    while chosen.count < maxTokens {
      let token = withLogits { logits in
        digest = Self.chain(digest, logits)
        return sampler.choose(logits, after: tokens)
      }
      if stopTokens.contains(token) {
        reason = .stop
        break
      }
      chosen.append(token)
      if !onToken(token) {
        reason = .caller
        break
      }
      if chosen.count == maxTokens { break }
      if count == capacity {
        reason = .context
        break
      }
      try advance([token], output: .last)
    }
    guard let chained = Digest(bytes: digest) else {
      preconditionFailure("a digest has 32 bytes")
    }
    return Generation(
      promptTokens: prompt.count, tokens: chosen, text: model.tokenizer.decode(chosen),
      stopReason: reason, logitsDigest: chained)
  }

  private static func chain(_ digest: [UInt8], _ logits: Span<Float>) -> [UInt8] {
    var hash = SHA256()
    hash.update(digest)
    unsafe logits.withUnsafeBytes { unsafe hash.update($0) }
    return hash.finalize().bytes
  }
}
