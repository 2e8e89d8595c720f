/// A text in Korean and in English.
public struct Bilingual: Sendable, Hashable {
  /// The Korean text.
  public let ko: String
  /// The English text.
  public let en: String

  /// A text in both languages.
  public init(ko: String, en: String) {
    self.ko = ko
    self.en = en
  }

  /// A text that is the same in both languages, such as a name.
  public init(_ text: String) { self.init(ko: text, en: text) }

  /// The text in one language; the other one where that is empty.
  public subscript(language: Language) -> String {
    switch language {
    case .korean: ko.isEmpty ? en : ko
    case .english: en.isEmpty ? ko : en
    }
  }
}
