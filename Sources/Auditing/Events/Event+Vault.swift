/// What content of a vault was opened for.
public enum VaultPurpose: String, Sendable, CaseIterable { case replay, verify }

extension Event {
  /// Content of a vault is about to be decrypted; written before the first piece is.
  ///
  /// - Parameters:
  ///   - keyID: Names the vault key.
  ///   - purpose: What for.
  ///   - size: Size of the log whose entries' content may be opened.
  ///   - choice: Which of those entries.
  ///   - entry: The entry that was asked for.
  ///   - sample: How many were to be drawn.
  ///   - seed: Seed of the draw.
  /// - Returns: The event, to be appended.
  public static func vaultOpen(
    keyID: Identifier, purpose: VaultPurpose, size: Int, choice: ReplayChoice, entry: Int? = nil,
    sample: Int? = nil, seed: DecimalText? = nil
  ) -> Event {
    Event(
      .vaultOpen,
      [
        ("key_id", .identifier(keyID)), ("purpose", .choice(purpose.rawValue)),
        ("size", .count(size)), ("choice", .choice(choice.rawValue)),
        ("entry", entry.map(FieldValue.count)), ("sample", sample.map(FieldValue.count)),
        ("seed", seed.map(FieldValue.decimal)),
      ])
  }
}
