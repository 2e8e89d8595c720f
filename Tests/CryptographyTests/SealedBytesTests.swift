import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// One case of a file that `cut_vectors.py` made: words in hexadecimal digits, `-` for nothing.
private func cases(_ name: String) throws -> [[String]] {
  let text = try readFile(goldenFolder().appending(name))
  return text.split(separator: 0x0A).map { line in
    line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
  }
}

private func unhex(_ word: String) throws -> [UInt8] {
  word == "-" ? [] : try #require(bytes(fromHex: word))
}

private func secret(_ word: String) throws -> SecureBytes {
  var bytes = try unhex(word)
  return try SecureBytes(moving: &bytes)
}

private func copied(_ secret: SecureBytes) -> [UInt8] {
  secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
}

struct SealedBytesTests {
  @Test func authenticatedEncryptionMeetsThePublishedVectors() throws {
    let cases = try cases("aes-256-gcm.txt")
    #expect(cases.count > 200)
    var refused = 0
    for words in cases {
      let key = try secret(words[0])
      let nonce = try unhex(words[1])
      let associated = try unhex(words[2])
      let sealed = try unhex(words[3]) + unhex(words[4])
      let opened = SealedBytes.open(sealed, key: key, nonce: nonce, associated: associated)
      if words[5] == "FAIL" {
        refused += 1
        #expect(opened == nil)
        continue
      }
      let plain = try unhex(words[5])
      #expect(opened == plain)
      #expect(
        SealedBytes.seal(plain, key: key, nonce: nonce, associated: associated) == sealed)
    }
    #expect(refused > 50)
  }

  /// RFC 3394 sections 4.1 to 4.6: every size of key and of data.
  @Test(arguments: [
    (16, 16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"),
    (24, 16, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"),
    (32, 16, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"),
    (24, 24, "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"),
    (32, 24, "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"),
    (
      32, 32,
      "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
    ),
  ])
  func keyWrapMeetsTheStandard(keyBytes: Int, dataBytes: Int, wrapped: String) throws {
    let data = "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F"
    var keyText = (0..<UInt8(keyBytes)).map { $0 }
    let key = try SecureBytes(moving: &keyText)
    let plain = try secret(String(data.prefix(2 * dataBytes)))
    let expected = try unhex(wrapped)
    #expect(KeyWrap.wrap(plain, under: key) == expected)
    #expect(try #require(try KeyWrap.unwrap(expected, under: key)).equals(plain))
  }

  @Test func keyWrapMeetsThePublishedVectors() throws {
    let cases = try cases("aes-256-kw.txt")
    #expect(cases.count > 40)
    var refused = 0
    for words in cases {
      let key = try secret(words[0])
      let wrapped = try unhex(words[1])
      let opened = try KeyWrap.unwrap(wrapped, under: key)
      if words[2] == "FAIL" {
        refused += 1
        #expect(opened == nil)
        continue
      }
      #expect(opened.map(copied) == (try unhex(words[2])))
      #expect(KeyWrap.wrap(try secret(words[2]), under: key) == wrapped)
    }
    #expect(refused > 5)
  }

  @Test func everyFlippedBitIsRefused() throws {
    let key = try SecureBytes.random(32)
    let nonce = [UInt8](repeating: 1, count: 12)
    let sealed = SealedBytes.seal([1, 2, 3], key: key, nonce: nonce, associated: [9])
    let wrapped = KeyWrap.wrap(try SecureBytes.random(32), under: key)
    for bit in 0..<sealed.count * 8 {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(SealedBytes.open(changed, key: key, nonce: nonce, associated: [9]) == nil)
    }
    for bit in 0..<wrapped.count * 8 {
      var changed = wrapped
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(try KeyWrap.unwrap(changed, under: key) == nil)
    }
    #expect(SealedBytes.open(sealed, key: key, nonce: nonce, associated: []) == nil)
    #expect(SealedBytes.open([], key: key, nonce: nonce, associated: [9]) == nil)
    #expect(SealedBytes.open(Array(sealed.dropLast()), key: key, nonce: nonce, associated: [9]) == nil)
    for count in 0..<wrapped.count {
      #expect(try KeyWrap.unwrap(Array(wrapped.prefix(count)), under: key) == nil)
    }
  }

  @Test func aKeySealedUnderAKeyComesBackInTheSecureHeap() throws {
    let key = try SecureBytes.random(32)
    let inner = try SecureBytes.random(32)
    let nonce = [UInt8](repeating: 2, count: 12)
    let sealed = SealedBytes.seal(inner, key: key, nonce: nonce, associated: [])
    let opened = try SealedBytes.openSecret(sealed, key: key, nonce: nonce, associated: [])
    #expect(try #require(opened).equals(inner))
    #expect(try SealedBytes.openSecret(sealed, key: inner, nonce: nonce, associated: []) == nil)
  }

  @Test func derivedSecretsAreTheCodeOfTheirPurpose() throws {
    // RFC 4231 test case 2.
    var jefe = Array("Jefe".utf8)
    let key = try SecureBytes(moving: &jefe)
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    #expect(key.code(of: Array("what do ya want for nothing?".utf8)).hex == expected)
    #expect(hexString(copied(try key.derived(for: "what do ya want for nothing?"))) == expected)
  }
}
