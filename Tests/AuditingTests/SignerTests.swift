import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// The head over a rotation bears both signatures, and yet the old key must not go on from there.
@Test func theOldKeyIsDoneTheMomentItIsReplaced() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    var beside = try openLog(folder)
    _ = try log.rotate(to: testKey(8), reason: .staff)
    do throws(AuditLogError) {
      _ = try beside.append(deidBegin())
      Issue.record("the old key appended beside")
    } catch { #expect(error == .untrustedHead) }
    try log.close()
    do {
      _ = try openLog(folder, key: 7)
      Issue.record("the old key opened the log")
    } catch { #expect(error as? AuditLogError == .untrustedHead) }
    var next = try openLog(folder, key: 8)
    _ = try next.append(deidBegin())
    try next.close()
    #expect(try verify(folder).verdict == .intact)
  }
}

@Test func aRotationKeepsTheName() throws {
  try withScratchFolder { folder in
    var log = try openLog(folder)
    let other = try LogSigner(testKey(8), origin: name("other/log"))
    do throws(AuditLogError) {
      _ = try log.rotate(to: other, reason: .staff)
      Issue.record("rotated to another name")
    } catch { #expect(error == .key(.malformedName)) }
    #expect(log.checkpoint.size == 1)
  }
}

/// Tables without entries beside the copy of a head are no new log.
@Test func anEmptiedLogIsNotBegunAgain() throws {
  try withScratchFolder { folder in
    try makeLog(folder)
    let path = folder.appending("log.db")
    try removeFile(path)
    try withScratchFolder { other in
      // A signer that fails leaves the tables of a log that has no entry yet.
      let signer = try ExternalSigner(command: "/bin/false", verifier: testVerifier())
      #expect(throws: AuditLogError.self) { try open(other, signer) }
      #expect(throws: AuditLogError.noLog) { try verify(other) }
      try writeDurably(readFile(other.appending("log.db")), to: path)
    }
    let copy = try readFile(folder.appending("checkpoint"))
    do {
      _ = try openLog(folder)
      Issue.record("an emptied log was begun again")
    } catch { #expect(error as? AuditLogError == .databaseMissing) }
    #expect(try readFile(folder.appending("checkpoint")) == copy)
    #expect(try verify(folder).verdict == .tampered)
  }
}

private func open(_ folder: FilePath, _ signer: ExternalSigner) throws {
  let log = try AuditLog.open(
    folder: folder, signer: LogSigner(signer), actor: LogActor(role: name("tester")),
    tool: LogTool(version: name("0"), sha256: digest("binary")), clock: TestClock().clock)
  try log.close()
}

@Test(arguments: ["", " ", "cat", "./cat", "bin/cat /bin/cat"])
func signersHaveAnAbsolutePath(command: String) throws {
  let verifier = try testVerifier()
  #expect(throws: SignerError.notAbsolute) {
    try ExternalSigner(command: command, verifier: verifier)
  }
}

@Test func signersThatAreNoPrograms() throws {
  let verifier = try testVerifier()
  for command in ["/none", "/", "/etc/passwd"] {
    #expect(throws: SignerError.self) { try ExternalSigner(command: command, verifier: verifier) }
  }
}

@Test func aSignerThatKeepsSilentIsGivenUp() throws {
  let signer = try ExternalSigner(
    command: "/bin/sleep 60", verifier: testVerifier(), answerMilliseconds: 50)
  #expect(throws: SignerError.timeout) { try signer.signature(of: [1]) }
  // It is not asked again: a late answer could be taken for the next one.
  #expect(throws: SignerError.ended) { try signer.signature(of: [1]) }
}

@Test func aSignerThatEndsIsNoticed() throws {
  for command in ["/bin/true", "/bin/false"] {
    let signer = try ExternalSigner(command: command, verifier: testVerifier())
    for _ in 0..<2 {
      #expect(throws: SignerError.ended) { try signer.signature(of: [1]) }
    }
  }
}

@Test(arguments: [
  ("", SignerError.malformedAnswer), ("{}", .malformedAnswer), ("[]", .malformedAnswer),
  ("null", .malformedAnswer), (#"{"signature":""}"#, .malformedAnswer),
  (#"{"signature":1}"#, .malformedAnswer), (#"{"signature":"AA=="}"#, .malformedAnswer),
  (#"{"Signature":"AA=="}"#, .malformedAnswer), (#"{"error":""}"#, .malformedAnswer),
  (#"{"error":"two words"}"#, .malformedAnswer), (#"{"error":{}}"#, .malformedAnswer),
  (#"{"error":"a","error":"a"}"#, .malformedAnswer),
  (#"{"error":"a","more":"a"}"#, .malformedAnswer),
  (#"{"error":"token-locked"}"#, .refused(name("token-locked"))),
])
func answersOfSigners(text: String, error: SignerError) {
  #expect(throws: error) { try ExternalSigner.signature(in: Array(text.utf8)) }
}

@Test func aSignatureInAnAnswerIsRead() throws {
  let signature = [UInt8](repeating: 5, count: 64)
  for (count, isRead) in [(63, false), (64, true), (65, false)] {
    let text = base64Text([UInt8](repeating: 5, count: count))
    let answer = Array("{\"signature\": \"\(text)\"}".utf8)
    #expect((try? ExternalSigner.signature(in: answer)) == (isRead ? signature : nil))
  }
}
