import Foundation
import MedaiCore
import MedaiTestSupport
import Presentation
import SystemPackage
import Testing

private let resources = repositoryRoot().appending("Sources/Presentation/Resources")

private func text(_ name: String) throws -> String {
  String(decoding: try readFile(resources.appending(name)), as: UTF8.self)
}

@Test func everyTemplateChoosesOurEscaping() throws {
  let names = try folderEntries(resources).filter { $0.hasSuffix(".mustache") }
  #expect(names == PageTemplates.names.map { "\($0).mustache" }.sorted())
  for name in names {
    let text = try text(name)
    #expect(text.hasPrefix("{{% CONTENT_TYPE: MEDAI}}\n"), "\(name)")
    // Only the style sheet, which is ours, goes in as it is.
    #expect(text.components(separatedBy: "{{{").count == (name == "head.mustache" ? 2 : 1))
    #expect(!text.contains("{{&"), "\(name)")
  }
}

@Test func everyPhraseIsUsedAndEveryUsedPhraseExists() throws {
  let phrases = try parseJSON(try readFile(resources.appending("phrases.json"))).object
  let known = Set((phrases?.members ?? []).map(\.key))
  var used: Set<String> = []
  for name in PageTemplates.names {
    for part in try text("\(name).mustache").components(separatedBy: "{{t.").dropFirst() {
      used.insert(String(part.prefix { $0 != "}" }))
    }
  }
  #expect(used == known)
  for (key, value) in phrases?.members ?? [] {
    let korean = value["ko"]?.string ?? ""
    #expect(
      korean.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) } || key == "digests")
  }
}

/// The engine writes nothing for a name it does not find, so a slip of the pen would go unseen.
@Test func everyNameInATemplateIsGivenByTheSources() throws {
  let folder = repositoryRoot().appending("Sources/Presentation")
  var sources = ""
  for name in try folderEntries(folder) where name.hasSuffix(".swift") {
    sources += String(decoding: try readFile(folder.appending(name)), as: UTF8.self)
  }
  for template in PageTemplates.names {
    for part in try text("\(template).mustache").components(separatedBy: "{{").dropFirst() {
      let tag = part.drop { "#^/{".contains($0) }
      let name = String(tag.prefix { $0 != "}" && $0 != "." })
      if tag.hasPrefix("%") || tag.hasPrefix(">") || name == "t" || name.isEmpty { continue }
      #expect(sources.contains("\"\(name)\""), "\(template): \(name)")
    }
  }
}

@Test func aMissingFolderOrFileIsATypedError() throws {
  try withScratchFolder { folder in
    #expect(throws: PresentationError.noTemplates) { try PageTemplates(from: folder) }
    #expect(throws: PresentationError.noTemplates) {
      try PageTemplates(from: folder.appending("nowhere"))
    }
    for name in try folderEntries(resources) where name != "page.css" {
      try writeDurably(try readFile(resources.appending(name)), to: folder.appending(name))
    }
    #expect(throws: PresentationError.unreadableTemplate(name: "page.css")) {
      try PageTemplates(from: folder)
    }
    try writeDurably([0xFF], to: folder.appending("page.css"))
    #expect(throws: PresentationError.unreadableTemplate(name: "page.css")) {
      try PageTemplates(from: folder)
    }
    try writeDurably([], to: folder.appending("page.css"))
    _ = try PageTemplates(from: folder)
    for broken in ["[]", "{", "{\"a\": {\"ko\": \"가\"}}", "{\"a\": {\"ko\": \"\", \"en\": \"x\"}}"]
    {
      try writeDurably(Array(broken.utf8), to: folder.appending("phrases.json"))
      #expect(throws: PresentationError.badPhrases) { try PageTemplates(from: folder) }
    }
    try writeDurably(Array("\n{{#open}}".utf8), to: folder.appending("foot.mustache"))
    #expect(throws: PresentationError.badTemplate(name: "foot", line: 2)) {
      try PageTemplates(from: folder)
    }
  }
  #expect("\(PresentationError.noTemplates)".contains("MEDAI_SHARE"))
}

/// The value of a custom property of the style sheet, as relative luminance (WCAG 2.2).
private func luminance(_ hex: String) throws -> Double {
  let channels = try #require(bytes(fromHex: hex.dropFirst()))
  let linear = channels.map { byte -> Double in
    let value = Double(byte) / 255
    if value <= 0.04045 { return value / 12.92 }
    return pow((value + 0.055) / 1.055, 2.4)
  }
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

@Test func coloursOfTextReachTheContrastOfLevelAA() throws {
  let style = try text("page.css")
  func colour(_ name: String) throws -> String {
    let rest = try #require(style.components(separatedBy: "--\(name): ").dropFirst().first)
    return String(rest.prefix(7))
  }
  func contrast(_ left: String, _ right: String) throws -> Double {
    let pair = [try luminance(try colour(left)), try luminance(try colour(right))].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }
  var pairs = ["ink", "soft", "link", "title"].flatMap { [($0, "paper"), ($0, "faint")] }
  for verdict in ReportVerdict.allCases {
    let name = verdict.rawValue
    pairs += [(name, "paper"), (name, "faint"), (name, "\(name)-tint"), ("ink", "\(name)-tint")]
    // The tally in the verdict's box shows every verdict on that box's tint.
    pairs += ReportVerdict.allCases.map { ($0.rawValue, "\(name)-tint") }
  }
  for (text, ground) in pairs {
    #expect(try contrast(text, ground) >= 4.5, "\(text) on \(ground)")
  }
  #expect(try luminance("#ffffff") == 1)
}
