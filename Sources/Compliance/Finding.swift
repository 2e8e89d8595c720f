/// What a check says about one record, entry, section or the whole of its evidence.
///
/// A finding holds places and numbers; the text it speaks of may be a patient's.
public struct Finding: Sendable {
  /// The output record's id as the input wrote it; `nil` where the whole evidence is meant.
  public let record: String?
  /// What the check says, before the strength of a control softens it.
  public let verdict: Verdict
  /// How loudly.
  public let severity: Severity
  /// First Unicode scalar of the place in the output.
  public let start: Int?
  /// One past its last scalar.
  public let end: Int?
  /// Why.
  public let reason: Reason
  /// Log entries it rests on.
  public let entries: [Int]

  /// A finding; the severity follows from the verdict unless it is given.
  public init(
    _ verdict: Verdict, _ reason: Reason, record: String? = nil, severity: Severity? = nil,
    start: Int? = nil, end: Int? = nil, entries: [Int] = []
  ) {
    self.record = record
    self.verdict = verdict
    self.severity = severity ?? Finding.severity(of: verdict)
    self.start = start
    self.end = end
    self.reason = reason
    self.entries = entries
  }

  private static func severity(of verdict: Verdict) -> Severity {
    switch verdict {
    case .fail: .error
    case .partial, .insufficientEvidence: .warning
    case .needsPerson: .advice
    case .pass, .notApplicable, .notAssessed: .info
    }
  }
}

/// A finding seen from one control that its check serves.
public struct ControlFinding: Sendable {
  /// The guideline.
  public let guideline: String
  /// The control.
  public let control: String
  /// The check.
  public let check: String
  /// The verdict after the control's strength and source were weighed.
  public let verdict: Verdict
  /// The severity after the same.
  public let severity: Severity
  /// What the check said.
  public let finding: Finding
}
