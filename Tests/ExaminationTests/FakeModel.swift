import Cryptography
import Examination

/// A model whose scores follow from the digest of what it was asked, so that any change of a
/// prompt or continuation shows.
struct FakeModel: LanguageModel {
  let identity = ModelIdentity(
    name: "fake", sha256: String(repeating: "ab", count: 32), numerics: 0, parameters: 1)

  func score(
    _ requests: [ScoreRequest], progress: ExamProgress
  ) throws -> [ScoreResult] {
    requests.enumerated().map { index, request in
      progress(index + 1, requests.count)
      let logits = request.continuations.map { continuation in
        let bytes = sha256(Array((request.prompt + continuation).utf8)).bytes
        let bits = UInt32(bytes[0]) << 16 | UInt32(bytes[1]) << 8 | UInt32(bytes[2])
        return Float(bits) / 65_536 - 128
      }
      return ScoreResult(
        promptTokens: request.prompt.utf8.count, kind: .logit, optionLogits: logits,
        optionLogprobs: request.wantLogprobs ? logits.map { Double($0) - 100 } : nil)
    }
  }

  func generate(
    _ requests: [GenerateRequest], progress: ExamProgress
  ) throws -> [GenerateResult] {
    requests.map { request in
      let place = Int(sha256(Array(request.prompt.utf8)).bytes[0]) % 6
      let texts = ["정답: A", " B", "정답은 C 입니다", "D.", "(E)", "모르겠습니다"]
      return GenerateResult(
        promptTokens: request.prompt.utf8.count, text: texts[place], tokens: 2)
    }
  }
}

/// A model that gives fixed results.
struct CannedModel: LanguageModel {
  let identity = ModelIdentity(name: "canned", sha256: nil, numerics: nil, parameters: nil)
  var scores: [ScoreResult] = []
  var texts: [GenerateResult] = []

  func score(
    _ requests: [ScoreRequest], progress: ExamProgress
  ) throws -> [ScoreResult] { scores }

  func generate(
    _ requests: [GenerateRequest], progress: ExamProgress
  ) throws -> [GenerateResult] { texts }
}

/// A model that knows what every option says, wherever it stands: it prefers the longest.
struct ContentModel: LanguageModel {
  let identity = ModelIdentity(name: "content", sha256: nil, numerics: nil, parameters: nil)

  func score(
    _ requests: [ScoreRequest], progress: ExamProgress
  ) throws -> [ScoreResult] {
    requests.map { request in
      let lines = request.prompt.split(separator: "\n")
      let logits = request.continuations.map { letter in
        let mark = letter.dropFirst() + ". "
        return Float(lines.last { $0.hasPrefix(mark) }?.utf8.count ?? 0)
      }
      return ScoreResult(promptTokens: 1, kind: .logit, optionLogits: logits)
    }
  }

  func generate(
    _ requests: [GenerateRequest], progress: ExamProgress
  ) throws -> [GenerateResult] { [] }
}
