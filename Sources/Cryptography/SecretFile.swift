internal import COpenSSL
internal import Glibc
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

/// Writes a secret to a new file of mode 0600, whole or not at all, and durably: a key that appears
/// is one that can be read again.
///
/// - Throws: `KeyError.file` with `Errno.fileExists` where something is there: a secret is never
///   overwritten.
public func writeSecretFile(_ secret: SecureBytes, to path: FilePath) throws(KeyError) {
  guard !fileExists(path) else { throw .file(FileError(.create, path, .fileExists)) }
  let name = path.lastComponent?.string ?? "secret"
  let temporary = path.removingLastComponent().appending(".\(name).\(getpid()).part")
  _ = try? removeFile(temporary)
  try secret.write(to: temporary)
  defer { try? removeFile(temporary) }
  // A link, unlike a rename, never takes the place of a file that came meanwhile.
  let code = unsafe temporary.withPlatformString { from in
    unsafe path.withPlatformString { to in unsafe link(from, to) == 0 ? 0 : errno }
  }
  guard code == 0 else { throw .file(FileError(.create, path, Errno(rawValue: code))) }
  do throws(FileError) {
    try syncFolder(path.removingLastComponent())
  } catch {
    throw .file(error)
  }
}
