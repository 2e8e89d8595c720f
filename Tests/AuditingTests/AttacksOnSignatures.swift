import Cryptography
import MedaiCore
import Storage
import SystemPackage

@testable import Auditing

/// Attacks on keys, checkpoints and proofs: classes 7 to 11 and 13.
enum AttacksOnSignatures {
  static let cases = keys + equivocation + checkpoints + proofs

  /// Classes 7 and 8. The thief has the log's own key; the substitute has another of the same name.
  private static let keys: [AttackCase] = [
    .forged("7a", signing: 7) { forger in
      try forger.setLeaf(417, otherRole(try forger.leaf(417)))
    },
    .forged("7b", signing: 7) { forger in
      try forger.setLeaf(900, otherRole(try forger.leaf(900)))
    },
    .forged("8a", signing: 9, substituted), .forged("8b", keys: [], signing: 9, substituted),
    .forged("8c") { forger in
      let real = try testVerifier()
      let size = AttackBase.size
      try forger.setHead(size: size) { root in
        let text = Checkpoint(origin: testOrigin, size: size, root: root).text
        return SignedNote(
          text: text,
          signatures: [
            SignedNote.Signature(
              name: real.name, keyID: real.keyID,
              bytes: (try? testKey(9).signature(of: text)) ?? [])
          ]
        ).bytes
      }
    },
    .forged("8d") { forger in
      let real = try testVerifier()
      let note = try SignedNote(try forger.row("SELECT note FROM head"))
      let keyID = sha256(Array(real.name.utf8) + [0x0A, 0x04] + real.publicKey.bytes).bytes.prefix(
        4)
      try forger.setHeadNote(
        SignedNote(
          text: note.text,
          signatures: note.signatures.map {
            SignedNote.Signature(name: $0.name, keyID: Array(keyID), bytes: $0.bytes)
          }
        ).bytes)
    },
  ]

  /// Puts another key in the place of the one that the first entry names.
  @Sendable private static func substituted(_ forger: inout LogForger) throws {
    let (own, other) = (try testKey().publicKey.bytes, try testKey(9).publicKey.bytes)
    try forger.setLeaf(
      0, replaced(try forger.leaf(0), hexString(own), hexString(other)))
  }

  /// Class 9.
  private static let equivocation: [AttackCase] = [
    // Another history of the same sizes, from the beginning and from after the last anchor.
    .log("9a") { _, folder in try fork(folder, from: 1) },
    .log("9b") { base, folder in try fork(folder, from: 801) },
    .forged("9c") { forger in
      // A second checkpoint of size 400 in the place of the first, signed by the log's own key.
      let other = Checkpoint(origin: testOrigin, size: 400, root: digest("other"))
      let bytes = note(other.text, [(try testKey(), try testVerifier())])
      try forger.run(
        """
        UPDATE checkpoint SET root = x'\(other.root.hex)', note = x'\(hexString(bytes))' \
        WHERE size = 400
        """)
    },
    .log("9d") { _, folder in
      let other = Checkpoint(origin: testOrigin, size: 1000, root: digest("other"))
      try writeDurably(
        note(other.text, [(testKey(), testVerifier())]),
        to: folder.appending("checkpoint"))
    },
  ]

  private static func fork(_ folder: FilePath, from first: Int) throws {
    var forger = try LogForger.open(folder.appending("log.db"))
    for entry in stride(from: first, to: AttackBase.size, by: 37) {
      try forger.setLeaf(entry, otherRole(try forger.leaf(entry)))
    }
    try writeDurably(try forger.sign(with: 7), to: folder.appending("checkpoint"))
    try forger.finish()
  }

