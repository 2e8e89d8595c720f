import Cryptography
import MedaiCore
import Testing

/// FF1 against the sample values that NIST publishes with SP 800-38G (FF1samples, 1 to 9).
struct FormatPreservingTests {
  private static let long = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94"
  private static let digits = "0123456789"
  private static let letters = "0123456789abcdefghi"

  private func cipher(_ keyBytes: Int, radix: Int) throws -> FormatPreservingCipher {
    var key = try #require(bytes(fromHex: String(Self.long.prefix(2 * keyBytes))))
    return FormatPreservingCipher(key: try SecureBytes(moving: &key), radix: radix)
  }

  private func numerals(_ text: String) throws -> [UInt8] {
    try text.map { UInt8(try #require(Int(String($0), radix: 36))) }
  }

  @Test(arguments: [
    (16, digits, "", "2433477484"), (16, digits, "39383736353433323130", "6124200773"),
    (16, letters, "3737373770717273373737", "a9tv40mll9kdu509eum"),
    (24, digits, "", "2830668132"), (24, digits, "39383736353433323130", "2496655549"),
    (24, letters, "3737373770717273373737", "xbj3kv35jrawxv32ysr"),
    (32, digits, "", "6657667009"), (32, digits, "39383736353433323130", "1001623463"),
    (32, letters, "3737373770717273373737", "xs8a0azh2avyalyzuwd"),
  ])
  func publishedSamplesHold(keyBytes: Int, plain: String, tweak: String, sealed: String) throws {
    let cipher = try cipher(keyBytes, radix: plain == Self.digits ? 10 : 36)
    let tweak = try #require(bytes(fromHex: tweak))
    let made = try cipher.encrypt(numerals(plain), tweak: tweak)
    #expect(try made == numerals(sealed))
    #expect(try cipher.decrypt(made, tweak: tweak) == numerals(plain))
  }

  @Test func everyLengthComesBackAndNoTwoValuesMeet() throws {
    let cipher = try cipher(32, radix: 10)
    for length in 6...64 {
      let plain = (0..<length).map { UInt8(($0 * 7 + length) % 10) }
      let made = try cipher.encrypt(plain, tweak: [1])
      #expect(made.count == length && made.allSatisfy { $0 < 10 })
      #expect(try cipher.decrypt(made, tweak: [1]) == plain)
      #expect(try cipher.encrypt(plain, tweak: [2]) != made)
    }
    var seen = Set<[UInt8]>()
    for value in 0..<2000 {
      let plain = String(1_000_000 + value).dropFirst().utf8.map { $0 - 0x30 }
      seen.insert(try cipher.encrypt(Array(plain), tweak: []))
    }
    #expect(seen.count == 2000)
  }

  @Test func domainsBelowAMillionAreRefused() throws {
    #expect(FormatPreservingCipher.minLength(radix: 10) == 6)
    #expect(FormatPreservingCipher.minLength(radix: 36) == 4)
    #expect(FormatPreservingCipher.minLength(radix: 2) == 20)
    let cipher = try cipher(32, radix: 10)
    #expect(throws: FormatPreservingError.smallDomain(length: 5)) {
      _ = try cipher.encrypt([1, 2, 3, 4, 5], tweak: [])
    }
    #expect(throws: FormatPreservingError.smallDomain(length: 0)) {
      _ = try cipher.decrypt([], tweak: [])
    }
    #expect(throws: FormatPreservingError.notANumeral(place: 5)) {
      _ = try cipher.encrypt([0, 1, 2, 3, 4, 10], tweak: [])
    }
    #expect(throws: FormatPreservingError.tooLong(length: 129)) {
      _ = try cipher.encrypt([UInt8](repeating: 0, count: 129), tweak: [])
    }
  }
}
