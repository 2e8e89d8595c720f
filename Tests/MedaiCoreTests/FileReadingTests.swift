import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@Suite struct FileReadingTests {
  @Test func theLimitIsTheLastSizeThatIsRead() throws {
    try withScratchFolder { folder in
      let path = folder.appending("file")
      for count in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        try writeDurably(bytes, to: path)
        for limit in [count, count + 1, .max - 1, .max] {
          #expect(try readFile(path, maxBytes: limit) == bytes)
        }
        if count == 0 { continue }
        #expect(throws: FileError(.read, path, .fileTooLarge)) {
          try readFile(path, maxBytes: count - 1)
        }
      }
    }
  }
}
