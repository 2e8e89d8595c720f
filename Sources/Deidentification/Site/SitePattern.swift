internal import CRE2

/// Why a pattern of a site is refused.
enum SitePatternFault: Error, Equatable {
  /// Look-around, a backreference, or another thing that takes more than linear time.
  case unsupported
  case syntax
  case tooLarge
  /// It matches where nothing stands.
  case matchesNothing
}

/// A regular expression of RE2: its time grows with the text alone, whatever the pattern.
@safe final class SitePattern: @unchecked Sendable {
  // Never changed after init; RE2 lets threads share a compiled pattern.
  private let compiled: OpaquePointer

  /// The longest pattern in bytes.
  static let maxBytes = 1024
  /// What a compiled pattern may take.
  private static let maxMemory: Int64 = 8 << 20

  /// Compiles a pattern.
  ///
  /// - Parameter pattern: UTF-8.
  /// - Throws: `SitePatternFault`.
  init(_ pattern: [UInt8]) throws(SitePatternFault) {
    guard !pattern.isEmpty, pattern.count <= Self.maxBytes else { throw .tooLarge }
    var reason: Int32 = 0
    let made = unsafe pattern.withUnsafeBytes { bytes in
      unsafe medai_re2_compile(
        bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, Self.maxMemory, &reason)
    }
    guard let made = unsafe made else {
      switch Int(reason) {
      case 1: throw .unsupported
      case 3, 4: throw .tooLarge
      default: throw .syntax
      }
    }
    unsafe compiled = made
    if find(in: [], from: 0, to: 0) != nil { throw .matchesNothing }
  }

  deinit { unsafe medai_re2_free(compiled) }

  /// The first match in `text[from..<to]`.
  func find(in text: [UInt8], from: Int, to: Int) -> Range<Int>? {
    precondition(from >= 0 && from <= to && to <= text.count)
    var start = 0
    var end = 0
    let found = unsafe text.withUnsafeBytes { bytes in
      unsafe medai_re2_find(
        compiled, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, from, to, &start,
        &end)
    }
    return found == 1 ? start..<end : nil
  }
}
