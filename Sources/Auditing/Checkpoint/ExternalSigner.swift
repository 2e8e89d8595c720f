public import Cryptography
internal import MedaiCore
internal import Synchronization

/// A program that keeps the signing key (a token, an HSM, an agent) and signs on request.
///
/// It is started once and kept open. Each request is one line of JSON,
/// `{"sign": "<base64 of a note's text>", "key": "<verifier line>"}`, each answer one line,
/// `{"signature": "<base64 of 64 bytes>"}` or `{"error": "<code>"}`; docs/signer.md has the rest.
/// A signature is checked against the public key before anybody uses it, so a wrong program can
/// stop the log and can do no more.
public final class ExternalSigner: Sendable {
  /// The public key that the signatures must hold under, with the log's origin as its name.
  public let verifier: VerifierKey
  private let process: Mutex<SignerProcess>
  private let answerMilliseconds: Int

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - command: Its absolute path and its arguments, parted by spaces. No shell reads it.
  ///   - verifier: The key it signs with.
  ///   - answerMilliseconds: How long it may take for one signature.
  /// - Throws: `SignerError.notAbsolute`, `.cannotStart`.
  public init(
    command: String, verifier: VerifierKey, answerMilliseconds: Int = 10_000
  ) throws(SignerError) {
    let words = command.utf8.split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard let program = words.first, program.utf8.first == UInt8(ascii: "/") else {
      throw .notAbsolute
    }
    self.verifier = verifier
    self.answerMilliseconds = answerMilliseconds
    let process = try SignerProcess.start(words)
    self.process = Mutex(process)
  }

  /// The program's signature of a text, which holds under the public key.
  func signature(of text: [UInt8]) throws(SignerError) -> [UInt8] {
    let request: JSONObject = [
      "sign": .string(base64Text(text)), "key": .string(verifier.line),
    ]
    let line = JSONValue.object(request).encoded() + [0x0A]
    return try process.withLock { process throws(SignerError) in
      do throws(SignerError) {
        let answer = try process.exchange(line, withinMilliseconds: answerMilliseconds)
        let signature = try Self.signature(in: answer)
        guard verifier.publicKey.verifies(signature, of: text) else { throw .wrongSignature }
        return signature
      } catch {
        // What comes late or wrong could be taken for the answer to the next request.
        if case .refused = error { throw error }
        process.end()
        throw error
      }
    }
  }

  /// The signature that an answer carries.
  static func signature(in answer: [UInt8]) throws(SignerError) -> [UInt8] {
    guard let members = (try? parseJSON(answer, maxDepth: 2))?.object?.members,
      members.count == 1, let member = members.first, let text = member.value.string
    else { throw .malformedAnswer }
    if sameBytes(member.key, "error"), let code = Identifier(text) { throw .refused(code) }
    guard sameBytes(member.key, "signature"), let bytes = bytes(fromBase64: Array(text.utf8)),
      bytes.count == 64
    else { throw .malformedAnswer }
    return bytes
  }
}
