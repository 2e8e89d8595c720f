internal import Cryptography
internal import MedaiCore
internal import Storage
internal import SystemPackage

/// What each attack does.
extension LogDrill {
  /// Tries an attack in all its variants, each on the copy as it was before.
  ///
  /// - Returns: Nothing where the log has nothing that the attack needs.
  mutating func trials(of attack: DrillAttack) throws -> [Trial] {
    switch attack {
    case .entryBit: try blobBit("leaf", "bytes", "WHERE seq = \(random.below(before.entries))")
    case .hashBit: try blobBit("leaf", "hash", "WHERE seq = \(random.below(before.entries))")
    case .nodeBit:
      before.entries < 2
        ? []
        : try blobBit(
          "node", "hash", "WHERE level = 1 AND idx = \(random.below(before.entries / 2))")
    case .headBit:
      try blobBit("head", "note", "") + blobBit("head", "root", "")
    case .keptBit: try blobBit("checkpoint", "note", "")
    case .checkpointFileBit: try checkpointFiles { [random.turningABit(of: $0.bytes)] }
    case .databaseBytes: try databaseBytes()
    case .entryDeleted: try running("DELETE FROM leaf WHERE seq = \(middle)")
    case .entryDuplicated:
      try running(
        "INSERT INTO leaf SELECT \(before.entries), bytes, hash FROM leaf WHERE seq = \(middle)")
    case .entriesSwapped:
      before.entries < 2
        ? []
        : try running(
          """
          UPDATE leaf SET seq = \(before.entries) WHERE seq = \(middle);
          UPDATE leaf SET seq = \(middle) WHERE seq = \(middle - 1);
          UPDATE leaf SET seq = \(middle - 1) WHERE seq = \(before.entries)
          """)
    case .triggerDropped: try forging(restoringAllTriggers: false) { _ in Forgery() }
    case .tailCut: try running("DELETE FROM leaf WHERE seq = \(before.entries - 1)")
    case .headCut: try running("DELETE FROM leaf WHERE seq = 0")
    case .rolledBack: try rollBack(withFile: true)
    case .rolledBackAlone: try rollBack(withFile: false)
    case .rebuiltUnsigned: try rebuiltUnsigned()
    case .rebuiltWithStolenKey:
      try stealing(withAnchor: true) { forger in
        try Self.rewrite(middle, in: &forger, Self.otherRole)
      }
    case .rebuiltWithOtherKey: try rebuiltWithOtherKey()
    case .signatureTypeSwapped: try otherSignature(type: 0x04)
    case .keyIDReused: try otherSignature(type: nil)
    case .malformedCheckpoints: try checkpointFiles(Self.malformed)
    case .brokenProofs: try brokenProofs()
    case .secondPreimage: try secondPreimage()
    case .otherJSONForm:
      try Self.jsonForms.flatMap { form in
        try stealing { forger in try Self.rewrite(middle, in: &forger, form) }
      }
    case .timeSetBack:
      try plainEntry().map { entry in
        try stealing { forger in try Self.rewrite(entry, in: &forger, Self.time(movedBy: -10)) }
      } ?? []
    case .timeSetForward: try timeSetForward()
    }
  }

  private var middle: Int { before.entries / 2 }

  /// An entry in the middle, or after it, that cannot be ten years older than the one before.
  private func plainEntry() throws -> Int? {
    var reader = try LogReader.open(folder: copy.path, catalog: catalog)
    let nineYears: Int64 = 9 * 365 * 86_400 * 1_000_000
    for entry in max(middle, 1)..<max(before.entries, 2) {
      guard let past = try? reader.entry(entry - 1), let found = try? reader.entry(entry),
        found.type != EventType.clockStep.identifier,
        found.time.microseconds - past.time.microseconds < nineYears
      else { continue }
      return entry
    }
    return nil
  }

  // MARK: - Bits and rows

  private func running(_ sql: String) throws -> [Trial] {
    try forging { forger in
      try forger.run(sql)
      return Forgery()
    }
  }

  /// Turns one bit of a value that is bytes.
  private mutating func blobBit(
    _ table: String, _ column: String, _ condition: String
  ) throws -> [Trial] {
    var random = random
    defer { self.random = random }
    return try forging { forger in
      let order = table == "checkpoint" ? " ORDER BY size LIMIT 1" : ""
      let old = try forger.row("SELECT \(column) FROM \(table) \(condition)\(order)")
      guard !old.isEmpty else { return nil }
      let new = random.turningABit(of: old)
      try forger.run(
        """
        UPDATE \(table) SET \(column) = x'\(hexString(new))' \
        WHERE \(column) = x'\(hexString(old))'
        """)
      return Forgery()
    }
  }

