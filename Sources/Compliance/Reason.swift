/// Why a verdict is what it is: a stable code, its sentence in two languages, and details that are
/// never taken from a prompt, an output or a record.
public struct Reason: Sendable, Equatable {
  /// The stable code.
  public let code: ReasonCode
  /// Numbers, field names, rule ids: what the sentence's `{0}`, `{1}` stand for.
  public let details: [String]

  /// A reason; the caller vouches that the details hold no text of a patient.
  public init(_ code: ReasonCode, _ details: String...) {
    self.code = code
    self.details = details
  }

  /// The sentence in Korean.
  public var korean: String { filled(code.sentences.korean) }
  /// The sentence in English.
  public var english: String { filled(code.sentences.english) }

  private func filled(_ template: String) -> String {
    var text: [UInt8] = []
    var bytes = Array(template.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "{"), let digit = bytes.first, digit &- 0x30 < 10,
        bytes.dropFirst().first == UInt8(ascii: "}")
      else {
        text.append(byte)
        continue
      }
      bytes.removeFirst(2)
      let index = Int(digit &- 0x30)
      text += index < details.count ? Array(details[index].utf8) : []
    }
    return String(decoding: text, as: UTF8.self)
  }
}
