import Cryptography
import MedaiCore
import Testing

@testable import Auditing

private func signedNote(size: Int = 5, keys: [UInt8] = [7]) throws -> [UInt8] {
  let signers = try keys.map { try LogSigner(testKey($0), origin: testOrigin) }
  return try Checkpoint(origin: testOrigin, size: size, root: digest("root")).signed(by: signers)
    .bytes
}

private func replacing(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
  var text = String(decoding: bytes, as: UTF8.self)
  guard let range = text.firstRange(of: old) else { return [] }
  text.replaceSubrange(range, with: new)
  return Array(text.utf8)
}

@Test func checkpointsRoundTrip() throws {
  let bytes = try signedNote()
  let note = try SignedNote(bytes)
  #expect(note.bytes == bytes)
  #expect(String(decoding: note.text, as: UTF8.self).hasPrefix("medai.test/audit\n5\n"))
  let checkpoint = try Checkpoint.open(bytes, trusting: [testVerifier()])
  #expect(checkpoint == Checkpoint(origin: testOrigin, size: 5, root: digest("root")))
  #expect(checkpoint.text == note.text)
}

/// The note of the documentation of Go's sumdb/note package.
@Test func aForeignNoteVerifies() throws {
  let key = try VerifierKey(
    line: Array("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".utf8))
  let text =
    "If you think cryptography is the answer to your problem,\n"
    + "then you don't know what your problem is.\n\n"
    + "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
  let note = try SignedNote(Array(text.utf8))
  #expect(try note.signers(among: [key]) == [key])
  #expect(throws: NoteError.malformedCheckpoint) { try Checkpoint(text: note.text) }
}

@Test func everySingleBitOfACheckpointCounts() throws {
  let bytes = try signedNote()
  let key = try testVerifier()
  for bit in 0..<(8 * bytes.count) {
    var flipped = bytes
    flipped[bit / 8] ^= 1 << (bit % 8)
    #expect(throws: NoteError.self, "bit \(bit)") { try Checkpoint.open(flipped, trusting: [key]) }
  }
  for count in 0..<bytes.count {
    #expect(throws: NoteError.self) {
      try Checkpoint.open(Array(bytes[..<count]), trusting: [key])
    }
  }
}

@Test func hostileCheckpointsAreRefused() throws {
  let bytes = try signedNote()
  let key = try testVerifier()
  let root = base64Text(digest("root").bytes)
  let cases: [([UInt8], NoteError)] = [
    (replacing(bytes, "\n5\n", "\n05\n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n+5\n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n-5\n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n5 \n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n0x5\n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n99999999999999999999\n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n9007199254740992\n"), .malformedSize),
    (replacing(bytes, "\n5\n", "\n"), .malformedCheckpoint),
    (replacing(bytes, "medai.test/audit\n", ""), .malformedCheckpoint),
    (replacing(bytes, "medai.test/audit\n", "\n"), .malformedCheckpoint),
    (replacing(bytes, "medai.test/audit\n", "medai test\n"), .malformedCheckpoint),
    (replacing(bytes, root + "\n", ""), .malformedCheckpoint),
    (replacing(bytes, root + "\n", root + "\nextension\n"), .malformedCheckpoint),
    (replacing(bytes, root, String(root.dropLast(4))), .malformedRoot),
    (replacing(bytes, root, root + "AAAA"), .malformedRoot),
    (replacing(bytes, "\n5\n", "\r\n5\r\n"), .forbiddenBytes),
    (replacing(bytes, "\n5\n", "\n5\u{7F}\n"), .forbiddenBytes),
    (replacing(bytes, "\n5\n", "\n5\u{85}\n"), .forbiddenBytes),
    ([0xFF] + bytes, .forbiddenBytes), (Array("\u{FEFF}".utf8) + bytes, .malformedCheckpoint),
    (bytes.dropLast(), .noSignatureBlock), ([], .noSignatureBlock),
    (Array("\n\n".utf8), .noSignatureBlock), (Array("a\n5\nAAAA\n".utf8), .noSignatureBlock),
    (bytes + [0x0A], .malformedSignature(line: 1)),
    (replacing(bytes, "\u{2014} ", "- "), .malformedSignature(line: 0)),
    (replacing(bytes, "\u{2014} ", "\u{2014}  "), .malformedSignature(line: 0)),
    (bytes + Array("trailing\n".utf8), .malformedSignature(line: 1)),
    (bytes + Array("\u{2014} other AAAAAA==\n".utf8), .malformedSignature(line: 1)),
    ([UInt8](repeating: 0x61, count: 70_000), .tooLong),
  ]
  for (index, (hostile, error)) in cases.enumerated() {
    #expect(throws: error, "case \(index)") {
      try Checkpoint.open(Array(hostile), trusting: [key])
    }
  }
}

@Test func signaturesOfStrangersArePassedOver() throws {
  let key = try testVerifier()
  let note = try SignedNote(signedNote())
  let stranger = SignedNote.Signature(
    name: "stranger", keyID: [1, 2, 3, 4], bytes: [UInt8](repeating: 9, count: 64))
  func with(_ signatures: [SignedNote.Signature]) -> [UInt8] {
    SignedNote(text: note.text, signatures: signatures).bytes
  }
  #expect(try Checkpoint.open(with([stranger] + note.signatures), trusting: [key]).size == 5)
  #expect(throws: NoteError.noKnownKey) { try Checkpoint.open(with([stranger]), trusting: [key]) }
  #expect(throws: NoteError.noKnownKey) { try Checkpoint.open(with(note.signatures), trusting: []) }
  #expect(throws: NoteError.duplicateSignature(line: 1)) {
    try Checkpoint.open(with(note.signatures + note.signatures), trusting: [key])
  }
  let many = (0..<16).map { number in
    SignedNote.Signature(name: "s\(number)", keyID: [0, 0, 0, UInt8(number)], bytes: [1])
  }
  #expect(try Checkpoint.open(with(many.dropLast() + note.signatures), trusting: [key]).size == 5)
  #expect(throws: NoteError.tooManySignatures) {
    try Checkpoint.open(with(many + note.signatures), trusting: [key])
  }
}

@Test func aKeyOfTheSameNameIsNotTheKey() throws {
  let bytes = try signedNote(keys: [8])
  #expect(throws: NoteError.noKnownKey) { try Checkpoint.open(bytes, trusting: [testVerifier()]) }
  // A signature under the key's own name and id that another key made.
  let note = try SignedNote(bytes)
  let forged = SignedNote(
    text: note.text,
    signatures: [
      SignedNote.Signature(
        name: testOrigin.text, keyID: try testVerifier().keyID, bytes: note.signatures[0].bytes)
    ])
  #expect(throws: NoteError.badSignature) {
    try Checkpoint.open(forged.bytes, trusting: [testVerifier()])
  }
  #expect(try SignedNote(signedNote(keys: [7, 8])).signers(among: [testVerifier()]).count == 1)
}
