/// What a piece of content is to its entry. Final: a role is part of what is authenticated.
public enum VaultRole: String, Sendable, CaseIterable {
  /// The prompt as the model got it, before template and context.
  case prompt
  /// The contexts, as a JSON array of strings.
  case context
  /// The answer.
  case output
  /// The system message.
  case system
  /// A file as it was read, for de-identification.
  case input
  /// A file of prompts as it was read.
  case inputs
  /// The chained digest of the logits, 32 bytes.
  case logitsChain = "logits-chain"
  /// The key that opens the entry's commitments, 32 bytes.
  case commitmentKey = "commitment-key"
  /// The reference of an erasure request, for a `redact` entry.
  case reference
}

/// What a vault knows of an entry's content.
public enum ContentState: Sendable, Equatable {
  /// The vault never held any.
  case none
  /// It is held, in these roles, in the order of `VaultRole.allCases`.
  case held([VaultRole])
  /// It was erased; the number is that of the `redact` entry.
  case erased(by: Int)
  /// It should be here and is not, with no record of an erasure.
  case missing
}
