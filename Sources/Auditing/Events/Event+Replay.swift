public import Cryptography

/// How the entries of a replay were chosen.
public enum ReplayChoice: String, Sendable, CaseIterable { case entry, sample, all }

extension Event {
  /// Recorded entries were computed again.
  ///
  /// - Parameters:
  ///   - size: Size of the log that was verified and read.
  ///   - root: Its root.
  ///   - choice: How entries were chosen.
  ///   - same: Entries that came out as recorded.
  ///   - different: Entries that came out otherwise.
  ///   - cannot: Entries that could not be computed.
  ///   - causes: Why not, by cause.
  ///   - results: SHA-256 of the results' canonical JSON.
  ///   - exitStatus: The exit status.
  ///   - entry: The entry that was asked for.
  ///   - sample: How many were to be drawn.
  ///   - seed: Seed of the draw.
  /// - Returns: The event, to be appended.
  public static func replayRun(
    size: Int, root: Digest, choice: ReplayChoice, same: Int, different: Int, cannot: Int,
    causes: [(Identifier, Int)], results: Digest, exitStatus: Int, entry: Int? = nil,
    sample: Int? = nil, seed: DecimalText? = nil
  ) -> Event {
    Event(
      .replayRun,
      [
        ("size", .count(size)), ("root", .digest(root)), ("choice", .choice(choice.rawValue)),
        ("same", .count(same)), ("different", .count(different)), ("cannot", .count(cannot)),
        ("causes", .counts(causes)), ("results_sha256", .digest(results)),
        ("exit_status", .count(exitStatus)), ("entry", entry.map(FieldValue.count)),
        ("sample", sample.map(FieldValue.count)), ("seed", seed.map(FieldValue.decimal)),
      ])
  }
}
