/// What was found out about one requirement; there is no Boolean that says "compliant".
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  case pass
  case fail
  case partial
  case insufficientEvidence = "insufficient-evidence"
  case needsPerson = "needs-person"
  case notApplicable = "not-applicable"
  case notAssessed = "not-assessed"

  /// Rank for choosing the one that a reader has to see first; higher is worse.
  package var rank: Int {
    switch self {
    case .notApplicable: 0
    case .pass: 1
    case .notAssessed: 2
    case .partial: 3
    case .needsPerson: 4
    case .insufficientEvidence: 5
    case .fail: 6
    }
  }
}

/// How much a requirement binds.
public enum Strength: String, Sendable, Hashable, CaseIterable {
  /// A statute, decree, rule or notice says so.
  case law
  /// A guideline asks for it.
  case guideline
  /// A guideline offers it as an example.
  case example
  /// The law allows it; nothing happens where it is not used.
  case optional
  /// A third party's reading of a guideline.
  case advice
}

/// How the requirement is known.
public enum SourceClass: String, Sendable, Hashable, CaseIterable {
  /// The source itself was read.
  case sourceSeen = "source-seen"
  /// Somebody else's account of the source was read.
  case secondarySource = "secondary-source"
  /// The source names the topic; the step to a requirement is ours.
  case inferred
}

/// Whom a requirement addresses.
public enum Actor: String, Sendable, Hashable, CaseIterable {
  case maker
  case hospital
  /// The business that develops or offers the AI (인공지능사업자).
  case `operator`
}

/// How a requirement is examined.
public enum Method: String, Sendable, Hashable, CaseIterable {
  /// A program can do it.
  case test = "TEST"
  /// A person reads something.
  case examine = "EXAMINE"
  /// A person asks someone.
  case interview = "INTERVIEW"
}

/// How loudly a finding speaks.
public enum Severity: String, Sendable, Hashable, CaseIterable {
  case error
  case warning
  case advice
  case info
}

/// What a check may read.
public enum EvidenceKind: String, Sendable, Hashable, CaseIterable {
  case outputs
  case trail
  case exam
  case deidentification
  case submission
}
