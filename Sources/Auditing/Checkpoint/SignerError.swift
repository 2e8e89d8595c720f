/// Why a program that keeps the signing key gave no signature. Nothing was signed, and nothing is
/// appended. After every case but `refused` the program is not asked again.
public enum SignerError: Error, Equatable, Sendable {
  /// The command is empty or does not begin with an absolute path.
  case notAbsolute
  /// The program cannot be started; the number of the system's error.
  case cannotStart(code: Int32)
  /// The program ended or closed its side.
  case ended
  /// No answer within the time it has.
  case timeout
  /// An answer that is not one line of the protocol.
  case malformedAnswer
  /// The program refuses, with its code.
  case refused(Identifier)
  /// What came back is no signature of the text under the public key.
  case wrongSignature
}
