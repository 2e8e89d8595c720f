/// A tag of a page as a plain reader of HTML sees it.
struct ScannedTag: Equatable {
  /// Lower-case name; `/name` for an end tag.
  var name: String
  /// Attribute names and values in their order.
  var attributes: [(name: String, value: String)]

  func value(of name: String) -> String? { attributes.first { $0.name == name }?.value }

  static func == (left: ScannedTag, right: ScannedTag) -> Bool {
    left.name == right.name && left.attributes.map(\.name) == right.attributes.map(\.name)
  }
}

/// Reads the tags of a page without knowing how it was made: a small reader of its own, so that a
/// fault of the escaping cannot hide.
func scanTags(_ page: [UInt8]) -> [ScannedTag] {
  var tags: [ScannedTag] = []
  var at = 0
  func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
  func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  while at < page.count {
    let next = at + 1 < page.count ? page[at + 1] : 0
    guard page[at] == 0x3C, isLetter(next) || next == 0x2F else {
      at += 1
      continue
    }
    var end = at + 1
    while end < page.count, !isSpace(page[end]), page[end] != 0x3E { end += 1 }
    var tag = ScannedTag(
      name: String(decoding: page[at + 1..<end], as: UTF8.self).lowercased(), attributes: [])
    while end < page.count, page[end] != 0x3E {
      while end < page.count, isSpace(page[end]) || page[end] == 0x2F { end += 1 }
      let start = end
      while end < page.count, !isSpace(page[end]), ![0x3D, 0x3E, 0x2F].contains(page[end]) {
        end += 1
      }
      if start == end { continue }
      let name = String(decoding: page[start..<end], as: UTF8.self)
      var value = ""
      if end + 1 < page.count, page[end] == 0x3D, page[end + 1] == 0x22 {
        let first = end + 2
        end = first
        while end < page.count, page[end] != 0x22 { end += 1 }
        value = String(decoding: page[first..<end], as: UTF8.self)
        end += 1
      } else if page[end] == 0x3D {
        value = "(unquoted)"
        end += 1
      }
      tag.attributes.append((name: name, value: value))
    }
    if tag.name.hasSuffix("/") { tag.name.removeLast() }
    tags.append(tag)
    at = end + 1
    // The style sheet holds no tags.
    if tag.name == "style" {
      while at + 7 < page.count, !page[at...].starts(with: "</style".utf8) { at += 1 }
    }
  }
  return tags
}
