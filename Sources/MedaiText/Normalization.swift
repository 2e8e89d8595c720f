internal import CUtf8proc
internal import Glibc

/// Brings well-formed UTF-8 into Normalization Form C (UAX #15).
///
/// - Parameter bytes: Well-formed UTF-8.
/// - Returns: The same bytes where a quick check finds nothing to do.
package func nfc(_ bytes: [UInt8]) -> [UInt8] {
  isQuicklyNFC(bytes) ? bytes : composed(bytes)
}

/// Whether well-formed UTF-8 is in Normalization Form C.
package func isNFC(_ bytes: [UInt8]) -> Bool {
  isQuicklyNFC(bytes) || composed(bytes) == bytes
}

/// Brings well-formed UTF-8 into NFC and keeps where each byte came from.
///
/// - Returns: The composed bytes and a map from their offsets to offsets of `bytes`.
package func nfcWithOffsets(_ bytes: [UInt8]) -> (bytes: [UInt8], map: OffsetMap) {
  var map = OffsetMap()
  if isQuicklyNFC(bytes) {
    map.append(mapped: bytes.count, original: bytes.count, isVerbatim: true)
    return (bytes, map)
  }
  var result: [UInt8] = []
  var offset = 0
  // Start of the last scalar that is always a boundary: what follows may compose with it.
  var boundary = 0
  var verbatimStart = 0
  while offset < bytes.count {
    let (value, length) = scalar(in: bytes, at: offset)
    if isInertInNFC(value) {
      boundary = offset
      offset += length
      continue
    }
    var end = offset + length
    while end < bytes.count {
      let (next, nextLength) = scalar(in: bytes, at: end)
      if isInertInNFC(next) || isLeadingJamo(next) { break }
      end += nextLength
    }
    // A leading consonant composes with nothing before it.
    let start = isLeadingJamo(value) ? offset : max(boundary, verbatimStart)
    map.append(
      mapped: start - verbatimStart, original: start - verbatimStart, isVerbatim: true)
    result += bytes[verbatimStart..<start]
    let piece = composed(Array(bytes[start..<end]))
    map.append(mapped: piece.count, original: end - start, isVerbatim: false)
    result += piece
    verbatimStart = end
    boundary = end
    offset = end
  }
  map.append(
    mapped: bytes.count - verbatimStart, original: bytes.count - verbatimStart, isVerbatim: true)
  result += bytes[verbatimStart...]
  return (result, map)
}

private func isQuicklyNFC(_ bytes: [UInt8]) -> Bool {
  var offset = 0
  while offset < bytes.count {
    // Everything below U+0300 is inert: lead bytes up to 0xCB.
    if bytes[offset] < 0x80 {
      offset += 1
      continue
    }
    let (value, length) = scalar(in: bytes, at: offset)
    if !isInertInNFC(value) { return false }
    offset += length
  }
  return true
}

/// Scalars of combining class 0 that no canonical decomposition changes and that compose with
/// nothing before them. A subset of the truth that covers Korean and Latin text.
private func isInertInNFC(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x300, 0x2010...0x2027, 0x2030...0x205E, 0x2190...0x219A, 0x2460...0x26FF,
    0x3001...0x3029, 0x3030...0x304A, 0x3131...0x318E, 0x3200...0x9FFF, 0xAC00...0xD7A3,
    0xFF01...0xFFDC:
    true
  default: false
  }
}

/// Whether the scalar is a consonant that begins a decomposed Hangul syllable.
private func isLeadingJamo(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value >= 0x1100 && scalar.value <= 0x1112
}

private func composed(_ bytes: [UInt8]) -> [UInt8] {
  if bytes.isEmpty { return bytes }
  var output: UnsafeMutablePointer<UInt8>?
  let options = utf8proc_option_t(
    rawValue: UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue)
  let count = unsafe bytes.withUnsafeBufferPointer { buffer in
    unsafe utf8proc_map(buffer.baseAddress, buffer.count, &output, options)
  }
  guard count >= 0, let output = unsafe output else {
    preconditionFailure("not well-formed UTF-8, or no memory")
  }
  defer { unsafe free(output) }
  return unsafe Array(UnsafeBufferPointer(start: output, count: count))
}
