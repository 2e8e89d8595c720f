import Auditing
import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Witnesses: cosignatures, memory, refusals.
@Suite struct WitnessTests {
  private static let witnessName = "witness.test/w"

  private static func witness(_ byte: UInt8 = 9) throws -> VerifierKey {
    try VerifierKey(
      name: witnessName, publicKey: testKey(byte).publicKey, type: .cosignature)
  }

  /// The head of a log of `size` entries whose leaves are numbers, signed by the test key; `fork`
  /// changes the last leaf.
  private static func head(
    _ size: Int, fork: Bool = false, key: UInt8 = 7, origin: Identifier = testOrigin
  ) throws -> (note: SignedNote, leaves: [Digest]) {
    var leaves = (0..<size).map { leafHash([UInt8($0)]) }
    if fork { leaves[size - 1] = leafHash([255]) }
    let checkpoint = Checkpoint(origin: origin, size: size, root: merkleRoot(of: leaves))
    let signer = try testKey(key)
    let verifier = try VerifierKey(name: origin.text, publicKey: signer.publicKey)
    let data = base64Text(verifier.keyID + signer.signature(of: checkpoint.text))
    let bytes = checkpoint.text + Array("\n\u{2014} \(origin.text) \(data)\n".utf8)
    return (try SignedNote(bytes), leaves)
  }

  private static func request(
    from old: Int, to size: Int, fork: Bool = false, key: UInt8 = 7
  ) throws -> WitnessRequest {
    let head = try head(size, fork: fork, key: key)
    let proof =
      old == 0 || old == size
      ? []
      : try consistencyProof(from: old, to: size) { place in
        merkleRoot(
          of: Array(
            head.leaves[(place.index << place.level)..<((place.index + 1) << place.level)]))
      }
    return WitnessRequest(oldSize: old, proof: proof, note: head.note)
  }

  private static func cosign(
    _ request: WitnessRequest, _ folder: FilePath, logs: [VerifierKey]? = nil
  ) throws -> Cosignature {
    try WitnessState(folder).cosign(
      request, logs: logs ?? [testVerifier()], key: testKey(9), witness: witness(),
      seconds: 1_795_520_000)
  }

