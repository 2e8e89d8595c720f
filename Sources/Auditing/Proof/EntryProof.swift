public import Cryptography
internal import MedaiCore

/// Why a proof file proves nothing.
public enum EntryProofError: Error, Equatable, Sendable {
  /// Not the shape of a tlog-proof, at this line from 0.
  case malformed(line: Int)
  /// The checkpoint in it is no checkpoint, or not signed by a trusted key.
  case note(NoteError)
  /// The path does not lead from the entry to the checkpoint's root.
  case wrongPath
}

/// One entry's place in a log, provable offline (C2SP tlog-proof): the path and the signed
/// checkpoint in one text.
public struct EntryProof: Sendable, Equatable {
  /// The entry's number.
  public let index: Int
  /// The path, nearest hash first.
  public let path: [Digest]
  /// The signed checkpoint.
  public let note: SignedNote

  private static let header = "c2sp.org/tlog-proof@v1"

  init(index: Int, path: [Digest], note: SignedNote) {
    self.index = index
    self.path = path
    self.note = note
  }

  /// Reads a proof text strictly.
  public init(_ bytes: [UInt8]) throws(EntryProofError) {
    guard
      let blank = (1..<max(1, bytes.count)).first(where: {
        bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A
      })
    else { throw .malformed(line: 0) }
    let lines = bytes[..<(blank - 1)].split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.first.map(Array.init) == Array(Self.header.utf8) else { throw .malformed(line: 0) }
    let prefix = Array("index ".utf8)
    guard lines.count >= 2, lines[1].starts(with: prefix),
      let index = Int(String(decoding: lines[1].dropFirst(prefix.count), as: UTF8.self)),
      (0...greatestCount).contains(index),
      Array(String(index).utf8) == Array(lines[1].dropFirst(prefix.count))
    else { throw .malformed(line: 1) }
    guard lines.count <= 2 + 64 else { throw .malformed(line: 66) }
    var path: [Digest] = []
    for (number, line) in lines.enumerated().dropFirst(2) {
      guard let hash = Cryptography.bytes(fromBase64: line).flatMap(Digest.init(bytes:)) else {
        throw .malformed(line: number)
      }
      path.append(hash)
    }
    self.index = index
    self.path = path
    do throws(NoteError) {
      note = try SignedNote(Array(bytes[(blank + 1)...]))
    } catch {
      throw .note(error)
    }
  }

  /// The proof as a file holds it.
  public var bytes: [UInt8] {
    let lines = [Self.header, "index \(index)"] + path.map { base64Text($0.bytes) }
    return Array((lines.joined(separator: "\n") + "\n\n").utf8) + note.bytes
  }

  /// Checks that an entry's bytes stand at `index` of the log that the checkpoint speaks of.
  ///
  /// - Parameters:
  ///   - leaf: The entry's bytes.
  ///   - keys: Keys of which at least one must have signed.
  /// - Returns: The checkpoint.
  /// - Throws: `EntryProofError`.
  public func verify(
    leaf: [UInt8], trusting keys: [VerifierKey]
  ) throws(EntryProofError) -> Checkpoint {
    let checkpoint: Checkpoint
    do throws(NoteError) {
      checkpoint = try Checkpoint(text: note.text)
      _ = try note.signers(among: keys)
    } catch {
      throw .note(error)
    }
    guard
      verifyInclusion(
        of: leafHash(leaf), at: index, size: checkpoint.size, root: checkpoint.root, proof: path)
    else { throw .wrongPath }
    return checkpoint
  }
}
