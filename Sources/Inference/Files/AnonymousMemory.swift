internal import Glibc

/// Zeroed page-aligned memory from the system, given back when its owner goes.
///
/// Pages cost nothing until they are touched, so a cache may reserve a whole context.
@safe final class AnonymousMemory: @unchecked Sendable {
  // Sendable: the address never changes; who may write what is settled by the users of the memory,
  // each of which states it.

  /// The first byte.
  let base: UnsafeMutableRawPointer
  /// Size in bytes.
  let count: Int

  /// Reserves memory; `nil` where the system refuses.
  ///
  /// - Parameters:
  ///   - count: Bytes, at least 0.
  ///   - largePages: Whether large pages are wanted: worth it for what is read from end to end.
  init?(count: Int, largePages: Bool = false) {
    guard count >= 0 else { return nil }
    let size = max(count, 1)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let base = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0),
      unsafe base != MAP_FAILED
    else { return nil }
    if largePages { unsafe madvise(base, size, MADV_HUGEPAGE) }
    unsafe self.base = base
    self.count = size
  }

  deinit { unsafe munmap(base, count) }

  /// Gives the whole pages of a range back; they read as zero from now on.
  func release(_ range: Range<Int>) {
    let page = 4096
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    precondition(range.lowerBound >= 0 && end <= count, "a range inside the memory")
    if start < end { unsafe madvise(base + start, end - start, MADV_DONTNEED) }
  }

  /// Lends the bytes.
  func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let buffer = unsafe UnsafeBufferPointer(
      start: base.assumingMemoryBound(to: UInt8.self), count: count)
    return try unsafe body(Span(_unsafeElements: buffer))
  }
}
