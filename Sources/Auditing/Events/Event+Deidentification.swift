public import Cryptography

extension Event {
  /// A de-identification run starts.
  ///
  /// - Parameters:
  ///   - policy: The policy's name.
  ///   - policyDigest: Digest of the policy in force.
  ///   - settings: Digest of all settings in canonical JSON.
  ///   - resources: Digests of dictionaries and rules by name.
  ///   - keyID: Identifies the pseudonym key, never the key.
  ///   - keyLifetime: Whether the key outlives the run.
  ///   - input: Files or a stream.
  ///   - egress: Whether anything could leave the machine.
  ///   - numerics: The number of tables and tokenizer.
  ///   - format: The format that was asked for.
  ///   - encoding: The encoding that was asked for.
  ///   - files: Input files, where known.
  ///   - patients: Commitment to the known-patient table.
  ///   - resumes: Number of the begin entry that this run goes on from.
  /// - Returns: The event, to be appended.
  public static func deidRunBegin(
    policy: Identifier, policyDigest: Digest, settings: Digest, resources: [(Identifier, Digest)],
    keyID: Identifier, keyLifetime: KeyLifetime, input: RunInput, egress: Egress, numerics: Int,
    format: Identifier? = nil, encoding: Identifier? = nil, files: Int? = nil,
    patients: Digest? = nil, resumes: Int? = nil
  ) -> Event {
    Event(
      .deidRunBegin,
      [
        ("policy", .identifier(policy)), ("policy_sha256", .digest(policyDigest)),
        ("settings_sha256", .digest(settings)), ("resources", .digests(resources)),
        ("key_id", .identifier(keyID)), ("key_lifetime", .choice(keyLifetime.rawValue)),
        ("input", .choice(input.rawValue)), ("egress", .choice(egress.rawValue)),
        ("numerics", .count(numerics)), ("format", format.map(FieldValue.identifier)),
        ("encoding", encoding.map(FieldValue.identifier)), ("files", files.map(FieldValue.count)),
        ("patients", patients.map(FieldValue.commitment)),
        ("resumes", resumes.map(FieldValue.count)),
      ])
  }

  /// One file was de-identified; written before the output appears.
  ///
  /// - Parameters:
  ///   - begin: Number of the run's begin entry.
  ///   - ordinal: The file's place in the run, from 0.
  ///   - input: HMAC of the input under a random key of its own.
  ///   - inputBytes: Length of the input.
  ///   - output: SHA-256 of the output.
  ///   - outputBytes: Length of the output.
  ///   - records: Records read.
  ///   - withheld: Records held back.
  ///   - counts: Replacements by identifier type.
  ///   - format: The format found.
  ///   - encoding: The encoding found.
  ///   - name: Keyed token of the file's name.
  ///   - spans: SHA-256 of this file's part of the span file (without text).
  ///   - residual: Identifiers still found in the output, by type.
  /// - Returns: The event, to be appended.
  public static func deidFile(
    begin: Int, ordinal: Int, input: Digest, inputBytes: Int, output: Digest, outputBytes: Int,
    records: Int, withheld: Int, counts: [(Identifier, Int)], format: Identifier,
    encoding: Identifier, name: Digest? = nil, spans: Digest? = nil,
    residual: [(Identifier, Int)]? = nil
  ) -> Event {
    Event(
      .deidFile, pair: begin,
      [
        ("ordinal", .count(ordinal)), ("input", .commitment(input)),
        ("input_bytes", .count(inputBytes)), ("output_sha256", .digest(output)),
        ("output_bytes", .count(outputBytes)), ("records", .count(records)),
        ("withheld", .count(withheld)), ("counts", .counts(counts)),
        ("format", .identifier(format)), ("encoding", .identifier(encoding)),
        ("name", name.map(FieldValue.token)), ("spans_sha256", spans.map(FieldValue.digest)),
        ("residual", residual.map(FieldValue.counts)),
      ])
  }

  /// A de-identification run ended.
  ///
  /// - Parameters:
  ///   - begin: Number of the run's begin entry.
  ///   - outcome: How.
  ///   - exitStatus: The exit status.
  ///   - files: Files done.
  ///   - records: Records read.
  ///   - withheld: Records held back.
  ///   - inputBytes: Bytes read.
  ///   - outputBytes: Bytes written.
  ///   - counts: Replacements by identifier type.
  ///   - manifest: SHA-256 of the manifest.
  ///   - residual: Identifiers still found in outputs, by type.
  /// - Returns: The event, to be appended.
  public static func deidRunEnd(
    begin: Int, outcome: RunOutcome, exitStatus: Int, files: Int, records: Int, withheld: Int,
    inputBytes: Int, outputBytes: Int, counts: [(Identifier, Int)], manifest: Digest? = nil,
    residual: [(Identifier, Int)]? = nil
  ) -> Event {
    Event(
      .deidRunEnd, pair: begin,
      [
        ("outcome", .choice(outcome.rawValue)), ("exit_status", .count(exitStatus)),
        ("files", .count(files)), ("records", .count(records)), ("withheld", .count(withheld)),
        ("input_bytes", .count(inputBytes)), ("output_bytes", .count(outputBytes)),
        ("counts", .counts(counts)), ("manifest_sha256", manifest.map(FieldValue.digest)),
        ("residual", residual.map(FieldValue.counts)),
      ])
  }
}
