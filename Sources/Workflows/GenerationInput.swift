internal import Auditing
internal import Deidentification
internal import MedaiCore
internal import Presentation
internal import SystemPackage

/// A prompt with what belongs to it.
struct GenerationInput: Sendable {
  var id: String
  var prompt: String
  var context: [String] = []
  var language: String?
  var intendedUse: String?
  /// Whom the vault keeps it for; reaches neither the model nor an output.
  var subject: String?

  /// Reads lines `{"id", "prompt", "context"?, "language"?, "intended_use"?}`.
  ///
  /// - Throws: `Failure` 65 with the line; nothing of a faulty file is asked.
  static func read(_ path: FilePath) throws -> [GenerationInput] {
    var reader = try LineReader(path)
    var inputs: [GenerationInput] = []
    var ids = Set<[UInt8]>()
    while let line = try reader.next() {
      let place = "\(path.string):\(reader.line)"
      let value: JSONValue
      do throws(JSONError) { value = try parseJSON(line) } catch {
        throw malformed(place, "JSON (\(error.reason), \(error.offset))")
      }
      guard let id = value["id"]?.string, let prompt = value["prompt"]?.string else {
        throw malformed(place, "id, prompt")
      }
      guard ids.insert(Array(id.utf8)).inserted else { throw malformed(place, "id") }
      var input = GenerationInput(id: id, prompt: prompt)
      switch value["context"] {
      case nil, .null: break
      case .string(let text): input.context = [text]
      case .array(let elements):
        for element in elements {
          guard let text = element.string else { throw malformed(place, "context") }
          input.context.append(text)
        }
      default: throw malformed(place, "context")
      }
      input.language = value["language"]?.string
      input.intendedUse = value["intended_use"]?.string
      input.subject = value["subject"]?.string
      inputs.append(input)
    }
    if inputs.isEmpty { throw malformed(path.string, "0") }
    return inputs
  }

  private static func malformed(_ place: String, _ what: String) -> Failure {
    Failure(
      .malformed,
      Bilingual(
        ko: "\(place): 질문 레코드를 읽을 수 없습니다 (\(what)).",
        en: "\(place): the prompt record cannot be read (\(what))."),
      hint: Bilingual(
        ko: "한 줄에 하나씩 {\"id\": …, \"prompt\": …} 형식이어야 하고 id 는 서로 달라야 합니다.",
        en: "one object a line, {\"id\": …, \"prompt\": …}, with ids that differ."))
  }

  /// The same prompt with every identifier in it replaced.
  ///
  /// - Parameters:
  ///   - deidentifier: Policy, key and rules.
  ///   - counts: Takes the replacements by type.
  /// - Returns: The prompt; its id is a token unless the policy keeps record ids.
  /// - Throws: `SourceTextError` for text that is not UTF-8, which a `String` always is.
  func redacted(
    by deidentifier: Deidentifier, counts: inout [(Auditing.Identifier, Int)]
  ) throws -> GenerationInput {
    let subject = Deidentifier.Subject(
      document: Array(id.utf8), known: try knownValues(deidentifier))
    func clean(_ text: String, _ counts: inout [(Auditing.Identifier, Int)]) throws -> String {
      let redaction = deidentifier.redact(try SourceText(Array(text.utf8)), subject: subject)
      counts += redaction.spans.map { (identifier($0.type.rawValue), 1) }
      return String(decoding: redaction.text.bytes, as: UTF8.self)
    }
    var result = self
    result.id = deidentifier.policy.keepsRecordID ? id : deidentifier.token(ofRecord: id)
    result.prompt = try clean(prompt, &counts)
    result.language = try language.map { try clean($0, &counts) }
    result.intendedUse = try intendedUse.map { try clean($0, &counts) }
    for index in context.indices { result.context[index] = try clean(context[index], &counts) }
    return result
  }

  /// What any part of the record tells about people, to be found in every other part: a name that
  /// one excerpt introduces stands bare in the next.
  private func knownValues(_ deidentifier: Deidentifier) throws -> KnownValues {
    var known = KnownValues()
    for text in [prompt] + context {
      let bytes = Array(text.utf8)
      for span in deidentifier.candidates(in: try SourceText(bytes)) {
        // Dates and institutions recur in other senses; people and numbers do not.
        if [.date, .age, .hospital, .org].contains(span.type) { continue }
        let value = Array(bytes[span.start..<span.end])
        guard value.count >= (span.type == .name ? 6 : 4),
          !known.values.contains(where: { $0.type == span.type && $0.bytes == value })
        else { continue }
        known.values.append((type: span.type, bytes: value))
      }
    }
    return known
  }
}
