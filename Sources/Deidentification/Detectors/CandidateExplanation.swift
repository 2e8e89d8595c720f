/// What became of a candidate.
public enum CandidateVerdict: String, Sendable {
  /// It is among the spans.
  case kept
  /// A rule for or against it decided that it is no identifier.
  case refused
  /// A stronger candidate covers some of the same bytes.
  case outranked
}

/// One stretch of text that a rule looked at, and why it was kept or left.
///
/// Codes only: an explanation may be logged, the text may not.
public struct CandidateExplanation: Sendable, Equatable {
  /// The candidate; `permille` is 0 where it was refused outright.
  public let span: IdentifierSpan
  /// Codes of the evidence for it, for example `left-cue`, `check-digit`.
  public let evidenceFor: [String]
  /// Codes of the evidence against it, for example `impossible-date`, `clinical-word`.
  public let evidenceAgainst: [String]
  /// What became of it.
  public let verdict: CandidateVerdict
}
