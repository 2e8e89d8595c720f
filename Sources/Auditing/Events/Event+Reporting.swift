public import Cryptography

extension Event {
  /// Outputs were judged against guidelines.
  ///
  /// - Parameters:
  ///   - outputs: SHA-256 of the judged file.
  ///   - records: Records judged.
  ///   - guidelines: Catalogue digests by guideline id.
  ///   - checks: Digests of check parameters and word lists by check id.
  ///   - verdicts: Findings by verdict.
  ///   - controls: Findings by `control/verdict`.
  ///   - profile: Digest of the profile.
  ///   - findings: SHA-256 of the findings file.
  ///   - models: Model digests the records name.
  ///   - egress: Whether anything could leave the machine.
  ///   - exitStatus: The exit status.
  /// - Returns: The event, to be appended.
  public static func checkRun(
    outputs: Digest, records: Int, guidelines: [(Identifier, Digest)],
    checks: [(Identifier, Digest)], verdicts: [(Identifier, Int)],
    controls: [(Identifier, Int)]? = nil, profile: Digest? = nil, findings: Digest? = nil,
    models: [Digest]? = nil, egress: Egress, exitStatus: Int
  ) -> Event {
    Event(
      .checkRun,
      [
        ("outputs_sha256", .digest(outputs)), ("records", .count(records)),
        ("guidelines", .digests(guidelines)), ("checks", .digests(checks)),
        ("verdicts", .counts(verdicts)), ("controls", controls.map(FieldValue.counts)),
        ("profile_sha256", profile.map(FieldValue.digest)),
        ("findings_sha256", findings.map(FieldValue.digest)),
        ("models", models.map { .list($0.map(FieldValue.digest)) }),
        ("egress", .choice(egress.rawValue)), ("exit_status", .count(exitStatus)),
      ])
  }

  /// A report was issued.
  ///
  /// - Parameters:
  ///   - size: Size of the log it speaks of.
  ///   - root: Root at that size.
  ///   - guidelines: Catalogue digests by guideline id.
  ///   - submission: Digest of the submission file.
  ///   - verdicts: Controls by verdict.
  ///   - files: SHA-256 of each rendition: `html`, `oscal`, `sarif`, `csv`, `pdf`.
  ///   - exitStatus: The exit status.
  ///   - product: Identifier of the product.
  /// - Returns: The event, to be appended.
  public static func reportIssue(
    size: Int, root: Digest, guidelines: [(Identifier, Digest)], submission: Digest,
    verdicts: [(Identifier, Int)], files: [(Identifier, Digest)], exitStatus: Int,
    product: Identifier? = nil
  ) -> Event {
    Event(
      .reportIssue,
      [
        ("size", .count(size)), ("root", .digest(root)), ("guidelines", .digests(guidelines)),
        ("submission_sha256", .digest(submission)), ("verdicts", .counts(verdicts)),
        ("files", .digests(files)), ("exit_status", .count(exitStatus)),
        ("product", product.map(FieldValue.identifier)),
      ])
  }
}
