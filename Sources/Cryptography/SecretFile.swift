internal import COpenSSL
internal import MedaiCore
public import SystemPackage

/// Overwrites bytes in a way the optimiser may not remove, and empties the array.
///
/// A copy that Swift made elsewhere is out of reach: hand secrets on by reference, and briefly.
public func cleanse(_ bytes: inout [UInt8]) {
  unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
  bytes.removeAll()
}

/// Reads a file that holds a secret.
///
/// - Parameters:
///   - path: A plain file that neither group nor others may read, write or run; a link is refused.
///   - maxBytes: A larger file is refused.
/// - Returns: The bytes; the caller wipes them with `cleanse`.
/// - Throws: `KeyError.readableByOthers` before anything is read.
public func readSecretFile(_ path: FilePath, maxBytes: Int) throws(KeyError) -> [UInt8] {
  let status: FileStatus
  do throws(FileError) { status = try fileStatus(path) } catch { throw .file(error) }
  guard status.kind == .file else { throw .notAFile }
  guard status.mode & 0o077 == 0 else { throw .readableByOthers(mode: status.mode) }
  do throws(FileError) {
    return try readFile(path, maxBytes: maxBytes)
  } catch {
    throw .file(error)
  }
}

/// Writes a secret to a new file of mode 0600, durably.
///
/// - Throws: `KeyError.file` with `Errno.fileExists` where something is there.
public func writeSecretFile(_ bytes: [UInt8], to path: FilePath) throws(KeyError) {
  guard !fileExists(path) else { throw .file(FileError(.create, path, .fileExists)) }
  do throws(FileError) {
    try writeDurably(bytes, to: path, permissions: .ownerReadWrite)
  } catch {
    throw .file(error)
  }
}
