import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

struct VaultTests {
  @Test func whatWasKeptComesBackAndOpensItsCommitments() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let entry = try scene.keep(vault, prompt: "홍길동 님의 검사 결과")
      #expect(
        try vault.bytes(entry: entry, role: .prompt) == Array("홍길동 님의 검사 결과".utf8))
      #expect(
        try vault.state(of: entry)
          == .held([.prompt, .context, .output, .logitsChain, .commitmentKey]))
      #expect(try vault.state(of: 0) == .none)
      #expect(throws: VaultError.notHeld(entry: entry)) {
        _ = try vault.content(entry: entry, role: .input)
      }
      let check = try scene.check()
      #expect(check.holds)
      #expect(check.records == 5)
      #expect(check.read == 5)
      #expect(check.opened == 4)
      #expect(try scene.check(withKey: false).records == 5)
      #expect(try fileStatus(scene.vault).mode == 0o600)
      #expect(!occurs(Array("홍길동".utf8), in: try scene.raw()))
      try vault.close()
      #expect(try scene.read().bytes(entry: entry, role: .output) == Array("answer".utf8))
    }
  }

  @Test func aReaderMeetsWritersThatComeAndGo() throws {
    try VaultScene.with { scene in
      var vault = try scene.open()
      let entry = try scene.keep(vault, prompt: "질문", subject: "patient-1")
      try vault.close()
      let reader = try scene.read()
      for round in 0..<5 {
        vault = try scene.open()
        for number in 0..<20 {
          try scene.keep(vault, prompt: "\(round).\(number)", subject: "patient-\(number)")
        }
        try vault.close()
        #expect(try reader.bytes(entry: entry, role: .prompt) == Array("질문".utf8))
        let check = try scene.check()
        #expect(check.holds && check.records == 5 * (1 + 20 * (round + 1)))
      }
      vault = try scene.open()
      _ = try vault.erase([entry], by: try scene.order([entry]))
      try vault.close()
      #expect(throws: VaultError.self) { try reader.bytes(entry: entry, role: .prompt) }
    }
  }

  @Test(arguments: [0, 1, 65535, 65536, 65537, 131_072, 9_000_001])
  func filesOfAnyLengthComeBackInBoundedPieces(count: Int) throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      var bytes = [UInt8](repeating: 7, count: count)
      for place in stride(from: 0, to: count, by: 4099) {
        bytes[place] = UInt8(truncatingIfNeeded: place >> 8)
      }
      let file = scene.folder.appending("input")
      try writeDurably(bytes, to: file)
      let staged = try vault.stage(file: file, as: .input, expecting: sha256(bytes))
      try vault.bind([staged], to: 1)
      let stream = try vault.content(entry: 1, role: .input)
      #expect(stream.bytes == count)
      var back: [UInt8] = []
      while let piece = try stream.next() {
        #expect(piece.count <= 65536)
        back += piece
      }
      #expect(back == bytes)
    }
  }

  @Test func aFileThatChangedMeanwhileLeavesNothing() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let file = scene.folder.appending("input")
      try writeDurably([UInt8](repeating: 7, count: 9 << 20), to: file)
      #expect(throws: VaultError.contentChanged) {
        _ = try vault.stage(file: file, as: .input, expecting: digest("other"))
      }
      for table in ["record", "chunk", "holder", "act"] {
        #expect(try vault.database.integer("SELECT count(*) FROM \(table)") == 0)
      }
    }
  }

  @Test func anEntryHoldsOneContentOfARole() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let entry = try scene.keep(vault, prompt: "first")
      let second = try vault.stage([(role: .prompt, bytes: [1])])
      #expect(throws: VaultError.alreadyHeld(entry: entry)) { try vault.bind(second, to: entry) }
      #expect(try vault.bytes(entry: entry, role: .prompt) == Array("first".utf8))
      try vault.discard(second)
      #expect(try scene.check().waiting == 0)
    }
  }

  // MARK: Erasure

  @Test func afterAnErasureNoByteOfCiphertextOrKeyIsLeft() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let gone = try scene.keep(vault, prompt: String(repeating: "erase me ", count: 20_000))
      let kept = try scene.keep(vault, prompt: "keep me")
      let record = "(SELECT id FROM record WHERE entry = \(gone) AND role = 'prompt')"
      var planted = [
        try scene.blob("SELECT wrapped FROM record WHERE id = \(record)"),
        try scene.blob(
          "SELECT wrapped FROM holder WHERE id = (SELECT holder FROM record WHERE id = \(record))"),
      ]
      for chunk in 0...2 {
        let sealed = try scene.blob(
          "SELECT sealed FROM chunk WHERE id = (\(record) << 32) + \(chunk)")
        // A page's worth in the middle and the ends: an overflow page may be left alone.
        planted += [
          Array(sealed.prefix(40)), Array(sealed.suffix(40)),
          Array(sealed[(sealed.count / 2)...].prefix(40)),
        ]
      }
      let before = try scene.raw()
      for bytes in planted { #expect(occurs(bytes, in: before)) }
      try scene.redact([gone], in: vault)
      let after = try scene.raw()
      for bytes in planted { #expect(!occurs(bytes, in: after)) }
      #expect(try vault.state(of: gone) == .erased(by: 4))
      #expect(throws: VaultError.erased(entry: gone, by: 4)) {
        _ = try vault.content(entry: gone, role: .prompt)
      }
      #expect(try vault.bytes(entry: kept, role: .prompt) == Array("keep me".utf8))
      let check = try scene.check()
      #expect(check.holds)
      #expect(check.erased == [gone])
      #expect(try verify(scene.log).verdict == .intact)
    }
  }

  @Test func erasingASubjectDestroysTheKeyOfAllTheirContent() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let theirs = try ["a", "b"].map { try scene.keep(vault, prompt: $0, subject: "patient 1") }
      let other = try scene.keep(vault, prompt: "c", subject: "patient 2")
      #expect(!occurs(Array("patient 1".utf8), in: try scene.raw()))
      #expect(try vault.database.integer("SELECT count(*) FROM holder") == 2)
      #expect(try vault.entries(ofSubject: Array("patient 1".utf8)) == theirs)
      #expect(try vault.entries(ofSubject: Array("patient 3".utf8)) == [])
      // One of two entries: the subject's key is still needed.
      try scene.redact([theirs[0]], in: vault)
      #expect(try vault.database.integer("SELECT count(*) FROM holder") == 2)
      #expect(try vault.bytes(entry: theirs[1], role: .prompt) == Array("b".utf8))
      try scene.redact(vault.entries(ofSubject: Array("patient 1".utf8)), in: vault)
      #expect(try vault.database.integer("SELECT count(*) FROM holder") == 1)
      #expect(try vault.bytes(entry: other, role: .prompt) == Array("c".utf8))
      #expect(try scene.check().erased == theirs)
    }
  }

  @Test func anErasureTwiceIsNoErrorAndNoWork() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let entry = try scene.keep(vault, prompt: "x")
      #expect(try vault.erase([entry], by: try scene.order([entry])) == 5)
      #expect(try vault.erase([entry], by: 3) == 0)
      #expect(try scene.check().holds)
    }
  }

  // MARK: Crashes

  @Test func contentWithoutAnEntryIsErasedAtTheNextOpening() throws {
    try VaultScene.with { scene in
      do {
        let vault = try scene.open()
        _ = try scene.stage(vault, prompt: "never bound")
        #expect(try scene.check().waiting == 5)
        #expect(try scene.check().holds)
      }
      let vault = try scene.open()
      #expect(try vault.database.integer("SELECT count(*) FROM record") == 0)
      #expect(try vault.database.integer("SELECT count(*) FROM chunk") == 0)
      #expect(try scene.check().waiting == 0)
    }
  }

  @Test func anEntryWhoseContentWasNeverBoundIsNothingTheVaultClaims() throws {
    try VaultScene.with { scene in
      do {
        let vault = try scene.open()
        let staged = try scene.stage(vault, prompt: "crash after the entry")
        try scene.append(staged.event)
      }
      let vault = try scene.open()
      #expect(try vault.state(of: 2) == .none)
      #expect(try scene.check() == VaultCheck())
    }
  }

  @Test func anErasureThatOnlyTheLogKnowsIsFinishedAtTheNextOpening() throws {
    try VaultScene.with { scene in
      let entry: Int
      do {
        let vault = try scene.open()
        entry = try scene.keep(vault, prompt: "redact entry written, then a crash")
      }
      let redaction = try scene.order([entry])
      let check = try scene.check()
      #expect(check.problems.count == 5)
      #expect(check.problems.allSatisfy { $0.reason == .presentAfterRedaction })
      #expect(throws: VaultError.erased(entry: entry, by: redaction)) {
        _ = try scene.read().content(entry: entry, role: .prompt)
      }
      _ = try scene.open()
      #expect(try scene.check().holds)
      #expect(try scene.check().erased == [entry])
    }
  }

  @Test func anErasureThatWasNotScrubbedIsScrubbedAtTheNextOpening() throws {
    try VaultScene.with { scene in
      do {
        let vault = try scene.open()
        let entry = try scene.keep(vault, prompt: "x")
        try vault.erase([entry], by: try scene.order([entry]))
        #expect(try Vault.readHead(vault.database).needsScrub)
      }
      let vault = try scene.open()
      #expect(try !Vault.readHead(vault.database).needsScrub)
    }
  }

  @Test func aReaderThatKeepsOldPagesHoldsUpTheScrubAndThatIsSaid() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let entry = try scene.keep(vault, prompt: "x")
      do {
        let reader = try Database.open(scene.vault, .read)
        try reader.beginReading()
        #expect(try reader.integer("SELECT count(*) FROM record") == 5)
        try vault.database.execute("PRAGMA busy_timeout = 10")
        #expect(throws: VaultError.traceRemains) { try scene.redact([entry], in: vault) }
      }
      _ = try scene.open()
      #expect(try scene.check().erased == [entry])
    }
  }

  // MARK: Two writers

  @Test func twoWritersKeepOutOfEachOthersWay() throws {
    try VaultScene.with { scene in
      let first = try scene.open()
      let waiting = try scene.stage(first, prompt: "from the first", subject: "p")
      // The second one opens while the first one's content waits for its entry.
      let second = try scene.open()
      try scene.keep(second, prompt: "from the second", subject: "p")
      let entry = try scene.append(waiting.event)
      try first.bind(waiting.content, to: entry)
      #expect(try second.bytes(entry: entry, role: .prompt) == Array("from the first".utf8))
      #expect(try second.database.integer("SELECT count(*) FROM holder") == 1)
      #expect(try scene.check().opened == 8)
    }
  }

  @Test func contentOfASubjectErasedMeanwhileIsNotBound() throws {
    try VaultScene.with { scene in
      let first = try scene.open()
      let waiting = try scene.stage(first, prompt: "too late", subject: "p")
      try scene.edit("DELETE FROM holder; DELETE FROM record; DELETE FROM chunk")
      let entry = try scene.append(waiting.event)
      #expect(throws: VaultError.preparationLost) { try first.bind(waiting.content, to: entry) }
    }
  }

  // MARK: Key files

  @Test func aKeyFileIsTheOwnersAlone() throws {
    try withScratchFolder { folder in
      let path = folder.appending("vault.key")
      let made = try VaultKey.create(at: path)
      #expect(try VaultKey.load(path).id == made.id)
      #expect(try fileStatus(path).mode == 0o600)
      #expect(throws: VaultError.self) { _ = try VaultKey.create(at: path) }
      let text = try readFile(path)
      #expect(text.starts(with: Array("medai-vault-key-v1\n".utf8)))
      for broken in [
        [], Array(text.dropLast(2)), text + text, [UInt8](repeating: 0x30, count: text.count),
        Array("medai-pseudonym-key-v1\n".utf8) + text.suffix(65),
        text.dropLast(3) + Array("g\n\n".utf8),
      ] {
        let other = folder.appending("broken")
        try writeDurably(broken, to: other, permissions: .ownerReadWrite)
        #expect(throws: VaultError.malformedKey) { _ = try VaultKey.load(other) }
      }
      unsafe chmod(path.string, 0o644)
      #expect(throws: VaultError.key(.readableByOthers(mode: 0o644))) {
        _ = try VaultKey.load(path)
      }
    }
  }
}
