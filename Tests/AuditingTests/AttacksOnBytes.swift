import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// Random damage to a log's files: found, or without any change of a byte that a reader gets.
@Suite struct AttacksOnBytes {
  /// `make test-faults` asks for everything.
  static let isFull = environmentVariable("MEDAI_FAULTS") == "full"
  static let seed = environmentVariable("MEDAI_SEED").flatMap { UInt64($0) } ?? 20_261_124

  /// A small log, so that thousands of copies can be judged.
  struct Small {
    let folder: FilePath
    let database: [UInt8]
    let checkpoint: [UInt8]
    let contents: [[UInt8]]
    let kept: [[UInt8]]

    init(_ folder: FilePath) throws {
      var log = try openLog(folder)
      let begin = try log.append(deidBegin()).entry
      _ = try log.append([deidFile(begin: begin), deidEnd(begin: begin)])
      _ = try log.keepCheckpoint()
      _ = try log.append([examBegin])
      try log.close()
      self.folder = folder
      database = try readFile(folder.appending("log.db"))
      checkpoint = try readFile(folder.appending("checkpoint"))
      contents = try Self.contents(folder)
      kept = try Self.kept(folder)
    }

    /// Everything that a reader gets of what is signed: the head, entries, hashes, nodes, the file.
    static func contents(_ folder: FilePath) throws -> [[UInt8]] {
      var reader = try LogReader.open(folder: folder)
      var pieces = [reader.note, try readFile(folder.appending("checkpoint"))]
      let size = reader.checkpoint.size
      for entry in 0..<size {
        pieces.append(try reader.leaf(entry))
        var level = 0
        while (entry + 1) % (1 << level) == 0 {
          pieces.append(
            try reader.node(NodePlace(level: level, index: entry >> level)).bytes)
          level += 1
        }
      }
      return pieces
    }

    /// The signed checkpoints that are kept.
    static func kept(_ folder: FilePath) throws -> [[UInt8]] {
      var reader = try LogReader.open(folder: folder)
      return try reader.signedSizes().map { try reader.signedCheckpoint(at: $0) ?? [] }
    }

    /// Whether damage shows; where it does not, nothing that a reader gets may have changed. A kept
    /// checkpoint that no entry asks for may be gone (docs/attacks.md, 3i): none may be another.
    func isFound(_ what: @autoclosure () -> String) throws -> Bool {
      guard let found = try? verify(folder), found.verdict == .intact else { return true }
      let isSame = try Self.contents(folder) == contents
      #expect(isSame, "\(what())")
      let areKnown = try Self.kept(folder).allSatisfy(kept.contains)
      #expect(areKnown, "\(what())")
      return false
    }

    /// Replaces a file without a sync: a test does it thousands of times.
    func put(_ bytes: [UInt8], _ name: String) throws {
      let file = try FileDescriptor.open(folder.appending(name), .writeOnly, options: [.truncate])
      try file.closeAfter { _ = try file.writeAll(bytes) }
    }
  }

  /// 5,200 random changes of several bytes: scattered, in a run, zeroed, copied from elsewhere.
  @Test(arguments: 0..<4)
  func randomChangesOfManyBytesAreFound(part: Int) throws {
    try withScratchFolder { scratch in
      let small = try Small(scratch.appending("log"))
      var random = SplitMix64(seed: Self.seed &+ UInt64(part))
      var found = 0
      let rounds = Self.isFull ? 10_000 : 1300
      for round in 0..<rounds {
        let isFile = random.below(4) == 0
        let original = isFile ? small.checkpoint : small.database
        var bytes = original
        Self.damage(&bytes, &random)
        if bytes == original { bytes[random.below(bytes.count)] ^= 1 }
        let name = isFile ? "checkpoint" : "log.db"
        try small.put(bytes, name)
        if try small.isFound("seed \(Self.seed), part \(part), round \(round), \(name)") {
          found += 1
        }
        try small.put(original, name)
      }
      #expect(try verify(small.folder).verdict == .intact)
      #expect(found > rounds / 2)
      if Self.isFull { print("part \(part): \(rounds) changes, \(found) found, the rest harmless") }
    }
  }

  private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let count = 2 + random.below(15)
    let start = random.below(max(1, bytes.count - count))
    switch random.below(5) {
    case 0:
      for _ in 0..<count { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
    case 1: for place in start..<(start + count) { bytes[place] = UInt8(random.below(256)) }
    case 2: for place in start..<(start + count) { bytes[place] = 0 }
    case 3:
      let source = random.below(bytes.count - count)
      bytes.replaceSubrange(start..<(start + count), with: bytes[source..<(source + count)])
    default: for place in start..<(start + count) { bytes[place] ^= 1 << UInt8(random.below(8)) }
    }
  }

  /// Class 2 in full: each byte of the database, one bit.
  @Test(.enabled(if: isFull), arguments: 0..<4)
  func everyByteOfTheDatabase(part: Int) throws {
    try withScratchFolder { scratch in
      let small = try Small(scratch.appending("log"))
      var random = SplitMix64(seed: Self.seed &+ UInt64(part))
      var found = 0
      var tried = 0
      for place in stride(from: part, to: small.database.count, by: 4) {
        var bytes = small.database
        bytes[place] ^= 1 << UInt8(random.below(8))
        try small.put(bytes, "log.db")
        tried += 1
        if try small.isFound("byte \(place)") { found += 1 }
      }
      #expect(found > 0 && found < tried)
      print("part \(part): \(tried) bytes, \(found) found, \(tried - found) harmless")
    }
  }

  /// Class 1 for small things, every bit: signed notes, an entry, a node.
  @Test func everyBitOfSmallThings() throws {
    try withScratchFolder { scratch in
      let small = try Small(scratch.appending("log"))
      let keys = [try testVerifier()]
      for bit in 0..<(8 * small.checkpoint.count) {
        var bytes = small.checkpoint
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(throws: NoteError.self, "bit \(bit)") {
          try Checkpoint.open(bytes, trusting: keys)
        }
      }
      var reader = try LogReader.open(folder: small.folder)
      let leaf = try reader.leaf(2)
      let proof = try reader.proof(of: 2)
      for bit in 0..<(8 * leaf.count) {
        var bytes = leaf
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(throws: EntryProofError.wrongPath, "bit \(bit)") {
          try proof.verify(leaf: bytes, trusting: keys)
        }
      }
    }
  }
}
