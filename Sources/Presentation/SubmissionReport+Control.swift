extension SubmissionReport {
  /// One judged control.
  public struct Control: Sendable {
    /// Its id, unique within the report.
    public var id: String
    /// The id of its guideline.
    public var guideline: String
    /// A short title.
    public var title: Bilingual
    /// The requirement.
    public var statement: Bilingual
    /// How binding it is, such as `LAW` or `GL`, for a reader.
    public var strength: Bilingual
    /// The kind of source and how far it was seen.
    public var sourceClass: Bilingual
    /// Whose duty it is.
    public var who: Bilingual
    /// Document, edition and article.
    public var citation: Bilingual
    /// The verdict.
    public var verdict: ReportVerdict
    /// Why.
    public var reason: Bilingual
    /// What the checks found.
    public var findings: [Finding]
    /// How many findings there were, where the list is a sample of them.
    public var findingCount: Int
    /// The entries of the log that the verdict rests on.
    public var evidence: [Evidence]
    /// How to check the verdict by hand, one step a line.
    public var checkByHand: [Bilingual]

    /// A control; `findingCount` defaults to the findings listed.
    public init(
      id: String, guideline: String, title: Bilingual, statement: Bilingual, strength: Bilingual,
      sourceClass: Bilingual, who: Bilingual, citation: Bilingual, verdict: ReportVerdict,
      reason: Bilingual, findings: [Finding] = [], findingCount: Int? = nil,
      evidence: [Evidence] = [], checkByHand: [Bilingual] = []
    ) {
      self.id = id
      self.guideline = guideline
      self.title = title
      self.statement = statement
      self.strength = strength
      self.sourceClass = sourceClass
      self.who = who
      self.citation = citation
      self.verdict = verdict
      self.reason = reason
      self.findings = findings
      self.findingCount = findingCount ?? findings.count
      self.evidence = evidence
      self.checkByHand = checkByHand
    }
  }

  /// One finding of a check on a record.
  public struct Finding: Sendable {
    /// The record's id or token; never its text.
    public var record: String
    /// The check.
    public var check: String
    /// How grave.
    public var severity: Bilingual
    /// Why.
    public var reason: Bilingual

    /// A finding.
    public init(record: String, check: String, severity: Bilingual, reason: Bilingual) {
      self.record = record
      self.check = check
      self.severity = severity
      self.reason = reason
    }
  }

  /// An entry of the log, with the proof that it is in the checkpoint.
  public struct Evidence: Sendable {
    /// The index of the entry.
    public var entry: Int
    /// The type of the event.
    public var type: String
    /// SHA-256 of the leaf, in hexadecimal.
    public var leafSHA256: String
    /// The size of the tree that the proof is for.
    public var treeSize: Int
    /// The hashes of the inclusion proof in hexadecimal, from the leaf upwards.
    public var proof: [String]

    /// An evidence reference.
    public init(entry: Int, type: String, leafSHA256: String, treeSize: Int, proof: [String]) {
      self.entry = entry
      self.type = type
      self.leafSHA256 = leafSHA256
      self.treeSize = treeSize
      self.proof = proof
    }
  }
}
