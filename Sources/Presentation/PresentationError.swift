/// Why a page could not be made.
public enum PresentationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder of templates is in none of the places where it is looked for.
  case noTemplates
  /// A file of the template folder is missing or cannot be read.
  case unreadableTemplate(name: String)
  /// A template has a fault at a line.
  case badTemplate(name: String, line: Int)
  /// The phrases are not an object of `{"ko", "en"}` objects.
  case badPhrases
  /// A number that is not finite was given for a figure.
  case notFinite(figure: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .noTemplates:
      "the report templates are missing: set MEDAI_SHARE to the share/medai folder of the "
        + "installation, or build again so that medai_Presentation.resources lies beside medai"
    case .unreadableTemplate(let name):
      "the report template \(name) cannot be read: install medai again"
    case .badTemplate(let name, let line):
      "the report template \(name) has a fault at line \(line): install medai again"
    case .badPhrases:
      "the report phrases (phrases.json) are malformed: install medai again"
    case .notFinite(let figure):
      "the figure \(figure) is not a finite number"
    }
  }
}
