import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

struct SecureBytesTests {
  @Test func aSecretLivesInTheSecureHeapAndReadsBack() throws {
    var array: [UInt8] = Array("correct horse".utf8)
    let secret = try SecureBytes(moving: &array)
    #expect(array.isEmpty)
    #expect(secret.count == 13)
    #expect(secret.withBytes { bytes in bytes[0] == 0x63 && bytes[12] == 0x65 })
    let same = try secret.slice(0..<13)
    #expect(secret.equals(same))
    #expect(!secret.equals(try secret.slice(0..<12)))
    #expect(!secret.equals(try SecureBytes.random(13)))
  }

  @Test(arguments: [("pass\nrest", 4), ("pass\r\nrest", 4), ("pass", 4), ("\npass", 0), ("", 0)])
  func aPassphraseIsTheFirstLine(text: String, count: Int) throws {
    var bytes = Array(text.utf8)
    #expect(try SecureBytes(moving: &bytes).firstLine().count == count)
  }

  @Test func filesThatOthersMayReadAndLinksAreRefused() throws {
    try withScratchFolder { folder in
      let path = folder.appending("secret")
      let secret = try SecureBytes.random(40)
      try secret.write(to: path)
      #expect(try fileStatus(path).mode == 0o600)
      #expect(try SecureBytes.reading(path, maxBytes: 40).equals(secret))
      #expect(throws: KeyError.file(FileError(.read, "", .fileTooLarge))) {
        _ = try SecureBytes.reading(path, maxBytes: 39)
      }
      #expect(throws: KeyError.file(FileError(.create, path, .fileExists))) {
        try secret.write(to: path)
      }
      unsafe symlink("secret", folder.appending("link").string)
      #expect(throws: KeyError.notAFile) {
        _ = try SecureBytes.reading(folder.appending("link"), maxBytes: 40)
      }
      unsafe chmod(path.string, 0o640)
      #expect(throws: KeyError.readableByOthers(mode: 0o640)) {
        _ = try SecureBytes.reading(path, maxBytes: 40)
      }
    }
  }

  @Test func anExhaustedHeapIsAnErrorAndRecovers() throws {
    var held: [SecureBytes] = []
    #expect(throws: SecureMemoryError.exhausted) {
      for _ in 0..<100 { held.append(try SecureBytes.random(1 << 16)) }
    }
    held = []
    _ = try SecureBytes.random(1 << 10)
  }
}
