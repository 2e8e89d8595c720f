public import Cryptography
internal import MedaiCore
public import SystemPackage

/// Values that the record itself already tells about its patient, to be found in its text.
public struct KnownValues: Sendable {
  /// Type and well-formed NFC UTF-8 of each value.
  public var values: [(type: IdentifierType, bytes: [UInt8])]

  /// Nothing is known.
  public init() { values = [] }
}

/// Every rule that finds identifiers, built once and shared by all workers.
public struct Detectors: Sendable {
  /// Digest of the rules' version and of every data file they use; part of the evidence.
  public let digest: Digest

  /// The version of the rules; it enters the digest and grows with every change of a result.
  public static let version = 4

  private let lexicon: Lexicon
  private let tagger: Tagger?
  private let site: SiteRules
  private let search: SiteSearch?

  /// Loads the word lists.
  ///
  /// - Parameters:
  ///   - folder: The module's resource folder; `nil` looks where the program is installed.
  ///   - site: What the hospital adds.
  ///   - search: The hospital's own words and patterns.
  /// - Throws: `LexiconError` where a list is missing or malformed, `FileError`.
  public init(
    resources folder: FilePath? = nil, site: SiteRules = SiteRules(), search: SiteSearch? = nil
  ) throws {
    guard let folder = folder ?? resourceFolder(of: "Deidentification") else {
      throw LexiconError.noResources
    }
    var hash = SHA256()
    hash.update(Array("medai detectors \(Self.version)\n".utf8))
    for name in try folderEntries(folder) {
      let bytes = try readFile(folder.appending(name))
      hash.update(Array("\(name) \(bytes.count)\n".utf8))
      hash.update(bytes)
    }
    for shape in site.recordNumberShapes {
      hash.update(Array("shape \(shape.count)\n".utf8))
      hash.update(shape)
    }
    if let search { hash.update(search.description) }
    digest = hash.finalize()
    lexicon = try Lexicon(folder: folder)
    let model = folder.appending(Self.modelName)
    tagger =
      fileExists(model) ? Tagger(try TaggerModel(bytes: readFile(model))) : nil
    self.site = site
    self.search = search
  }

  /// The rules alone, which say why; the tagger only says how likely.
  package var rulesAlone: Detectors { Detectors(rulesOf: self) }

  private init(rulesOf other: Detectors) {
    digest = other.digest
    lexicon = other.lexicon
    site = other.site
    search = other.search
    tagger = nil
  }

  /// Finds identifiers.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8; offsets refer to these bytes whatever normalisation the rules use
  ///     inside.
  ///   - known: What the record tells about its patient.
  /// - Returns: Disjoint spans in ascending order.
  public func spans(in text: [UInt8], known: KnownValues = KnownValues()) -> [IdentifierSpan] {
    var searcher = Searcher(page: Page(text), lexicon: lexicon, site: site, explaining: false)
    search(&searcher, known)
    return Self.resolve(searcher).kept.map { Self.span($0, on: searcher.page) }
  }

  /// Lists every candidate with the evidence for and against it, in the order of the text.
  ///
  /// Slower than `spans`; the kept candidates are the same.
  public func explain(
    in text: [UInt8], known: KnownValues = KnownValues()
  ) -> [CandidateExplanation] {
    var searcher = Searcher(page: Page(text), lexicon: lexicon, site: site, explaining: true)
    search(&searcher, known)
    let page = searcher.page
    let outcome = Self.resolve(searcher)
    var list: [CandidateExplanation] = []
    for (candidates, verdict) in [
      (outcome.kept, CandidateVerdict.kept), (outcome.outranked, .outranked),
      (searcher.refused, .refused),
    ] {
      for candidate in candidates {
        list.append(
          CandidateExplanation(
            span: Self.span(candidate, on: page), evidenceFor: candidate.reasons.names,
            evidenceAgainst: candidate.objections.names, verdict: verdict))
      }
    }
    return list.enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }.map(\.element)
  }

  /// The tagger's data file among the resources.
  package static let modelName = "tagger.model"

  private func search(_ searcher: inout Searcher, _ known: KnownValues) {
    searcher.search(known)
    if let search { searcher.findSite(search) }
    guard let tagger, searcher.page.hasContext else { return }
    let rules = Self.resolve(searcher).kept
    let features = TaggerFeatures(
      page: searcher.page, words: searcher.words, lexicon: lexicon, kept: rules,
      refused: searcher.refused)
    searcher.weigh(tagger.tag(features), against: rules)
  }

  /// What the tagger reads of a text, for training it.
  ///
  /// - Parameters:
  ///   - text: Well-formed UTF-8.
  ///   - withRules: Whether it sees what the rules decided.
  /// - Returns: The features of every unit.
  package func taggerInput(for text: [UInt8], withRules: Bool = true) -> TaggerInput {
    var searcher = Searcher(page: Page(text), lexicon: lexicon, site: site, explaining: false)
    searcher.search(KnownValues())
    return TaggerFeatures(
      page: searcher.page, words: searcher.words, lexicon: lexicon,
      kept: withRules ? Self.resolve(searcher).kept : [], refused: searcher.refused
    ).input()
  }

  private static func resolve(_ searcher: Searcher) -> Resolver.Outcome {
    let page = searcher.page
    return Resolver.resolve(searcher.candidates, count: page.count) { unit in
      switch page.kind(unit) {
      case .digit, .upper, .lower, .hangul, .han: true
      case .other, .space, .newline: false
      }
    }
  }

  private static func span(_ candidate: Candidate, on page: Page) -> IdentifierSpan {
    let bytes = page.bytes(candidate.start, candidate.end)
    return IdentifierSpan(
      start: bytes.lowerBound, end: bytes.upperBound, type: candidate.type,
      detector: "\(candidate.detector)",
      permille: max(0, min(1000, candidate.permille)))
  }
}
