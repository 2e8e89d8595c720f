internal import MedaiCore
internal import Mustache
package import SystemPackage

/// The templates, the style sheet and the phrases of the pages.
package struct PageTemplates {
  private let library: MustacheLibrary
  private let style: String
  private let phrases: [(name: String, text: Bilingual)]

  /// All templates: the three pages and the parts they share.
  package static let names = [
    "chart-exam", "chart-identifiers", "chart-verdicts", "checklist", "control-meta",
    "controls",
    "deidentification", "evidence", "exam", "facts", "figures-deidentification", "figures-exam",
    "foot", "guidelines", "head", "icons", "scope", "submission", "submission-items",
    "verdict",
  ]

  /// Reads the templates from the resources of this module.
  static func load() throws(PresentationError) -> PageTemplates {
    guard let folder = resourceFolder(of: "Presentation") else { throw .noTemplates }
    return try PageTemplates(from: folder)
  }

  /// Reads the templates from a folder.
  ///
  /// - Throws: `PresentationError` naming the file that is missing or faulty.
  package init(from folder: FilePath) throws(PresentationError) {
    guard fileExists(folder.appending("phrases.json")) else { throw .noTemplates }
    PageEscaping.registerOnce()
    library = try Self.templates(in: folder)
    style = try Self.text("page.css", in: folder)
    phrases = try Self.phrases(try Self.text("phrases.json", in: folder))
  }

  private static func templates(
    in folder: FilePath
  ) throws(PresentationError) -> MustacheLibrary {
    var library = MustacheLibrary()
    for name in names {
      let text = try text("\(name).mustache", in: folder)
      do {
        library.register(try MustacheTemplate(string: text), named: name)
      } catch {
        let line = (error as? MustacheTemplate.ParserError)?.context.lineNumber ?? 0
        throw .badTemplate(name: name, line: line)
      }
    }
    return library
  }

  private static func text(
    _ name: String, in folder: FilePath
  ) throws(PresentationError) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(folder.appending(name), maxBytes: 1 << 20)
    } catch { throw .unreadableTemplate(name: name) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unreadableTemplate(name: name)
    }
    return text
  }

  private static func phrases(
    _ text: String
  ) throws(PresentationError) -> [(name: String, text: Bilingual)] {
    let parsed: JSONValue
    do throws(JSONError) { parsed = try parseJSON(Array(text.utf8)) } catch { throw .badPhrases }
    guard let object = parsed.object else { throw .badPhrases }
    var phrases: [(name: String, text: Bilingual)] = []
    for (name, value) in object.members {
      guard let ko = value["ko"]?.string, let en = value["en"]?.string, !ko.isEmpty, !en.isEmpty
      else { throw .badPhrases }
      phrases.append((name: name, text: Bilingual(ko: ko, en: en)))
    }
    return phrases
  }

  /// Renders a page.
  ///
  /// - Parameters:
  ///   - name: The page's template.
  ///   - fields: Its values; every key that a template asks for has one, since the engine would
  ///     look for a missing one further out.
  ///   - language: The language of the phrases.
  /// - Returns: UTF-8.
  /// - Throws: `unreadableTemplate` for a page that is none of `names`.
  func page(
    _ name: String, _ fields: PageFields, _ language: Language
  ) throws(PresentationError) -> [UInt8] {
    var root = fields
    root["lang"] = language.rawValue
    root["style"] = style
    root["t"] = Dictionary(
      phrases.map { ($0.name, $0.text[language]) }, uniquingKeysWith: { first, _ in first })
    guard let text = library.render(root, withTemplate: name) else {
      throw .unreadableTemplate(name: name)
    }
    return Array(text.utf8)
  }
}

/// The values of a page or of a part of it, by the name a template asks for: text, lists and
/// further fields; `false` where there is nothing.
typealias PageFields = [String: Any]

/// The text, or `false` for an empty one, so that a section of a template leaves it out.
func unlessEmpty(_ text: String) -> Any { text.isEmpty ? false : text }

/// The texts of a list in one language.
func sentences(_ texts: [Bilingual], _ language: Language) -> [String] {
  texts.map { $0[language] }
}

extension ReportVerdict {
  /// What the part `verdict` shows.
  func fields(_ language: Language) -> PageFields {
    ["kind": rawValue, "word": word[language]]
  }
}

extension [ReportFact] {
  /// What the part `facts` shows.
  func fields(_ language: Language) -> [PageFields] {
    map { ["label": $0.label[language], "value": $0.value] }
  }
}
