internal import COpenSSL
internal import Glibc
internal import MedaiCore
public import SystemPackage

/// Where a passphrase may come from; never the command line, which every user of a machine can
/// read.
public enum PassphraseSource: Sendable, Equatable {
  /// A file that only its owner may read.
  case file(FilePath)
  /// A descriptor that whoever started the program opened for it.
  case descriptor(Int32)
  /// A credential that systemd laid into the service's own folder.
  case credential(FilePath)
  /// An environment variable, which child processes and the owner's other processes can see.
  case environment(String)
}

/// The longest passphrase file that is read.
private let maxFileBytes = 4096

/// Reads a passphrase: the first line of what the source holds.
///
/// - Parameter source: A descriptor is closed afterwards, and a variable is wiped and unset, so each
///   of them can be read once.
/// - Returns: The passphrase in the secure heap.
/// - Throws: `KeyError.readableByOthers` before anything is read, `.passphraseLength` where the line
///   is empty or too long, `.badDescriptor`, `.file`, `.noSecureMemory`.
public func readPassphrase(_ source: PassphraseSource) throws(KeyError) -> SecureBytes {
  let text: SecureBytes
  switch source {
  case .file(let path): text = try SecureBytes.reading(path, maxBytes: maxFileBytes)
  case .descriptor(let number): text = try inherited(number)
  case .credential(let path): text = try credential(path)
  case .environment(let name): text = try taken(name)
  }
  let line: SecureBytes
  do throws(SecureMemoryError) { line = try text.firstLine() } catch { throw .noSecureMemory }
  guard (1...1024).contains(line.count) else { throw .passphraseLength }
  return line
}

/// The credential of a name in the folder that systemd gave the service; `nil` where there is none.
public func systemdCredential(_ name: String) -> FilePath? {
  guard let folder = environmentVariable("CREDENTIALS_DIRECTORY") else { return nil }
  let path = FilePath(folder).appending(name)
  return fileExists(path) ? path : nil
}

private func inherited(_ number: Int32) throws(KeyError) -> SecureBytes {
  // 0 to 2 are the program's own streams. What this program opened closes on exec; what it was
  // given does not, or it would not have come through one.
  guard number >= 3, fcntl(number, F_GETFD) == 0 else { throw .badDescriptor(number) }
  let descriptor = FileDescriptor(rawValue: number)
  // Programs that this one starts shall not find it open.
  defer { try? descriptor.close() }
  do {
    return try unsafe SecureBytes(capacity: maxFileBytes) { target in
      // Byte by byte to the end of the line: whoever writes to a pipe may keep it open.
      for place in 0..<target.count {
        let next = unsafe UnsafeMutableRawBufferPointer(rebasing: target[place..<place + 1])
        if try unsafe descriptor.read(into: next) == 0 || target[place] == 0x0A { return place }
      }
      return target.count
    }
  } catch {
    throw error is Errno ? .badDescriptor(number) : .noSecureMemory
  }
}

/// Where systemd cannot hand the file itself to the service's user, it grants that user alone an
/// entry in the access list; the group bits of the mode then show the list's mask and no group.
private func credential(_ path: FilePath) throws(KeyError) -> SecureBytes {
  let status: FileStatus
  do throws(FileError) { status = try fileStatus(path) } catch { throw .file(error) }
  guard status.kind == .file else { throw .notAFile }
  guard status.mode & 0o037 == 0 else { throw .readableByOthers(mode: status.mode) }
  do {
    let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
    defer { try? file.close() }
    return try SecureBytes.reading(file, maxBytes: maxFileBytes)
  } catch {
    throw error as? KeyError ?? .file(FileError(.read, path, error as? Errno ?? .ioError))
  }
}

/// Moves a variable's text into the secure heap: afterwards neither this process's environment nor
/// a program it starts has it.
private func taken(_ name: String) throws(KeyError) -> SecureBytes {
  guard let text = unsafe getenv(name) else { throw .passphraseLength }
  let count = unsafe strlen(text)
  defer {
    unsafe OPENSSL_cleanse(text, count)
    unsafe unsetenv(name)
  }
  do {
    return try unsafe SecureBytes(capacity: count) { target in
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: text, count: count))
      return count
    }
  } catch {
    throw .noSecureMemory
  }
}
