public import Cryptography

/// What was found out about every requirement of one or more guidelines.
public struct Assessment: Sendable {
  /// The guidelines in the order they were named.
  public let guidelines: [GuidelineAssessment]
  /// The checks that were asked, in the binary's order.
  public let checks: [CheckRun]
  /// The trail it was made at.
  public let trail: TrailVerdict?
  /// Output records read.
  public let records: Int?
  /// Digests of the documents read: name and SHA-256.
  public let documents: [(name: String, sha256: Digest)]
  /// Digest of the wording rules.
  public let wordingSHA256: Digest

  /// Every finding in order of guideline, control, check and place: the set that JSON and SARIF
  /// carry.
  public var findings: [ControlFinding] {
    guidelines.flatMap { $0.controls.flatMap(\.findings) }
  }

  /// The verdict that has to be seen first: the worst of all controls in scope. An edition without
  /// controls counts as `not-assessed`; nothing to judge is `not-assessed` too.
  public var conclusion: Verdict {
    let verdicts = guidelines.flatMap { guideline in
      guideline.controls.isEmpty
        ? [.notAssessed] : guideline.controls.filter(\.isInScope).map(\.verdict)
    }
    return verdicts.max { $0.rank < $1.rank } ?? .notAssessed
  }

  /// The exit status that the command contract gives this conclusion: 0, 1 or 2.
  public var exitStatus: Int32 {
    switch conclusion {
    case .pass, .notApplicable: 0
    case .fail: 1
    case .partial, .insufficientEvidence, .needsPerson, .notAssessed: 2
    }
  }
}

/// What was found out about one guideline.
public struct GuidelineAssessment: Sendable {
  /// The catalogue.
  public let catalog: Catalog
  /// The controls in the catalogue's order.
  public let controls: [ControlAssessment]

  /// How many controls have each verdict, in the order of `Verdict.allCases`.
  public var counts: [(verdict: Verdict, count: Int)] {
    Verdict.allCases.map { verdict in
      (verdict: verdict, count: controls.count { $0.verdict == verdict })
    }
  }

  /// Why the guideline as a whole was not assessed, where it holds no control.
  public var reason: Reason? { controls.isEmpty ? Reason(.editionWithoutControls) : nil }
}

/// What was found out about one requirement.
public struct ControlAssessment: Sendable {
  /// The requirement.
  public let control: Control
  /// The verdict.
  public let verdict: Verdict
  /// Why, most telling first.
  public let reasons: [Reason]
  /// What its checks found.
  public let findings: [ControlFinding]
  /// Log entries the findings rest on, ascending.
  public let entries: [Int]
  /// Whether this run looked at it.
  public let isInScope: Bool
}

/// A check that took part.
public struct CheckRun: Sendable {
  /// Its id.
  public let id: String
  /// Its version.
  public let version: Int
}

/// Judges evidence against guidelines; equal arguments give equal bytes in every rendering.
///
/// - Parameters:
///   - guidelines: The catalogues, in the order of the report.
///   - evidence: What there is.
///   - tools: Wording rules and the identifier scan.
///   - scope: The kinds of evidence this run is about; `nil` for all. A check that reads another kind
///     is left out, and a control left without checks is `not-assessed`; evidence that is missing
///     inside the scope is `insufficient-evidence`.
///   - checks: The checks the binary has.
/// - Returns: The assessment; it never fails, missing evidence is a verdict.
public func assess(
  guidelines: [Catalog], evidence: Evidence, tools: CheckTools, scope: [EvidenceKind]? = nil,
  checks: [any Check] = allChecks
) -> Assessment {
  var tools = tools
  tools.parameters = guidelines.flatMap(\.parameters)
  var assessor = Assessor(evidence: evidence, tools: tools, scope: scope, checks: checks)
  let results = guidelines.map { assessor.assess($0) }
  return Assessment(
    guidelines: results, checks: assessor.runs, trail: evidence.trail?.verdict,
    records: evidence.outputs?.count, documents: evidence.documents,
    wordingSHA256: tools.wording.sha256)
}

extension Evidence {
  fileprivate var documents: [(name: String, sha256: Digest)] {
    var documents: [(name: String, sha256: Digest)] = []
    if let exam { documents.append((name: "exam", sha256: exam.sha256)) }
    if let deidentification {
      documents.append((name: "deidentification", sha256: deidentification.sha256))
    }
    if let submission { documents.append((name: "submission", sha256: submission.sha256)) }
    return documents
  }
}
