/// An attack that a drill tries on a copy of a log.
public enum DrillAttack: String, Sendable, CaseIterable {
  /// One bit of an entry's bytes.
  case entryBit = "entry-bit"
  /// One bit of an entry's stored hash.
  case hashBit = "hash-bit"
  /// One bit of a stored inner node.
  case nodeBit = "node-bit"
  /// One bit of the signed head.
  case headBit = "head-bit"
  /// One bit of a checkpoint that was kept.
  case keptBit = "kept-bit"
  /// One bit of the `checkpoint` file.
  case checkpointFileBit = "checkpoint-file-bit"
  /// Bytes of the database file, anywhere.
  case databaseBytes = "database-bytes"
  /// An entry deleted.
  case entryDeleted = "entry-deleted"
  /// An entry put in a second time, at the end.
  case entryDuplicated = "entry-duplicated"
  /// Two neighbours that changed places.
  case entriesSwapped = "entries-swapped"
  /// A trigger dropped.
  case triggerDropped = "trigger-dropped"
  /// The last entry deleted, the head left as it was.
  case tailCut = "tail-cut"
  /// The first entry deleted.
  case headCut = "head-cut"
  /// The database as it was at the last kept checkpoint, with the `checkpoint` file of then.
  case rolledBack = "rolled-back"
  /// The same beside the `checkpoint` file of now.
  case rolledBackAlone = "rolled-back-alone"
  /// An entry changed, hashes and nodes made to fit, nothing signed.
  case rebuiltUnsigned = "rebuilt-unsigned"
  /// The same, and all signed with the log's own key, which somebody stole.
  case rebuiltWithStolenKey = "rebuilt-with-stolen-key"
  /// The same, signed with another key under the log's name.
  case rebuiltWithOtherKey = "rebuilt-with-other-key"
  /// The signature line declared as one of a witness (type 0x04).
  case signatureTypeSwapped = "signature-type-swapped"
  /// The signature of another key under the name and id of the log's.
  case keyIDReused = "key-id-reused"
  /// `checkpoint` files that are no checkpoint: zeros before the size, CRLF, a missing line, bytes
  /// that are not UTF-8, seventeen signatures.
  case malformedCheckpoints = "malformed-checkpoints"
  /// Proofs of one entry with a hash more, less, swapped or foreign, or another index.
  case brokenProofs = "broken-proofs"
  /// An inner node shown as an entry.
  case secondPreimage = "second-preimage"
  /// The same object in another JSON form, signed with the stolen key.
  case otherJSONForm = "other-json-form"
  /// An entry's time set back ten years, signed with the stolen key.
  case timeSetBack = "time-set-back"
  /// The last entry's time set ten years forward, signed with the stolen key.
  case timeSetForward = "time-set-forward"

  /// The class of attacks in docs/attacks.md that it belongs to.
  public var attackClass: Int {
    switch self {
    case .entryBit, .hashBit, .nodeBit, .headBit, .keptBit, .checkpointFileBit: 1
    case .databaseBytes: 2
    case .entryDeleted, .entryDuplicated, .entriesSwapped, .triggerDropped: 3
    case .tailCut: 4
    case .headCut: 5
    case .rolledBack, .rolledBackAlone: 6
    case .rebuiltUnsigned, .rebuiltWithStolenKey: 7
    case .rebuiltWithOtherKey, .signatureTypeSwapped, .keyIDReused: 8
    case .malformedCheckpoints: 10
    case .brokenProofs: 11
    case .otherJSONForm: 12
    case .secondPreimage: 13
    case .timeSetBack, .timeSetForward: 17
    }
  }
}