  /// Class 10: in the place of the `checkpoint` file, and as the head that the database holds.
  private static let checkpoints: [AttackCase] =
    zip("abcdefg", 0...).flatMap { letter, number in
      [
        AttackCase.log("10\(letter)") { _, folder in
          try writeDurably(
            malformed(try readFile(folder.appending("checkpoint")))[number],
            to: folder.appending("checkpoint"))
        },
        AttackCase.forged("10\(letter)-head") { forger in
          try forger.setHeadNote(malformed(try forger.row("SELECT note FROM head"))[number])
        },
      ]
    } + [
      // Signatures of strangers are passed over; that is no attack.
      .forged("10h") { forger in
        let own = try SignedNote(try forger.row("SELECT note FROM head"))
        let stranger = SignedNote.Signature(
          name: "stranger", keyID: [1, 2, 3, 4], bytes: [UInt8](repeating: 0, count: 64))
        try forger.setHeadNote(
          SignedNote(text: own.text, signatures: [stranger] + own.signatures).bytes)
      },
      .forged("10i") { forger in
        let own = try SignedNote(try forger.row("SELECT note FROM head"))
        try forger.setHeadNote(
          SignedNote(text: own.text, signatures: own.signatures + own.signatures).bytes)
      },
    ]

  private static func malformed(_ bytes: [UInt8]) throws -> [[UInt8]] {
    LogDrill.malformed(try SignedNote(bytes))
  }

  /// Classes 11 and 13.
  private static let proofs: [AttackCase] = [
    .proofs("1h") { reader in
      // Every bit of a proof file is turned in `proofFilesProveOneEntry`; here one of each line.
      let good = try reader.proof(of: 417)
      let leaf = try reader.leaf(417)
      var turned = good.path
      turned[0] = Digest(bytes: [turned[0].bytes[0] ^ 1] + turned[0].bytes.dropFirst()) ?? turned[0]
      return [
        (EntryProof(index: 417, path: turned, note: good.note), leaf),
        (good, otherRole(leaf)),
      ]
    },
    path("11a") { $0 + [digest("x")] }, path("11b") { [digest("x")] + $0 },
    path("11c") { Array($0.dropLast()) }, path("11d") { Array($0.dropFirst()) },
    path("11e") { [$0[1], $0[0]] + $0.dropFirst(2) },
    .proofs("11f") { reader in
      let (good, foreign) = (try reader.proof(of: 417), try reader.proof(of: 1))
      return [
        (EntryProof(index: 417, path: foreign.path, note: good.note), try reader.leaf(417))
      ]
    },
    .proofs("11g") { reader in
      let good = try reader.proof(of: 417)
      let leaf = try reader.leaf(417)
      return [416, 1000, 1417, greatestCount].map {
        (EntryProof(index: $0, path: good.path, note: good.note), leaf)
      }
    },
    .proofs("11h") { reader in
      // Trees of no and of one entry, signed by the log's own key.
      let leaf = try reader.leaf(0)
      let signer = (try testKey(), try testVerifier())
      return try [
        (0, emptyRoot, 0, []), (0, leafHash(leaf), 0, []), (1, leafHash(leaf), 1, []),
        (1, leafHash(leaf), 0, [digest("x")]), (1, emptyRoot, 0, []),
      ].map { (size: Int, root: Digest, index: Int, path: [Digest]) in
        let text = Checkpoint(origin: testOrigin, size: size, root: root).text
        return (
          EntryProof(index: index, path: path, note: try SignedNote(note(text, [signer]))), leaf
        )
      }
    },
    .proofs("11i") { reader in
      // The right path under the checkpoint of another size.
      let good = try reader.proof(of: 417)
      let other = try reader.proof(of: 417, at: 600)
      return [
        (EntryProof(index: 417, path: good.path, note: other.note), try reader.leaf(417)),
        (EntryProof(index: 417, path: other.path, note: good.note), try reader.leaf(417)),
      ]
    },
    .proofs("13b") { reader in
      let good = try reader.proof(of: 416)
      let pair = try [416, 417].flatMap { entry in
        try reader.node(NodePlace(level: 0, index: entry)).bytes
      }
      let short = Array(good.path.dropFirst())
      return [
        (EntryProof(index: 208, path: short, note: good.note), pair),
        (EntryProof(index: 208, path: short, note: good.note), [0x01] + pair),
        (EntryProof(index: 416, path: good.path, note: good.note), pair),
      ]
    },
  ]

  private static func path(
    _ id: String, _ change: @escaping @Sendable ([Digest]) -> [Digest]
  ) -> AttackCase {
    .proofs(id) { reader in
      let good = try reader.proof(of: 417)
      return [
        (EntryProof(index: 417, path: change(good.path), note: good.note), try reader.leaf(417))
      ]
    }
  }
}
