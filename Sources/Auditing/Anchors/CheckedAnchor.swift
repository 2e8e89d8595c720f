public import Cryptography
public import MedaiCore

/// What one file of outside evidence was found to be.
public struct CheckedAnchor: Sendable, Equatable {
  /// Whether the evidence counts.
  public enum State: Sendable, Equatable {
    /// It holds, and somebody trusted made it.
    case valid
    /// It holds as far as can be told, but nobody trusted made it.
    case untrusted(AnchorFault)
    /// It does not hold.
    case invalid(AnchorFault)
  }

  /// Where a moment comes from.
  public enum TimeBasis: String, Sendable {
    /// A time-stamping authority says so.
    case timestamp
    /// The witness or the sealer says so.
    case claimed
  }

  /// The file's name in the folder.
  public let file: String
  /// What kind of evidence.
  public let kind: AnchorKind
  /// SHA-256 of the file, as the log's `checkpoint.anchor` entry names it.
  public let evidence: Digest?
  /// The size that the file's name says.
  public let size: Int
  /// The checkpoint it speaks of, where the note beside it can be read.
  public let checkpoint: Checkpoint?
  /// Whether it counts.
  public internal(set) var state: State
  /// Who made it: the certificate's subject, or the witness's name.
  public let holder: String?
  /// The maker as the log names it: `sha256:` and the certificate's digest, or the witness's name.
  public let holderIdentifier: Identifier?
  /// When, as the evidence says.
  public let time: Timestamp?
  /// Who says when.
  public let timeBasis: TimeBasis?
  /// The policy under which a time stamp was made, as an object identifier.
  public let timestampPolicy: String?

  /// Root of the checkpoint it speaks of.
  public var root: Digest? { checkpoint?.root }
  /// Whether it holds and somebody trusted made it.
  public var isValid: Bool { state == .valid }
  /// Why it does not count.
  public var fault: AnchorFault? {
    switch state {
    case .valid: nil
    case .untrusted(let fault), .invalid(let fault): fault
    }
  }

  /// The same in another state.
  func with(_ state: State) -> CheckedAnchor {
    var copy = self
    copy.state = state
    return copy
  }
}
