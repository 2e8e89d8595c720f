public import Cryptography
public import MedaiCore

extension Event {
  /// The signing key was replaced.
  ///
  /// - Parameters:
  ///   - oldKey: The key so far.
  ///   - newKey: The key from here on.
  ///   - reason: Why.
  ///   - trustedThrough: Size up to which the old key is still believed, where it was stolen.
  /// - Returns: The event, to be appended.
  static func keyRotate(
    oldKey: Digest, newKey: Digest, reason: RotationReason, trustedThrough: Int? = nil
  ) -> Event {
    Event(
      .keyRotate,
      [
        ("old_key", .publicKey(oldKey)), ("new_key", .publicKey(newKey)),
        ("reason", .choice(reason.rawValue)),
        ("trusted_through", trustedThrough.map(FieldValue.count)),
      ])
  }

  /// The clock went back.
  ///
  /// - Parameters:
  ///   - old: The time of the entry before.
  ///   - new: The time now.
  /// - Returns: The event, to be appended.
  static func clockStep(
    old: Timestamp, new: Timestamp
  ) -> Event {
    Event(
      .clockStep,
      [
        ("old", .time(old)), ("new", .time(new)),
      ])
  }

  /// Content in the vault was erased; the entries stay.
  ///
  /// - Parameters:
  ///   - entries: Numbers of the entries whose content is gone.
  ///   - reason: Why.
  ///   - basis: Code of the legal basis.
  ///   - reference: Keyed reference to the request.
  /// - Returns: The event, to be appended.
  public static func redact(
    entries: [Int], reason: RedactReason, basis: Identifier, reference: Digest? = nil
  ) -> Event {
    Event(
      .redact,
      [
        ("entries", .list(entries.map(FieldValue.count))), ("reason", .choice(reason.rawValue)),
        ("basis", .identifier(basis)), ("reference", reference.map(FieldValue.token)),
      ])
  }

  /// Outside evidence for a checkpoint was obtained.
  ///
  /// - Parameters:
  ///   - size: The checkpoint's size.
  ///   - root: The checkpoint's root.
  ///   - kind: What holds it.
  ///   - evidence: SHA-256 of the evidence file.
  ///   - by: Who holds it.
  ///   - at: The moment the evidence names.
  /// - Returns: The event, to be appended.
  public static func checkpointAnchor(
    size: Int, root: Digest, kind: AnchorKind, evidence: Digest, by: Identifier? = nil,
    at: Timestamp? = nil
  ) -> Event {
    Event(
      .checkpointAnchor,
      [
        ("size", .count(size)), ("root", .digest(root)), ("kind", .choice(kind.rawValue)),
        ("evidence", .digest(evidence)), ("by", by.map(FieldValue.identifier)),
        ("at", at.map(FieldValue.time)),
      ])
  }

  /// The log ends here for good.
  ///
  /// - Parameters:
  ///   - reason: Why.
  ///   - successor: Origin of the log that goes on.
  /// - Returns: The event, to be appended.
  static func logClose(
    reason: CloseReason, successor: Identifier? = nil
  ) -> Event {
    Event(
      .logClose,
      [
        ("reason", .choice(reason.rawValue)), ("successor", successor.map(FieldValue.identifier)),
      ])
  }
}
