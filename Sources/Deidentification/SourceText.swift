public import MedaiText

/// Text as it came in: it may name a person.
///
/// It cannot be copied, and nothing here prints or encodes it; only a de-identifier reads it.
public struct SourceText: ~Copyable {
  /// Well-formed UTF-8.
  let bytes: [UInt8]

  /// Takes text in at the door.
  ///
  /// - Parameters:
  ///   - bytes: The text as it is written in the file.
  ///   - encoding: How.
  /// - Throws: `SourceTextError` with the offset of the first byte that does not fit the encoding.
  public init(_ bytes: [UInt8], encoding: TextEncoding = .utf8) throws(SourceTextError) {
    self.bytes = try decodedText(bytes, encoding)
  }
}

/// Bytes that are not text in the encoding they were said to have.
public struct SourceTextError: Error, Equatable, Sendable {
  /// Offset of the first fault.
  public let offset: Int
}

/// Well-formed UTF-8 from bytes of a file.
func decodedText(
  _ bytes: [UInt8], _ encoding: TextEncoding
) throws(SourceTextError) -> [UInt8] {
  switch encoding {
  case .utf8:
    if let fault = firstInvalidUTF8(in: bytes) { throw SourceTextError(offset: fault) }
    return bytes
  case .cp949:
    do throws(CP949Error) {
      return try CP949.decode(bytes)
    } catch {
      switch error {
      case .undecodable(let offset), .unencodable(let offset): throw SourceTextError(offset: offset)
      }
    }
  }
}