  @Test func foreignCosignaturesHold() throws {
    let text = try SignedNote(anchorFile("../log/checkpoint")).text
    for name in ["first", "second"] {
      let key = try VerifierKey(line: anchorFile(name + ".vkey"), type: .cosignature)
      let file = try anchorFile(name + ".cosig")
      let cosignature = try Cosignature(file: file)
      #expect(cosignature.file == file)
      #expect(try cosignature.witness(among: [key], of: text) == key)
      #expect(key.line + "\n" == String(decoding: try anchorFile(name + ".vkey"), as: UTF8.self))
      // The same key as a log's key has another id and vouches for nothing.
      let asLog = try VerifierKey(name: key.name, publicKey: key.publicKey)
      #expect(try cosignature.witness(among: [asLog], of: text) == nil)
      #expect(throws: NoteError.badSignature) {
        try cosignature.witness(among: [key], of: text + [0x0A])
      }
      #expect(throws: KeyError.unknownSignatureType(4)) {
        try VerifierKey(line: anchorFile(name + ".vkey"))
      }
    }
  }

  @Test func noChangedByteOfACosignatureIsAccepted() throws {
    let text = try SignedNote(anchorFile("../log/checkpoint")).text
    let key = try VerifierKey(line: anchorFile("first.vkey"), type: .cosignature)
    let bytes = try anchorFile("first.cosig")
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        guard let cosignature = try? Cosignature(file: changed) else { continue }
        #expect((try? cosignature.witness(among: [key], of: text)) == nil, "\(index).\(bit)")
      }
    }
  }

  @Test func cosignsAGrowingLog() throws {
    try withScratchFolder { folder in
      for (old, size) in [(0, 3), (3, 3), (3, 8), (8, 9), (9, 200)] {
        let request = try Self.request(from: old, to: size)
        #expect(try WitnessRequest(request.bytes) == request)
        let cosignature = try Self.cosign(request, folder)
        let found = try cosignature.witness(among: [Self.witness()], of: request.note.text)
        #expect(found != nil)
        let state = try WitnessState(folder)
        // The whole note is remembered, not only size and root.
        #expect(try readFile(state.file(of: testOrigin)) == request.note.bytes)
        #expect(try state.last(of: testOrigin, logs: [testVerifier()])?.size == size)
      }
    }
  }

  @Test func refusals() throws {
    try withScratchFolder { folder in
      let last = try Self.request(from: 0, to: 7)
      _ = try Self.cosign(last, folder)
      let path = try WitnessState(folder).file(of: testOrigin)
      func expect(
        _ refusal: WitnessRefusal, _ request: WitnessRequest, logs: [VerifierKey]? = nil,
        at place: SourceLocation = #_sourceLocation
      ) throws {
        #expect(throws: refusal, sourceLocation: place) {
          try Self.cosign(request, folder, logs: logs)
        }
        #expect(try readFile(path) == last.note.bytes, sourceLocation: place)
      }
      try expect(.smaller(last: 7), Self.request(from: 3, to: 5))
      try expect(.smaller(last: 7), Self.request(from: 0, to: 5))
      try expect(.otherRoot(size: 7), Self.request(from: 7, to: 7, fork: true))
      try expect(.otherOldSize(last: 7), Self.request(from: 0, to: 12))
      try expect(.otherOldSize(last: 7), Self.request(from: 6, to: 12))
      try expect(.notSigned, Self.request(from: 7, to: 12, key: 8))
      try expect(
        .unknownOrigin, Self.request(from: 7, to: 12),
        logs: [try VerifierKey(name: "other/log", publicKey: testKey().publicKey)])
      let good = try Self.request(from: 7, to: 13)
      let head = try Self.head(13, fork: true)
      // Proofs: none, cut, doubled, in another order, of another tree.
      for proof in [
        [], Array(good.proof.dropLast()), good.proof + good.proof,
        Array(good.proof.reversed()), good.proof + [digest("more")],
        [digest("zero")] + good.proof.dropFirst(),
      ] {
        try expect(
          .inconsistent(last: 7),
          WitnessRequest(oldSize: 7, proof: proof, note: good.note))
      }
      try expect(
        .inconsistent(last: 7), WitnessRequest(oldSize: 7, proof: good.proof, note: head.note))
      try expect(
        .oldSizeTooGreat, WitnessRequest(oldSize: 14, proof: good.proof, note: good.note))
      // What contradicts the memory is kept as evidence, whole.
      let kept = try folderEntries(folder).filter { $0.contains(".conflict-") }
      let forked = try Self.request(from: 7, to: 7, fork: true).bytes
      #expect(try kept.map { try readFile(folder.appending($0)) } == [forked])
      _ = try Self.cosign(good, folder)
    }
  }

  /// An old copy, or one that was garbled on its way, is no evidence against a log.
  @Test func onlyAContradictionIsKeptAsEvidence() throws {
    for size in [7, 8] {
      try withScratchFolder { folder in
        func kept() throws -> [[UInt8]] {
          try folderEntries(folder).filter { $0.contains(".conflict-") }
            .map { try readFile(folder.appending($0)) }
        }
        // The last leaf of what was signed is another than in what follows.
        _ = try Self.cosign(try Self.request(from: 0, to: size, fork: true), folder)
        let next = try Self.request(from: size, to: 13)
        var garbled = [Array(next.proof.dropLast()), next.proof + next.proof, []]
        // From a size that is a power of two only the length tells.
        if size == 7 {
          garbled += [
            Array(next.proof.reversed()), [digest("zero")] + next.proof.dropFirst(),
          ]
        }
        for proof in garbled {
          #expect(throws: WitnessRefusal.inconsistent(last: size)) {
            try Self.cosign(WitnessRequest(oldSize: size, proof: proof, note: next.note), folder)
          }
        }
        #expect(throws: WitnessRefusal.smaller(last: size)) {
          try Self.cosign(Self.request(from: 3, to: 5), folder)
        }
        #expect(try kept().isEmpty)
        #expect(throws: WitnessRefusal.inconsistent(last: size)) { try Self.cosign(next, folder) }
        #expect(try kept() == [next.bytes])
      }
    }
  }

  @Test func firstRequestNeedsNoProofButMayHaveNone() throws {
    try withScratchFolder { folder in
      let request = try Self.request(from: 3, to: 8)
      #expect(throws: WitnessRefusal.otherOldSize(last: 0)) { try Self.cosign(request, folder) }
      #expect(throws: WitnessRefusal.inconsistent(last: 0)) {
        try Self.cosign(
          WitnessRequest(oldSize: 0, proof: request.proof, note: request.note), folder)
      }
    }
  }

  @Test func damagedMemorySignsNothing() throws {
    try withScratchFolder { folder in
      _ = try Self.cosign(Self.request(from: 0, to: 8), folder)
      let path = try WitnessState(folder).file(of: testOrigin)
      let whole = try readFile(path)
      for bytes in [
        [], Array(whole.dropLast()), try Self.head(3, key: 8).note.bytes,
        Array("text\n".utf8), try Self.head(3, origin: name("other/log")).note.bytes,
      ] {
        try writeDurably(bytes, to: path)
        #expect(throws: WitnessRefusal.brokenState) {
          try Self.cosign(Self.request(from: 8, to: 9), folder)
        }
      }
      // The signature of the memory must hold as well: a smaller head of the log's own does.
      try writeDurably(whole, to: path)
      _ = try Self.cosign(Self.request(from: 8, to: 9), folder)
    }
  }

  @Test func twoProcessesExcludeEachOther() throws {
    try withScratchFolder { folder in
      let state = try WitnessState(folder)
      let path = folder.appending("lock")
      let other = try FileDescriptor.open(
        path, .readWrite, options: [.create], permissions: .ownerReadWrite)
      #expect(flock(other.rawValue, LOCK_EX) == 0)
      #expect(throws: WitnessRefusal.busy) {
        try Self.cosign(Self.request(from: 0, to: 8), folder)
      }
      #expect(try state.last(of: testOrigin, logs: [testVerifier()]) == nil)
      try other.close()
      _ = try Self.cosign(Self.request(from: 0, to: 8), folder)
    }
  }

  @Test(
    "A malformed request is refused",
    arguments: [
      "", "old 3", "old 3\n", "old 3\n\n", "old 03\n\nx", "old -1\n\nx", "new 3\n\nx",
      "old  3\n\nx", "old 3 \n\nx", "old 3\nAAAA\n\nx", "old 3\r\n\r\nx",
    ])
  func malformedRequests(text: String) throws {
    let note = try Self.head(3).note.bytes
    let bytes =
      Array(text.utf8.filter { $0 != UInt8(ascii: "x") }) + (text.hasSuffix("x") ? note : [])
    #expect(throws: WitnessRequest.FormatError.self) { try WitnessRequest(bytes) }
  }

  @Test func tooManyProofLines() throws {
    let note = try Self.head(3).note
    let most = WitnessRequest(
      oldSize: 1, proof: [Digest](repeating: digest("a"), count: 63), note: note)
    #expect(try WitnessRequest(most.bytes) == most)
    let more = WitnessRequest(
      oldSize: 1, proof: [Digest](repeating: digest("a"), count: 64), note: note)
    #expect(throws: WitnessRequest.FormatError.malformed(line: 65)) {
      try WitnessRequest(more.bytes)
    }
  }

  // MARK: - Policies

  private static func line(_ byte: UInt8, _ type: NoteSignatureType = .cosignature) throws -> String
  {
    try VerifierKey(name: "w/\(byte)", publicKey: testKey(byte).publicKey, type: type).line
  }

  private static func policy(_ text: String) throws -> WitnessPolicy {
    var text = text
    for byte in UInt8(1)...6 {
      text = text.replacingKeys("W\(byte)", with: try line(byte))
      text = text.replacingKeys("L\(byte)", with: try line(byte, .ed25519))
    }
    return try WitnessPolicy(Array(text.utf8))
  }

  @Test func quorumOfGroups() throws {
    let policy = try Self.policy(
      """
      # known logs
      log <L1> https://log.example
      \twitness  X1 <W1>
      witness X2 <W2> https://witness.example
      witness X3 <W3>
      group X 2 X1 X2 X3

      witness Y1 <W4>
      witness Y2 <W5>
      group Y any Y1 Y2
      group 둘다 all X Y
      quorum 둘다

      """)
    #expect(policy.logs.count == 1 && policy.witnesses.count == 5)
    func met(_ bytes: UInt8...) throws -> Bool {
      policy.isMet(
        by: try bytes.map {
          try VerifierKey(name: "w/\($0)", publicKey: testKey($0).publicKey, type: .cosignature)
        })
    }
    #expect(try met(1, 2, 4) && met(2, 3, 5) && met(1, 2, 3, 4, 5))
    #expect(try !met() && !met(1, 2, 3) && !met(1, 4, 5) && !met(1, 1, 4) && !met(1, 6, 4))
    #expect(try Self.policy("quorum none\n").isMet(by: []) == false)
  }

  @Test(
    "A policy that is at fault is refused",
    arguments: [
      ("", .notOneQuorum), ("quorum none", .forbiddenBytes),
      ("quorum none\nquorum none\n", .notOneQuorum), ("quorum x\n", .unknownName(line: 1)),
      ("witness a <W1>\nquorum a b\n", .malformed(line: 2)),
      ("witness a <L1>\nquorum a\n", .badKey(line: 1)),
      ("log <W1>\nquorum none\n", .badKey(line: 1)),
      ("log <L1>\nlog <L1>\nquorum none\n", .duplicate(line: 2)),
      ("witness a <W1>\nwitness b <W1>\nquorum a\n", .duplicate(line: 2)),
      ("witness a <W1>\nwitness a <W2>\nquorum a\n", .duplicate(line: 2)),
      ("witness none <W1>\nquorum none\n", .malformed(line: 1)),
      ("group g any a\nwitness a <W1>\nquorum g\n", .unknownName(line: 1)),
      ("witness a <W1>\ngroup g 0 a\nquorum g\n", .malformed(line: 2)),
      ("witness a <W1>\ngroup g 2 a\nquorum g\n", .malformed(line: 2)),
      ("witness a <W1>\ngroup g 01 a\nquorum g\n", .malformed(line: 2)),
      ("witness a <W1>\ngroup g any\nquorum g\n", .malformed(line: 2)),
      ("witness a <W1>\ngroup g any none\nquorum g\n", .unknownName(line: 2)),
      ("witness a <W1>\ngroup g any a a\nquorum g\n", .duplicate(line: 2)),
      ("witness a <W1>\ngroup g any a\ngroup h any a\nquorum g\n", .duplicate(line: 3)),
      ("quorum none\r\n", .forbiddenBytes), ("wittness a <W1>\nquorum none\n", .malformed(line: 1)),
    ] as [(String, PolicyFileError)])
  func faultyPolicies(text: String, error: PolicyFileError) throws {
    #expect(throws: error) { try Self.policy(text) }
  }

  @Test func cosignaturesCountTogether() throws {
    try withAnchors { folder in
      let first = try VerifierKey(line: anchorFile("first.vkey"), type: .cosignature)
      let second = try VerifierKey(line: anchorFile("second.vkey"), type: .cosignature)
      try put("first.cosig", as: "14.one.cosig", folder)
      func states(_ policy: WitnessPolicy?) throws -> [CheckedAnchor.State] {
        try checkAnchors(in: folder, trust: AnchorTrust(policy: policy)).map(\.state)
      }
      let both = try WitnessPolicy(
        Array(
          """
          witness a \(first.line)
          witness b \(second.line)
          group g all a b
          quorum g

          """.utf8))
      #expect(try states(nil) == [.untrusted(.unknownWitness)])
      #expect(try states(WitnessPolicy(anyOf: [second])) == [.untrusted(.unknownWitness)])
      #expect(try states(WitnessPolicy(anyOf: [first, second])) == [.valid])
      #expect(try states(both) == [.untrusted(.belowQuorum)])
      // The same witness twice is one witness.
      try put("first.cosig", as: "14.two.cosig", folder)
      #expect(try states(both) == [.untrusted(.belowQuorum), .untrusted(.belowQuorum)])
      try put("second.cosig", as: "14.two.cosig", folder)
      #expect(try states(both) == [.valid, .valid])
      // Of another checkpoint.
      try put("first.cosig", as: "15.one.cosig", folder)
      #expect(try states(both).last == .invalid(.noteMissing))
    }
  }
}

extension String {
  fileprivate func replacingKeys(_ name: String, with line: String) -> String {
    split(separator: "<\(name)>", omittingEmptySubsequences: false).joined(separator: line)
  }
}
