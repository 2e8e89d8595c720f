import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

// A global cannot throw, and the digits are fixed.
// swift-format-ignore: NeverForceUnwrap
private let seed = bytes(
  fromHex: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")!
private let passphrase = Array("correct-horse".utf8)

private func golden(_ name: String) throws -> [UInt8] {
  try readFile(goldenFolder().appending(name))
}

/// RFC 8032 section 7.1, TEST 1 to 3.
@Test(arguments: [
  (
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
  ),
  (
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
  ),
  (
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  ),
])
func rfc8032Vectors(seed: String, key: String, message: String, signature: String) throws {
  let signing = try SigningKey(seed: #require(bytes(fromHex: seed)))
  let text = try #require(bytes(fromHex: message))
  #expect(hexString(signing.publicKey.bytes) == key)
  #expect(hexString(signing.signature(of: text)) == signature)
  #expect(signing.publicKey.verifies(try #require(bytes(fromHex: signature)), of: text))
}

@Test func keysMadeByOpenSSLAreRead() throws {
  let message = try golden("message.txt")
  let signature = try golden("signature.bin")
  let plain = try SigningKey(pem: golden("plain.pem"))
  #expect(plain.signature(of: message) == signature)
  for name in ["scrypt.pem", "pbes2.pem"] {
    let key = try SigningKey(pem: golden(name), passphrase: passphrase)
    #expect(key.publicKey == plain.publicKey)
    #expect(throws: KeyError.unreadable) { try SigningKey(pem: golden(name)) }
    #expect(throws: KeyError.unreadable) {
      try SigningKey(pem: golden(name), passphrase: Array("wrong".utf8))
    }
  }
}

@Test func everyBitOfASignatureCounts() throws {
  let key = try SigningKey(seed: seed)
  let message = Array("a note\n".utf8)
  let signature = key.signature(of: message)
  for bit in 0..<512 {
    var flipped = signature
    flipped[bit / 8] ^= 1 << (bit % 8)
    #expect(!key.publicKey.verifies(flipped, of: message))
  }
  #expect(!key.publicKey.verifies(signature, of: message + [0]))
  #expect(!key.publicKey.verifies(Array(signature.dropLast()), of: message))
  #expect(!key.publicKey.verifies([], of: message))
  #expect(!(try SigningKey.generate()).publicKey.verifies(signature, of: message))
}

@Test func keyFilesRoundTripAndStayPrivate() throws {
  try withScratchFolder { folder in
    let key = try SigningKey.generate()
    for (name, secret) in [("plain", nil), ("sealed", passphrase)] as [(String, [UInt8]?)] {
      let path = folder.appending(name)
      try key.write(to: path, passphrase: secret)
      #expect(try fileStatus(path).mode == 0o600)
      #expect(try SigningKey.load(path, passphrase: secret).publicKey == key.publicKey)
      #expect(throws: KeyError.file(FileError(.create, path, .fileExists))) {
        try key.write(to: path)
      }
    }
    let text = String(decoding: try readFile(folder.appending("sealed")), as: UTF8.self)
    #expect(text.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
  }
}

@Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o601] as [CInterop.Mode])
func keyFilesOthersMayTouchAreRefused(mode: CInterop.Mode) throws {
  try withScratchFolder { folder in
    let path = folder.appending("key.pem")
    try writeDurably(
      golden("plain.pem"), to: path, permissions: FilePermissions(rawValue: mode))
    #expect(throws: KeyError.readableByOthers(mode: UInt32(mode))) { try SigningKey.load(path) }
  }
}

@Test func keyFilesThatAreNoFilesAreRefused() throws {
  try withScratchFolder { folder in
    #expect(throws: KeyError.notAFile) { try SigningKey.load(folder) }
    let missing = folder.appending("missing")
    #expect(throws: KeyError.file(FileError(.open, missing, .noSuchFileOrDirectory))) {
      try SigningKey.load(missing)
    }
  }
}

