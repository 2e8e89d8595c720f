internal import Mustache

/// How the template engine writes a value into a page.
///
/// The engine's own escaping goes by `Character` and so misses a quote that carries a combining
/// mark, which would end an attribute. This one goes by scalar, and shows controls, invisible
/// characters and changes of writing direction instead of passing them on.
struct PageEscaping: MustacheContentType {
  /// The name by which every template chooses it, in its first line.
  static let name = "MEDAI"

  func escapeText(_ text: String) -> String {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count)
    for byte in visible(text).utf8 {
      switch byte {
      case UInt8(ascii: "<"): escaped += "&lt;".utf8
      case UInt8(ascii: ">"): escaped += "&gt;".utf8
      case UInt8(ascii: "&"): escaped += "&amp;".utf8
      case UInt8(ascii: "\""): escaped += "&quot;".utf8
      case UInt8(ascii: "'"): escaped += "&#39;".utf8
      default: escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  /// Makes the name known to the engine, which keeps such names in a table of its own.
  static func registerOnce() { registered }

  private static let registered: Void = MustacheContentTypes.register(PageEscaping(), named: name)
}
