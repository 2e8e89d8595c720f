internal import COpenSSL

/// Why there is no memory for a secret.
public enum SecureMemoryError: Error, Equatable, Sendable {
  /// The secure heap is exhausted, or there is none.
  case exhausted
  /// The operating system gave no random numbers.
  case randomness
}

/// A secret in libcrypto's secure heap: locked where the system allows it, kept out of core dumps,
/// and wiped when the last reference goes.
///
/// The bytes are lent, never handed out: no Swift array of them exists unless a caller makes one.
@safe public final class SecureBytes: @unchecked Sendable {
  // Written only while an initialiser runs; read-only afterwards, so that threads may share it.
  private let memory: UnsafeMutableRawPointer
  private let capacity: Int
  /// How many bytes the secret has.
  public let count: Int

  /// A secret that a body writes into the secure heap.
  ///
  /// - Parameters:
  ///   - capacity: The most bytes the body may write.
  ///   - body: Gets zeroed memory and gives back how many bytes it wrote there.
  /// - Throws: `SecureMemoryError.exhausted`, or what the body throws after the memory was wiped.
  package init(
    capacity: Int, filling body: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    guard isSecureHeapStarted, let memory = unsafe medai_secure_allocate(max(capacity, 1)) else {
      throw SecureMemoryError.exhausted
    }
    let count: Int
    do {
      count = try unsafe body(UnsafeMutableRawBufferPointer(start: memory, count: capacity))
    } catch {
      unsafe medai_secure_free(memory, max(capacity, 1))
      throw error
    }
    precondition((0...capacity).contains(count))
    unsafe self.memory = memory
    self.capacity = max(capacity, 1)
    self.count = count
  }

  deinit { unsafe medai_secure_free(memory, capacity) }

  /// Moves bytes into the secure heap and wipes the array they were in.
  ///
  /// - Throws: `SecureMemoryError.exhausted`; the array is wiped then too.
  public convenience init(moving bytes: inout [UInt8]) throws(SecureMemoryError) {
    defer { cleanse(&bytes) }
    do {
      // Read in place: a second reference would make `cleanse` wipe a copy.
      try unsafe self.init(capacity: bytes.count) { target in
        unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        return bytes.count
      }
    } catch {
      throw .exhausted
    }
  }

  /// A fresh random secret from libcrypto's private generator.
  public static func random(_ count: Int) throws(SecureMemoryError) -> SecureBytes {
    do {
      return try unsafe SecureBytes(capacity: count) { target in
        let bytes = unsafe target.bindMemory(to: UInt8.self)
        guard unsafe RAND_priv_bytes(bytes.baseAddress, Int32(count)) == 1 else {
          throw SecureMemoryError.randomness
        }
        return count
      }
    } catch {
      throw error as? SecureMemoryError ?? .exhausted
    }
  }

  /// Lends the bytes for reading.
  ///
  /// - Parameter body: Must not copy them where they outlive it.
  public func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: count)
    return try body(unsafe Span(_unsafeBytes: bytes))
  }

  /// Lends the memory to a C function.
  package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  /// Part of the secret, as a secret.
  ///
  /// - Parameter range: Within `0..<count`.
  public func slice(_ range: Range<Int>) throws(SecureMemoryError) -> SecureBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    do {
      return try unsafe SecureBytes(capacity: range.count) { target in
        let source = unsafe UnsafeRawBufferPointer(start: memory, count: count)
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
        return range.count
      }
    } catch {
      throw .exhausted
    }
  }

  /// The bytes before the first line end, as a secret: what a passphrase file holds.
  public func firstLine() throws(SecureMemoryError) -> SecureBytes {
    let end = withBytes { bytes in
      bytes.indices.first { bytes[$0] == 0x0A || bytes[$0] == 0x0D } ?? bytes.count
    }
    return try slice(0..<end)
  }

  /// Whether two secrets are equal; the time it takes tells only whether their lengths are.
  public func equals(_ other: SecureBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe CRYPTO_memcmp(memory, other.memory, count) == 0
  }
}

/// Started on first use, before the first secret; the program is single-threaded at that point or
/// Swift's once-only initialisation makes the others wait.
private let isSecureHeapStarted = medai_secure_heap_start() != 0

/// Forbids core dumps of this process and its memory to other processes of the same user.
///
/// - Returns: Whether the system agreed.
@discardableResult
public func forbidCoreDumps() -> Bool {
  medai_set_dumpable(0) == 0 && medai_get_dumpable() == 0
}
