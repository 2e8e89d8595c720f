public import Cryptography
internal import MedaiCore

extension ExamPlan {
  /// The digest of an item's prompt in the file's own order, as its result line has it.
  ///
  /// - Parameter index: The item, by place in the exam.
  /// - Returns: The digest.
  public func promptSHA256(ofItem index: Int) -> Digest {
    sha256(Array(prompt(of: exam.items[index]).utf8))
  }

  /// How much of an earlier, unfinished run of this very plan can be kept.
  ///
  /// Lines are kept from the first on, as long as each is whole and answers the next item of this
  /// exam to this prompt by this model in as many orders; the first that does not ends it. An
  /// endpoint that tells no digest cannot be known to be the same, so nothing of it is kept.
  ///
  /// - Parameters:
  ///   - bytes: What the earlier run wrote; its last line may be torn.
  ///   - model: The model that would go on.
  /// - Returns: How many items are answered, and how many bytes hold their lines.
  public func kept(of bytes: [UInt8], by model: ModelIdentity) -> (items: Int, bytes: Int) {
    guard let digest = model.sha256, let numerics = model.numerics else { return (0, 0) }
    var items = 0
    var start = 0
    while items < exam.items.count, let end = bytes[start...].firstIndex(of: 0x0A) {
      guard let line = try? parseJSON(Array(bytes[start..<end])),
        isAnswer(line, toItem: items, digest: digest, numerics: numerics)
      else { break }
      items += 1
      start = end + 1
    }
    return (items, start)
  }

  private func isAnswer(
    _ line: JSONValue, toItem index: Int, digest: String, numerics: Int
  ) -> Bool {
    let item = exam.items[index]
    let expected = [
      ("id", item.id), ("answer", item.answer.text),
      ("prompt_sha256", promptSHA256(ofItem: index).hex), ("model_sha256", digest),
    ]
    for (field, text) in expected {
      guard let found = line[field]?.string, sameBytes(found, text) else { return false }
    }
    let isScored = line["option_logits"]?.array != nil
    let hasLogprobs = line["option_logprobs"] != nil
    return line["numerics"]?.int == numerics
      && isScored == (settings.method == .loglikelihood)
      && hasLogprobs == (settings.wantsLogprobs && isScored)
      && (line["permutations"]?.array?.count ?? 0) == requestCount(of: item) - 1
  }
}
