public import Cryptography
internal import MedaiCore
internal import MedaiText

/// Turns text that may name people into text that a policy has been applied to.
///
/// Immutable and shared by all workers; the same text, subject, policy and key give the same bytes.
public struct Deidentifier: Sendable {
  /// What becomes of each type.
  public let policy: Policy
  /// The key, by its id only.
  public var keyID: String { replacer.key.id }
  /// Digest of the rules that find identifiers.
  public let detectorsDigest: Digest
  let replacer: Replacer
  private let detect: @Sendable ([UInt8], KnownValues) -> [IdentifierSpan]

  /// A de-identifier with medai's own detectors.
  public init(policy: Policy, key: PseudonymKey, detectors: Detectors) {
    self.init(policy: policy, key: key, detectorsDigest: detectors.digest) { text, known in
      detectors.spans(in: text, known: known)
    }
  }

  /// A de-identifier with detectors of the caller, for tests.
  package init(
    policy: Policy, key: PseudonymKey, detectorsDigest: Digest,
    detect: @escaping @Sendable ([UInt8], KnownValues) -> [IdentifierSpan]
  ) {
    self.policy = policy
    self.detectorsDigest = detectorsDigest
    self.detect = detect
    replacer = Replacer(policy: policy, key: key)
  }

  /// Whose text it is, as far as the record tells.
  public struct Subject: Sendable {
    /// The patient's id in the source, empty where unknown.
    public var patient: [UInt8]
    /// The document's id or path: dates of a record without a patient move by it.
    public var document: [UInt8]
    /// What the record and the patient table tell about the patient.
    public var known: KnownValues

    /// A subject.
    public init(
      patient: [UInt8] = [], document: [UInt8] = [], known: KnownValues = KnownValues()
    ) {
      self.patient = patient
      self.document = document
      self.known = known
    }
  }

  /// A result: the text and what was done to it.
  public struct Redaction: Sendable {
    /// What may be released.
    public let text: RedactedText
    /// Every identifier that was found, in order.
    public let spans: [AppliedSpan]
  }

  /// De-identifies one text.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - subject: Whose it is.
  ///   - field: Where it lies in its record, for the spans.
  ///   - withText: Whether spans carry the identifiers themselves.
  /// - Returns: What may be released, and every identifier that was found.
  public func redact(
    _ source: borrowing SourceText, subject: Subject, field: String = "/text",
    withText: Bool = false
  ) -> Redaction {
    var scope = scope(for: subject, encoding: .utf8, withText: withText)
    let bytes = redact(source.bytes, field: field, scope: &scope)
    return Redaction(text: RedactedText(redacted: bytes), spans: scope.spans)
  }

  /// The identifiers of one text as the detectors give them, before a policy.
  public func candidates(
    in source: borrowing SourceText, known: KnownValues = KnownValues()
  ) -> [IdentifierSpan] {
    found(in: source.bytes, known: known)
  }

  /// The identifiers of well-formed UTF-8 as the detectors give them, in order.
  func found(in text: [UInt8], known: KnownValues) -> [IdentifierSpan] {
    Self.disjoint(detect(text, known), in: text)
  }

  // MARK: Inside a record

  /// What the texts of one record share.
  struct Scope {
    var context: Replacer.Context
    var known: KnownValues
    var encoding: TextEncoding
    var withText: Bool
    var spans: [AppliedSpan] = []
    /// Tokens that were given, where they are wanted.
    var links: [TokenLink]?
    /// The first year that a date of the record names.
    var year: Int?
    /// The latest year of the record's structured dates.
    var latestYear: Int?
  }

  func scope(for subject: Subject, encoding: TextEncoding, withText: Bool) -> Scope {
    var context = Replacer.Context()
    context.patient = subject.patient
    // The two kinds of subject are kept apart: a document may be called like a patient.
    context.shiftSubject =
      subject.patient.isEmpty
      ? Array("document:".utf8) + subject.document : Array("patient:".utf8) + subject.patient
    return Scope(context: context, known: subject.known, encoding: encoding, withText: withText)
  }

  /// De-identifies well-formed UTF-8 and notes the spans.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - field: Where it lies.
  ///   - also: Findings beyond those of the detectors.
  ///   - whole: The type of a structured field: what its detectors leave over goes as a whole.
  ///   - scope: What the record's texts share.
  /// - Returns: The text as it may be released; the same bytes where nothing was found.
  func redact(
    _ text: [UInt8], field: String, also: [IdentifierSpan] = [],
    whole: (type: IdentifierType, detector: String)? = nil, scope: inout Scope
  ) -> [UInt8] {
    if text.isEmpty { return text }
    var found: [IdentifierSpan]
    if let whole {
      let start = text.firstIndex { $0 > 0x20 } ?? text.count
      let end = (text.lastIndex { $0 > 0x20 } ?? -1) + 1
      if start >= end { return text }
      found = [
        IdentifierSpan(
          start: start, end: end, type: whole.type, detector: whole.detector, permille: 1000)
      ]
    } else {
      found = Self.disjoint(detect(text, scope.known) + also, in: text)
    }
    if found.isEmpty { return text }
    return apply(found, to: text, field: field, scope: &scope)
  }

