public import Cryptography
internal import Glibc
public import MedaiCore
public import SystemPackage

/// Why a witness signs nothing. Numbers in brackets: the status that C2SP tlog-witness gives.
public enum WitnessRefusal: Error, Equatable, Sendable {
  /// The checkpoint is malformed (400).
  case malformed(NoteError)
  /// The old size is greater than the checkpoint's (400).
  case oldSizeTooGreat
  /// None of the witness's keys for logs has this origin (404).
  case unknownOrigin
  /// The log's key did not sign (403).
  case notSigned
  /// The request starts from another size than the last that was signed (409).
  case otherOldSize(last: Int)
  /// The checkpoint is smaller than the last that was signed: rolled back (409).
  case smaller(last: Int)
  /// Equal size, another root: the log tells two stories (409).
  case otherRoot(size: Int)
  /// The proof does not lead from the last checkpoint to this one (422).
  case inconsistent(last: Int)
  /// Another process is signing for this witness.
  case busy
  /// The stored checkpoint is damaged or not of this log: a witness without memory must not sign.
  case brokenState
  /// A file cannot be read or written.
  case file(FileError)
}

/// What a witness remembers: for each log the whole last checkpoint, as it was signed by the log, so
/// that a log that tells two stories is convicted by its own signature.
public struct WitnessState: Sendable {
  /// The folder.
  public let folder: FilePath

  /// The state in a folder, made with mode 0700 where it is missing.
  public init(_ folder: FilePath) throws(WitnessRefusal) {
    self.folder = folder
    do throws(FileError) { try createFolder(folder, mode: 0o700) } catch { throw .file(error) }
  }

  /// Where the last checkpoint of a log lies. The name is a digest: an origin may hold anything.
  public func file(of origin: Identifier) -> FilePath {
    folder.appending("\(sha256(Array(origin.text.utf8)).hex).checkpoint")
  }

  /// Where what contradicts the last checkpoint is kept as evidence.
  private func evidence(_ bytes: [UInt8], of origin: Identifier) -> FilePath {
    folder.appending(
      "\(sha256(Array(origin.text.utf8)).hex).conflict-\(sha256(bytes).hex.prefix(16))")
  }

  /// Checks a request and signs its checkpoint.
  ///
  /// The new checkpoint is durable before the signature exists, and both happen under a lock: no
  /// order of two requests can make the witness forget.
  ///
  /// - Parameters:
  ///   - request: What the log handed over.
  ///   - logs: Keys of the logs that this witness watches.
  ///   - key: The witness's private key.
  ///   - witness: Its public half, of type `cosignature`.
  ///   - seconds: Now, in seconds since 1970.
  /// - Returns: The cosignature.
  /// - Throws: `WitnessRefusal`; then the memory is as it was. A request whose signed checkpoint
  ///   contradicts the last one is kept beside it. An old one, or one whose proof does not even lead
  ///   to its own checkpoint, contradicts nothing.
  public func cosign(
    _ request: WitnessRequest, logs: [VerifierKey], key: SigningKey, witness: VerifierKey,
    seconds: UInt64
  ) throws(WitnessRefusal) -> Cosignature {
    let lock = try WitnessLock(folder)
    defer { lock.release() }
    let checkpoint = try Self.signed(request.note, logs: logs)
    guard request.oldSize <= checkpoint.size else { throw .oldSizeTooGreat }
    let last = try last(of: checkpoint.origin, logs: logs)
    do throws(WitnessRefusal) {
      try Self.compare(request, checkpoint, last: last)
    } catch {
      if let last, Self.contradicts(request, checkpoint, last) {
        try keep(request.bytes, checkpoint.origin)
      }
      throw error
    }
    do throws(FileError) {
      try writeDurably(
        request.note.bytes, to: file(of: checkpoint.origin), permissions: .ownerReadWrite)
    } catch {
      throw .file(error)
    }
    return Cosignature(of: request.note.text, key: key, witness: witness, seconds: seconds)
  }

  /// The last checkpoint that was signed for a log; `nil` where there was none.
  ///
  /// - Throws: `WitnessRefusal.brokenState` where the memory is damaged.
  public func last(
    of origin: Identifier, logs: [VerifierKey]
  ) throws(WitnessRefusal) -> Checkpoint? {
    let path = file(of: origin)
    guard fileExists(path) else { return nil }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(path, maxBytes: SignedNote.maxBytes)
    } catch {
      throw .file(error)
    }
    guard let note = try? SignedNote(bytes), let checkpoint = try? Self.signed(note, logs: logs),
      checkpoint.origin == origin
    else { throw .brokenState }
    return checkpoint
  }

  private static func signed(
    _ note: SignedNote, logs: [VerifierKey]
  ) throws(WitnessRefusal) -> Checkpoint {
    let checkpoint: Checkpoint
    do throws(NoteError) {
      checkpoint = try Checkpoint(text: note.text)
    } catch {
      throw .malformed(error)
    }
    let own = logs.filter { sameBytes($0.name, checkpoint.origin.text) }
    guard !own.isEmpty else { throw .unknownOrigin }
    do throws(NoteError) {
      _ = try note.signers(among: own)
    } catch {
      throw .notSigned
    }
    return checkpoint
  }

  private static func compare(
    _ request: WitnessRequest, _ checkpoint: Checkpoint, last: Checkpoint?
  ) throws(WitnessRefusal) {
    guard let last else {
      guard request.oldSize == 0 else { throw .otherOldSize(last: 0) }
      guard request.proof.isEmpty else { throw .inconsistent(last: 0) }
      return
    }
    guard checkpoint.size >= last.size else { throw .smaller(last: last.size) }
    if checkpoint.size == last.size, checkpoint.root != last.root {
      throw .otherRoot(size: last.size)
    }
    guard request.oldSize == last.size else { throw .otherOldSize(last: last.size) }
    if last.size == 0 {
      guard request.proof.isEmpty else { throw .inconsistent(last: 0) }
      return
    }
    guard
      verifyConsistency(
        oldSize: last.size, oldRoot: last.root, newSize: checkpoint.size,
        newRoot: checkpoint.root, proof: request.proof)
    else { throw .inconsistent(last: last.size) }
  }

  /// Whether a request shows by itself, with the last checkpoint, that the log tells two stories.
  private static func contradicts(
    _ request: WitnessRequest, _ checkpoint: Checkpoint, _ last: Checkpoint
  ) -> Bool {
    if checkpoint.size == last.size { return checkpoint.root != last.root }
    return request.oldSize == last.size
      && refutesConsistency(
        oldSize: last.size, oldRoot: last.root, newSize: checkpoint.size,
        newRoot: checkpoint.root, proof: request.proof)
  }

  private func keep(_ bytes: [UInt8], _ origin: Identifier) throws(WitnessRefusal) {
    do throws(FileError) {
      try writeDurably(bytes, to: evidence(bytes, of: origin), permissions: .ownerReadWrite)
    } catch {
      throw .file(error)
    }
  }
}

/// One witness at a time in a folder; given up by the kernel should the process die.
struct WitnessLock {
  private let descriptor: FileDescriptor

  init(_ folder: FilePath) throws(WitnessRefusal) {
    let path = folder.appending("lock")
    do {
      descriptor = try FileDescriptor.open(
        path, .readWrite, options: [.create, .closeOnExec, .noFollow],
        permissions: .ownerReadWrite)
    } catch let code as Errno {
      throw .file(FileError(.open, path, code))
    } catch {
      throw .file(FileError(.open, path, .ioError))
    }
    guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
      try? descriptor.close()
      throw .busy
    }
  }

  func release() { try? descriptor.close() }
}