@Test func otherKeysAreRefused() throws {
  #expect(throws: KeyError.wrongAlgorithm) { try SigningKey(pem: golden("other-algorithm.pem")) }
  #expect(throws: KeyError.unreadable) { try SigningKey(pem: golden("public.pem")) }
  #expect(throws: KeyError.unreadable) { try SigningKey(pem: []) }
  #expect(throws: KeyError.unreadable) { try SigningKey(seed: [1, 2, 3]) }
  #expect(throws: KeyError.passphraseLength) { try SigningKey(seed: seed).pem(passphrase: []) }
  let pem = try golden("plain.pem")
  for count in 0..<(pem.count - 30) {
    #expect(throws: KeyError.self) { try SigningKey(pem: Array(pem[..<count])) }
  }
}

@Test func verifierKeyLinesRoundTrip() throws {
  // The example key of Go's sumdb note documentation.
  let line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  let key = try VerifierKey(line: Array(line.utf8))
  #expect(key.name == "PeterNeumann" && hexString(key.keyID) == "c74f20a3")
  #expect(key.line == line)
  #expect(try VerifierKey(line: Array((line + "\n").utf8)) == key)
}

@Test(arguments: [
  ("", KeyError.malformedVerifierKey), ("PeterNeumann", .malformedVerifierKey),
  ("PeterNeumann+c74f20a3+", .malformedVerifierKey),
  ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", .malformedVerifierKey),
  ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .malformedVerifierKey),
  ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .wrongKeyID),
  ("PeterNeumans+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .wrongKeyID),
  ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .malformedName),
  ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .malformedName),
  ("PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .unknownSignatureType(4)),
  ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW ", .malformedVerifierKey),
])
func brokenVerifierKeyLinesAreRefused(line: String, error: KeyError) {
  #expect(throws: error) { try VerifierKey(line: Array(line.utf8)) }
}

/// RFC 4648 section 10.
@Test func base64Vectors() {
  for (text, coded) in [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ] {
    #expect(base64Text(Array(text.utf8)) == coded)
    #expect(bytes(fromBase64: Array(coded.utf8)) == Array(text.utf8))
  }
  for coded in [
    "Zg=", "Zg", "Zh==", "Zm9=", "Zg==Zg==", "Zg==\n", " Zg==", "Z===", "====", "Zm9v=", "Zm-v",
    "=m9v", "Zg==Zm9v",
  ] {
    #expect(bytes(fromBase64: Array(coded.utf8)) == nil, "\(coded)")
  }
}

@Test func secretsAreWiped() {
  var secret: [UInt8] = [1, 2, 3]
  cleanse(&secret)
  #expect(secret.isEmpty)
}

/// FIPS 180-4 example and RFC 4231 test case 2.
@Test func digestVectors() {
  #expect(
    sha256(Array("abc".utf8)).hex
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  var hasher = PartHasher()
  let (left, right) = (sha256([1]), sha256([2]))
  for _ in 0..<2 {
    for rest in ["bc", ""] {
      let bytes = Array(rest.utf8)
      let digest = hasher.digest(0x61, bytes.span)
      #expect(digest == sha256(Array("a\(rest)".utf8)))
    }
    #expect(hasher.digest(1, left, right) == sha256([1] + left.bytes + right.bytes))
  }
  var text = Array("x".utf8)
  left.appendHex(to: &text)
  #expect(text == Array("x\(hexString(left.bytes))".utf8))
  let bytes = left.bytes
  let (whole, cut) = (Digest(bytes.span), Digest(bytes.span.extracting(..<31)))
  #expect(whole == left && cut == nil)
  #expect(
    KeyedHash(key: Array("Jefe".utf8)).code(of: Array("what do ya want for nothing?".utf8)).hex
      == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
}

@Test func commitmentsDoNotDependOnPieces() {
  let content = (0..<1000).map { UInt8($0 & 255) }
  let whole = KeyedHash(key: seed).code(of: content)
  for piece in [1, 7, 64, 999, 1000] {
    var commitment = Commitment(key: seed)
    for start in stride(from: 0, to: 1000, by: piece) {
      commitment.update(Array(content[start..<min(1000, start + piece)]))
    }
    let result = commitment.finalize()
    #expect(result == whole)
  }
  let empty = Commitment(key: seed).finalize()
  #expect(empty == KeyedHash(key: seed).code(of: [UInt8]()))
  #expect(empty != KeyedHash(key: [1]).code(of: [UInt8]()))
}