  private func apply(
    _ found: [IdentifierSpan], to text: [UInt8], field: String, scope: inout Scope
  ) -> [UInt8] {
    let dates = found.map { span in
      span.type == .date ? DateForm(Array(text[span.start..<span.end])) : nil
    }
    var year = scope.year ?? dates.lazy.compactMap { $0?.year }.first
    var result: [UInt8] = []
    result.reserveCapacity(text.count + 64)
    var copied = 0
    var counter = ScalarCounter()
    let sentences = removedSentences(around: found, in: text)
    var sentence = sentences.makeIterator()
    var gone = sentence.next()
    for (index, span) in found.enumerated() {
      if let written = dates[index]?.year { year = written }
      if let year { scope.context.contextYear = year }
      let original = Array(text[span.start..<span.end])
      let action = policy.rule(for: span.type).action
      var written = replacer.replacement(for: original, type: span.type, context: scope.context)
      if let bytes = written, !fits(bytes, scope.encoding) { written = replacer.tag(span.type) }
      let start = counter.scalars(before: span.start, in: text)
      let end = counter.scalars(before: span.end, in: text)
      scope.spans.append(
        AppliedSpan(
          start: start, end: end, type: span.type, detector: span.detector,
          permille: span.permille, action: action.name, replacement: written ?? [], field: field,
          text: scope.withText ? original : nil))
      while let range = gone, range.upperBound <= span.start { gone = sentence.next() }
      if let range = gone, range.contains(span.start) {
        // Everything in the sentence goes with it.
        scope.spans[scope.spans.count - 1].replacement = []
        if copied < range.lowerBound { result += text[copied..<range.lowerBound] }
        copied = max(copied, range.upperBound)
        continue
      }
      guard let written else { continue }
      if case .token = action {
        scope.links?.append(
          TokenLink(kind: span.type.rawValue, token: written, original: original))
      }
      // A repair before may already have gone past the start only by a particle, never into here.
      result += text[copied..<span.start]
      result += written
      copied = span.end
      let next = index + 1 < found.count ? found[index + 1].start : text.count
      let limit = min(next, gone?.lowerBound ?? next)
      if span.type == .date {
        if case .dateShift = action, dates[index] != nil,
          let fix = Weekday.repair(
            in: text, at: span.end, by: replacer.shift(for: scope.context.shiftSubject)),
          fix.range.upperBound <= limit
        {
          result += text[copied..<fix.range.lowerBound] + fix.written
          copied = fix.range.upperBound
        }
      } else if let old = Particle.ending(of: original), let new = Particle.ending(of: written),
        let fix = Particle.repair(in: text, at: span.end, from: old, to: new),
        span.end + fix.taken <= limit
      {
        result += fix.written
        copied = span.end + fix.taken
      }
    }
    result += text[copied...]
    scope.year = year
    return result
  }

  /// The sentences that the policy removes, in order and apart.
  private func removedSentences(
    around found: [IdentifierSpan], in text: [UInt8]
  ) -> [Range<Int>] {
    guard found.contains(where: { policy.rule(for: $0.type).action == .removeSentence }) else {
      return []
    }
    return SentenceCutter(text, spans: found).sentences { span in
      policy.rule(for: span.type).action == .removeSentence
    }
  }

  private func fits(_ bytes: [UInt8], _ encoding: TextEncoding) -> Bool {
    encoding == .utf8 || scalars(of: bytes).allSatisfy(CP949.canEncode)
  }

  /// Ascending spans that do not overlap, on scalar boundaries, whatever a detector gave: overlaps
  /// become one span, so that no part of either is released.
  private static func disjoint(_ spans: [IdentifierSpan], in text: [UInt8]) -> [IdentifierSpan] {
    var result: [IdentifierSpan] = []
    for var span in spans.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) {
      span.start = min(max(0, span.start), text.count)
      span.end = min(max(span.start, span.end), text.count)
      while span.start > 0, span.start < text.count, text[span.start] & 0xC0 == 0x80 {
        span.start -= 1
      }
      while span.end < text.count, text[span.end] & 0xC0 == 0x80 { span.end += 1 }
      if span.start == span.end { continue }
      if let last = result.last, span.start < last.end {
        result[result.count - 1].end = max(last.end, span.end)
      } else {
        result.append(span)
      }
    }
    return result
  }
}

extension Deidentifier {
  /// Keyed token of a record's id.
  package func token(ofRecord id: String) -> String {
    replacer.key.token("deid.record.v1", Array(id.utf8))
  }

  /// Keyed token of a file's path.
  package func token(ofPath path: [UInt8]) -> String {
    replacer.key.token("deid.path.v1", path)
  }

  /// The whole keyed code of a file's path, for the audit log: whoever holds the key can show under
  /// which path a file was read.
  package func code(ofPath path: [UInt8]) -> Digest {
    replacer.key.hash.code(purpose: "deid.path-code.v1", [path])
  }
}
