public import Cryptography

/// How much of a re-identification vault is erased.
public enum ErasureScope: String, Sendable, CaseIterable { case token, all }

extension Event {
  /// A token is about to be turned back into what it stands for; written before it is.
  ///
  /// - Parameters:
  ///   - keyID: Names the vault's key.
  ///   - subject: Keyed token of the token.
  ///   - reason: Code of the reason.
  ///   - approval: Code of the decision that allows it, such as a review board's.
  /// - Returns: The event, to be appended.
  public static func reidentifyReveal(
    keyID: Identifier, subject: Digest, reason: Identifier, approval: Identifier? = nil
  ) -> Event {
    Event(
      .reidentifyReveal,
      [
        ("key_id", .identifier(keyID)), ("subject", .token(subject)),
        ("reason", .identifier(reason)), ("approval", approval.map(FieldValue.identifier)),
      ])
  }

  /// Links of a re-identification vault are about to be erased; written before they are.
  ///
  /// - Parameters:
  ///   - keyID: Names the vault's key.
  ///   - scope: One token's links, or all with the vault's data key.
  ///   - reason: Code of the reason.
  ///   - subject: Keyed token of the token.
  ///   - approval: Code of the decision that asks for it.
  /// - Returns: The event, to be appended.
  public static func reidentifyErase(
    keyID: Identifier, scope: ErasureScope, reason: Identifier, subject: Digest? = nil,
    approval: Identifier? = nil
  ) -> Event {
    Event(
      .reidentifyErase,
      [
        ("key_id", .identifier(keyID)), ("scope", .choice(scope.rawValue)),
        ("reason", .identifier(reason)), ("subject", subject.map(FieldValue.token)),
        ("approval", approval.map(FieldValue.identifier)),
      ])
  }
}
