public import Cryptography

/// Who signs a log's checkpoints, under the log's origin as its name: a key in this process, or
/// another program that keeps the key to itself.
public struct LogSigner: Sendable {
  private enum Holder: Sendable {
    case key(SigningKey)
    case program(ExternalSigner)
  }

  private let holder: Holder
  /// The public half with the name that signature lines carry.
  public let verifier: VerifierKey

  /// A signer whose key is in this process.
  ///
  /// - Throws: `KeyError.malformedName` where the origin has a plus sign.
  public init(_ key: SigningKey, origin: Identifier) throws(KeyError) {
    holder = .key(key)
    verifier = try VerifierKey(name: origin.text, publicKey: key.publicKey)
  }

  /// A signer whose key another program keeps; the name is that of its verifier line.
  public init(_ program: ExternalSigner) {
    holder = .program(program)
    verifier = program.verifier
  }

  /// The log's origin, which is the key's name.
  ///
  /// - Throws: `KeyError.malformedName` where the name cannot stand in a log.
  func origin() throws(KeyError) -> Identifier {
    guard let origin = Identifier(verifier.name) else { throw .malformedName }
    return origin
  }

  /// The signature of a note's text, 64 bytes, which holds.
  ///
  /// - Throws: `SignerError` where another program signs and does not; nothing is signed then.
  func signature(of text: [UInt8]) throws(SignerError) -> [UInt8] {
    switch holder {
    case .key(let key): key.signature(of: text)
    case .program(let program): try program.signature(of: text)
    }
  }
}