  /// Changes one to eight bytes of the file at a time. A change that nobody can see must leave
  /// every byte that a reader gets as it was.
  private mutating func databaseBytes() throws -> [Trial] {
    let size = try fileStatus(copy.database).bytes
    let contents = try digestOfContents(copy.path, catalog: catalog)
    // A large log is read whole for each change: fewer changes keep the drill within minutes.
    let tries = min(64, max(8, 20_000 / max(before.entries, 1)))
    let file = try FileDescriptor.open(copy.database, .readWrite)
    defer { try? file.close() }
    var trials: [Trial] = []
    for _ in 0..<tries {
      var old: [(offset: Int64, byte: UInt8)] = []
      for _ in 0...random.below(8) {
        let offset = Int64(random.below(size))
        let byte = try Self.byte(at: offset, of: file)
        old.append((offset, byte))
        try Self.put(byte ^ UInt8(1 + random.below(255)), at: offset, of: file)
      }
      var found = judge()
      if found == .verdict(before.verdict),
        let now = try? digestOfContents(copy.path, catalog: catalog), now == contents
      {
        found = .unchanged
      }
      trials.append(Trial(found: found))
      for (offset, byte) in old.reversed() { try Self.put(byte, at: offset, of: file) }
    }
    return trials
  }

  private static func byte(at offset: Int64, of file: FileDescriptor) throws -> UInt8 {
    var bytes: [UInt8] = [0]
    _ = try unsafe bytes.withUnsafeMutableBytes {
      try unsafe file.read(fromAbsoluteOffset: offset, into: $0)
    }
    return bytes[0]
  }

  private static func put(_ byte: UInt8, at offset: Int64, of file: FileDescriptor) throws {
    _ = try file.writeAll(toAbsoluteOffset: offset, [byte])
  }

  // MARK: - Rolling back and rebuilding

  private func rollBack(withFile: Bool) throws -> [Trial] {
    guard withFile || fileExists(copy.checkpoint) else { return [] }
    return try forging(withAnchor: true) { forger in
      guard let size = try forger.keptSizes().last(where: { $0 > 0 && $0 < before.entries }) else {
        return nil
      }
      try forger.cut(to: size)
      let note = try forger.row("SELECT note FROM head")
      return Forgery(checkpointFile: withFile ? note : nil)
    }
  }

  private func rebuiltUnsigned() throws -> [Trial] {
    try forging { forger in
      guard try Self.rewrite(middle, in: &forger, Self.otherRole) else { return nil }
      for size in try forger.keptSizes() { try forger.setHead(size: size) }
      try forger.setHead(size: before.entries)
      return Forgery()
    }
  }

  /// Lets a thief of the log's key change entries and sign everything anew; the body says whether
  /// it could.
  private func stealing(
    withAnchor: Bool = false, _ body: (inout LogForger) throws -> Bool
  ) throws -> [Trial] {
    try forging(withAnchor: withAnchor) { forger in
      guard let keys = try StolenKeys.plant(in: &forger, catalog: catalog, seed: seed),
        try body(&forger)
      else { return nil }
      return Forgery(
        trusted: trustedKeys.isEmpty ? [] : try keys.trusted(),
        checkpointFile: try keys.signAll(in: &forger))
    }
  }

  private func rebuiltWithOtherKey() throws -> [Trial] {
    try forging(withAnchor: true) { forger in
      guard let keys = try StolenKeys.plant(in: &forger, catalog: catalog, seed: seed) else {
        return nil
      }
      return Forgery(checkpointFile: try keys.signAll(in: &forger))
    }
  }

  private func timeSetForward() throws -> [Trial] {
    let last = before.entries - 1
    var reader = try LogReader.open(folder: copy.path, catalog: catalog)
    guard let entry = try? reader.entry(last), entry.type != EventType.clockStep.identifier else {
      return []
    }
    return try stealing { forger in
      try Self.rewrite(last, in: &forger, Self.time(movedBy: 10))
    }
  }

  private static func rewrite(
    _ entry: Int, in forger: inout LogForger, _ change: ([UInt8]) -> [UInt8]?
  ) throws -> Bool {
    guard let changed = change(try forger.leaf(entry)) else { return false }
    try forger.setLeaf(entry, changed)
    return true
  }

  // MARK: - Signatures

  /// Gives the head's first signature another type, or the signature of another key.
  private func otherSignature(type: UInt8?) throws -> [Trial] {
    try forging { forger in
      let note = try SignedNote(try forger.row("SELECT note FROM head"))
      guard let first = note.signatures.first,
        let own = before.signers.first(where: { $0.keyID == first.keyID })
      else { return nil }
      var keyID = first.keyID
      var bytes = first.bytes
      if let type {
        keyID = Array(
          sha256(Array(own.name.utf8) + [0x0A, type] + own.publicKey.bytes).bytes.prefix(4))
      } else {
        let key = try SigningKey(seed: sha256(Array("drill key \(seed)".utf8)).bytes)
        bytes = key.signature(of: note.text)
      }
      try forger.setHeadNote(
        SignedNote(
          text: note.text,
          signatures: [SignedNote.Signature(name: first.name, keyID: keyID, bytes: bytes)]
        ).bytes)
      return Forgery()
    }
  }

  /// Puts other bytes in the place of the `checkpoint` file.
  private func checkpointFiles(_ variants: (SignedNote) -> [[UInt8]]) throws -> [Trial] {
    guard let bytes = try copy.checkpointFile(), let note = try? SignedNote(bytes) else {
      return []
    }
    defer { try? copy.writeCheckpoint(bytes) }
    return try variants(note).map { variant in
      try copy.writeCheckpoint(variant)
      return Trial(found: judge())
    }
  }
}
