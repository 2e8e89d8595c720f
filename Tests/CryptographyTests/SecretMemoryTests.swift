import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Secrets leave no bytes behind, as far as a process can see of itself.
///
/// Seen: every mapping that can be read, the secure heap among them. Not seen: registers, and what
/// the kernel copied (the page cache holds the key's file anyway).
@Suite(.serialized) struct SecretMemoryTests {
  /// A pattern that is kept inverted, so that looking for it does not plant it.
  private struct Mask {
    let inverted: [UInt8]

    init(_ secret: SecureBytes) {
      inverted = secret.withBytes { bytes in bytes.indices.map { ~bytes[$0] } }
    }

    init(_ inverted: [UInt8]) { self.inverted = inverted }

    /// How often the pattern occurs in this process's memory.
    func occurrences() throws -> Int {
      var found = 0
      let memory = try FileDescriptor.open(FilePath("/proc/self/mem"), .readOnly)
      defer { try? memory.close() }
      for line in try readFile("/proc/self/maps").split(separator: 0x0A) {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words[1].hasPrefix("rw"), let dash = words[0].firstIndex(of: "-"),
          let start = Int(words[0][..<dash], radix: 16),
          let end = Int(words[0][dash...].dropFirst(), radix: 16), end - start < 1 << 30
        else { continue }
        var chunk = [UInt8](repeating: 0, count: min(end - start, 1 << 20) + 64)
        var place = start
        while place < end {
          let wanted = min(chunk.count, end - place)
          let count = unsafe chunk.withUnsafeMutableBytes { buffer in
            unsafe pread(memory.rawValue, buffer.baseAddress, wanted, place)
          }
          guard count > 0 else { break }
          found += occurrences(in: chunk, count)
          // Pieces overlap, so that none is missed at a seam.
          place += max(1, count == chunk.count ? count - inverted.count + 1 : count)
        }
        // The copy that was searched holds nothing for the next search.
        cleanse(&chunk)
      }
      return found
    }

    private func occurrences(in chunk: [UInt8], _ count: Int) -> Int {
      var found = 0
      var place = 0
      let first = ~inverted[0]
      unsafe chunk.withUnsafeBytes { bytes in
        while place + inverted.count <= count, let base = bytes.baseAddress,
          let hit = unsafe memchr(base + place, Int32(first), count - place)
        {
          place = unsafe UnsafeRawPointer(hit) - base
          if place + inverted.count <= count,
            inverted.indices.allSatisfy({ unsafe bytes[place + $0] == ~inverted[$0] })
          {
            found += 1
          }
          place += 1
        }
      }
      return found
    }
  }

  @Test func aSecretIsSeenWhileItLivesAndNotAfterwards() throws {
    var secret: SecureBytes? = try SecureBytes.random(48)
    let mask = Mask(try #require(secret))
    #expect(try mask.occurrences() >= 1)
    secret = nil
    #expect(try mask.occurrences() == 0)
  }

  @Test func aSigningKeyLeavesNeitherSeedNorText() throws {
    try withScratchFolder { folder in
      let path = folder.appending("key.pem")
      var passphrase: SecureBytes? = try SecureBytes.random(24)
      let passphraseMask = Mask(try #require(passphrase))
      var seed: SecureBytes? = try SecureBytes.random(32)
      let seedMask = Mask(try #require(seed))
      var key: SigningKey? = try SigningKey(seed: try #require(seed))
      seed = nil
      // Seen at least once: the buffer that the search reads into may come by with its own copy.
      #expect(try seedMask.occurrences() >= 1)
      try key?.write(to: path, passphrase: passphrase)
      key = nil
      #expect(try seedMask.occurrences() == 0, "after it was written")
      for _ in 0..<3 {
        key = try SigningKey.load(path, passphrase: passphrase)
        _ = key?.signature(of: [1, 2, 3])
        #expect(try seedMask.occurrences() >= 1)
        key = nil
      }
      passphrase = nil
      #expect(try seedMask.occurrences() == 0, "after it was read and used")
      #expect(try passphraseMask.occurrences() == 0)
    }
  }

  @Test func aPlainKeyFileLeavesNoTextEither() throws {
    try withScratchFolder { folder in
      let path = folder.appending("key.pem")
      var text: SecureBytes? = try SigningKey.generate().pem()
      // Within the base64 line, which begins at byte 28: what spells the key and not its lead.
      let mask = Mask(try #require(text).slice(44..<80))
      try writeSecretFile(try #require(text), to: path)
      text = nil
      #expect(try mask.occurrences() == 0)
      var key: SigningKey? = try SigningKey.load(path)
      #expect(key != nil)
      #expect(try mask.occurrences() == 0)
      key = nil
      #expect(try mask.occurrences() == 0)
    }
  }

  @Test func aPassphraseOfTheEnvironmentIsTaken() throws {
    unsafe setenv("MEDAI_TEST_PASSPHRASE", "a passphrase of the environment", 1)
    let passphrase = try readPassphrase(.environment("MEDAI_TEST_PASSPHRASE"))
    #expect(passphrase.count == 31)
    #expect(unsafe getenv("MEDAI_TEST_PASSPHRASE") == nil)
    #expect(throws: KeyError.passphraseLength) {
      try readPassphrase(.environment("MEDAI_TEST_PASSPHRASE"))
    }
  }

  @Test func aDescriptorGivesItsFirstLineWhileTheOtherEndStaysOpen() throws {
    let ends = try FileDescriptor.pipe()
    defer { try? ends.writeEnd.close() }
    try ends.writeEnd.writeAll(Array("first\nsecond\n".utf8))
    #expect(try readPassphrase(.descriptor(ends.readEnd.rawValue)).count == 5)
    // It was closed: nothing this program starts finds it.
    #expect(fcntl(ends.readEnd.rawValue, F_GETFD) == -1)
    #expect(throws: KeyError.badDescriptor(2)) { try readPassphrase(.descriptor(2)) }
    #expect(throws: KeyError.badDescriptor(9999)) { try readPassphrase(.descriptor(9999)) }
  }
}
