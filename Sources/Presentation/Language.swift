/// A language that messages and reports are written in.
public enum Language: String, Sendable, Hashable, CaseIterable {
  /// Korean.
  case korean = "ko"
  /// English.
  case english = "en"

  /// Reads the value of `--lang`; `nil` for a word that is no language, so that the command can
  /// refuse it.
  ///
  /// - Parameter option: `ko` or `en`, in any case of ASCII letters.
  public init?(option: String) {
    switch asciiLowercased(option.utf8) {
    case Array("ko".utf8): self = .korean
    case Array("en".utf8): self = .english
    default: return nil
    }
  }

  /// Chooses the language from the locale variables, as POSIX orders them.
  ///
  /// The first that is set and not empty decides: `LC_ALL`, then `LC_MESSAGES`, then `LANG`.
  /// A locale whose language is Korean (`ko`, `ko_KR.UTF-8`, `korean`) gives Korean, any other
  /// English.
  ///
  /// - Parameters:
  ///   - lcAll: The value of `LC_ALL`.
  ///   - lcMessages: The value of `LC_MESSAGES`.
  ///   - lang: The value of `LANG`.
  public init(lcAll: String?, lcMessages: String?, lang: String?) {
    let chosen = [lcAll, lcMessages, lang].lazy.compactMap { $0 }.first { !$0.isEmpty }
    let word = (chosen ?? "").utf8.prefix { $0 != 0x5F && $0 != 0x2D && $0 != 0x2E && $0 != 0x40 }
    let language = asciiLowercased(word)
    self = language == Array("ko".utf8) || language == Array("korean".utf8) ? .korean : .english
  }
}

/// The bytes with ASCII capitals made small.
private func asciiLowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
}
