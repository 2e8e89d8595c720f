/// A token that a record was given and what it stands for. Names a person: kept where only the owner of
/// a re-identification vault can read it.
package struct TokenLink: Sendable, Equatable {
  /// What a token can be the token of.
  package static let kinds =
    ["patient", "record", "reference", "file"] + IdentifierType.allCases.map(\.rawValue)

  /// One of `kinds`.
  package let kind: String
  /// The token as it is released.
  package let token: [UInt8]
  /// What it stands for.
  package let original: [UInt8]

  /// A link.
  package init(kind: String, token: [UInt8], original: [UInt8]) {
    self.kind = kind
    self.token = token
    self.original = original
  }
}
