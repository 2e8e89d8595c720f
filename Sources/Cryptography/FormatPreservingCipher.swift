internal import COpenSSL

/// Why a numeral string is not encrypted.
public enum FormatPreservingError: Error, Equatable, Sendable {
  /// Fewer values of this length exist than the standard asks for.
  case smallDomain(length: Int)
  /// Longer than this implementation takes.
  case tooLong(length: Int)
  /// A numeral is not below the radix.
  case notANumeral(place: Int)
}

/// Format-preserving encryption FF1 (NIST SP 800-38G, algorithms 7 and 8) over AES.
///
/// A string of numerals becomes another of the same length and radix, and the key turns it back.
/// The domain has at least a million values (SP 800-38G revision 1): below that, tables of all
/// values are within anybody's reach.
public struct FormatPreservingCipher: Sendable {
  /// How many numerals there are: 10 for digits, 36 for digits and letters.
  public let radix: Int
  private let key: SecureBytes

  /// The fewest values that a domain may have.
  public static let minDomain = 1_000_000
  /// The longest string that is taken.
  public static let maxLength = 128

  /// A cipher.
  ///
  /// - Parameters:
  ///   - key: 16, 24 or 32 bytes.
  ///   - radix: 2 to 256.
  public init(key: SecureBytes, radix: Int) {
    precondition([16, 24, 32].contains(key.count) && (2...256).contains(radix))
    self.key = key
    self.radix = radix
  }

  /// The shortest string whose domain is large enough.
  public static func minLength(radix: Int) -> Int {
    var length = 0
    var domain = 1
    while domain < minDomain {
      domain *= radix
      length += 1
    }
    return max(2, length)
  }

  /// Encrypts.
  ///
  /// - Parameters:
  ///   - numerals: Each below the radix, the most significant first.
  ///   - tweak: Public; the same string under another tweak gives another result.
  /// - Returns: As many numerals.
  /// - Returns: As many numerals as were given.
  /// - Throws: `FormatPreservingError`.
  public func encrypt(
    _ numerals: [UInt8], tweak: [UInt8]
  ) throws(FormatPreservingError) -> [UInt8] {
    try check(numerals)
    let half = numerals.count / 2
    var a = Array(numerals[..<half])
    var b = Array(numerals[half...])
    for round in 0..<10 {
      let length = round.isMultiple(of: 2) ? half : numerals.count - half
      let y = roundNumerals(round, b, of: numerals.count, tweak: tweak, length: length)
      let c = sum(a, y)
      a = b
      b = c
    }
    return a + b
  }

  /// Decrypts.
  ///
  /// - Throws: `FormatPreservingError`.
  public func decrypt(
    _ numerals: [UInt8], tweak: [UInt8]
  ) throws(FormatPreservingError) -> [UInt8] {
    try check(numerals)
    let half = numerals.count / 2
    var a = Array(numerals[..<half])
    var b = Array(numerals[half...])
    for round in (0..<10).reversed() {
      let length = round.isMultiple(of: 2) ? half : numerals.count - half
      let y = roundNumerals(round, a, of: numerals.count, tweak: tweak, length: length)
      let c = difference(b, y)
      b = a
      a = c
    }
    return a + b
  }

  private func check(_ numerals: [UInt8]) throws(FormatPreservingError) {
    guard numerals.count >= Self.minLength(radix: radix) else {
      throw .smallDomain(length: numerals.count)
    }
    guard numerals.count <= Self.maxLength else { throw .tooLong(length: numerals.count) }
    if let place = numerals.firstIndex(where: { Int($0) >= radix }) {
      throw .notANumeral(place: place)
    }
  }

  /// Steps 6.i to 6.v: the number that a round adds, as its `length` least significant numerals.
  private func roundNumerals(
    _ round: Int, _ half: [UInt8], of count: Int, tweak: [UInt8], length: Int
  ) -> [UInt8] {
    let wide = count - count / 2
    // The bytes of the largest number of the longer half.
    let width = bytes(of: [UInt8](repeating: UInt8(radix - 1), count: wide)).count
    let wanted = 4 * ((width + 3) / 4) + 4
    var block: [UInt8] = [1, 2, 1]
    block += bigEndian(radix, count: 3) + [10, UInt8((count / 2) & 0xFF)]
    block += bigEndian(count, count: 4) + bigEndian(tweak.count, count: 4) + tweak
    block += [UInt8](repeating: 0, count: (16 * 16 - tweak.count % 16 - width - 1) % 16)
    block.append(UInt8(round))
    let number = bytes(of: half)
    block += [UInt8](repeating: 0, count: width - number.count) + number
    let r = Array(cbc(block).suffix(16))
    var s = r
    var counter = 1
    while s.count < wanted {
      var next = r
      for (place, byte) in bigEndian(counter, count: 8).enumerated() { next[8 + place] ^= byte }
      s += cbc(next)
      counter += 1
    }
    return numerals(of: Array(s.prefix(wanted)), count: length)
  }

  private func cbc(_ block: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: block.count)
    let done = unsafe key.withUnsafeBytes { key in
      unsafe medai_aes_cbc_zero(
        key.baseAddress, Int32(key.count), block, Int32(block.count), &out)
    }
    precondition(done == 1, "libcrypto failed to encrypt")
    return out
  }

  private func bigEndian(_ value: Int, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The number that numerals spell, big-endian without leading zeros, at least one byte.
  private func bytes(of numerals: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0]
    for numeral in numerals {
      var carry = Int(numeral)
      for place in result.indices.reversed() {
        carry += Int(result[place]) * radix
        result[place] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      while carry > 0 {
        result.insert(UInt8(carry & 0xFF), at: 0)
        carry >>= 8
      }
    }
    return result
  }

  /// The least significant numerals of a big-endian number.
  private func numerals(of bytes: [UInt8], count: Int) -> [UInt8] {
    var rest = bytes
    var result = [UInt8](repeating: 0, count: count)
    for place in result.indices.reversed() {
      var carry = 0
      for index in rest.indices {
        carry = carry << 8 | Int(rest[index])
        rest[index] = UInt8(carry / radix)
        carry %= radix
      }
      result[place] = UInt8(carry)
    }
    return result
  }

  private func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result = left
    var carry = 0
    for place in result.indices.reversed() {
      carry += Int(left[place]) + Int(right[place])
      result[place] = UInt8(carry % radix)
      carry /= radix
    }
    return result
  }

  private func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result = left
    var borrow = 0
    for place in result.indices.reversed() {
      let digit = Int(left[place]) - Int(right[place]) - borrow
      borrow = digit < 0 ? 1 : 0
      result[place] = UInt8(digit < 0 ? digit + radix : digit)
    }
    return result
  }
}
