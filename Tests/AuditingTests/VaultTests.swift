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

  // MARK: Attacks

  @Test func aVaultFromABackupIsNoticedAndErasedAgain() throws {
    try VaultScene.with { scene in
      let backup = scene.folder.appending("backup.db")
      let entry: Int
      do {
        let vault = try scene.open()
        entry = try scene.keep(vault, prompt: "from the grave", subject: "p")
        try vault.close()
        try writeDurably(readFile(scene.vault), to: backup, permissions: .ownerReadWrite)
        try scene.redact([entry], in: vault)
      }
      try writeDurably(readFile(backup), to: scene.vault, permissions: .ownerReadWrite)
      #expect(Set(try scene.check().problems.map(\.reason)) == [.presentAfterRedaction])
      #expect(Set(try scene.check(withKey: false).problems.map(\.reason)) == [.presentAfterRedaction])
      #expect(throws: VaultError.self) { _ = try scene.read().bytes(entry: entry, role: .prompt) }
      _ = try scene.open()
      #expect(try scene.check().holds)
    }
  }

  @Test func rowsFromABackupAreNoticed() throws {
    try VaultScene.with { scene in
      let backup = scene.folder.appending("backup.db")
      let vault = try scene.open()
      let entry = try scene.keep(vault, prompt: "row by row")
      try vault.close()
      try writeDurably(readFile(scene.vault), to: backup, permissions: .ownerReadWrite)
      // Erased without any redact entry, then put back.
      try vault.erase([entry], by: 1)
      #expect(Set(try scene.check().problems.map(\.reason)) == [.erasedWithoutRecord])
      try scene.edit(
        """
        ATTACH '\(backup.string)' AS old; INSERT INTO record SELECT * FROM old.record;
        INSERT INTO chunk SELECT * FROM old.chunk; INSERT INTO holder SELECT * FROM old.holder
        """)
      #expect(Set(try scene.check().problems.map(\.reason)) == [.resurrected])
      #expect(throws: VaultError.erased(entry: entry, by: 1)) {
        _ = try vault.content(entry: entry, role: .prompt)
      }
    }
  }

  @Test(arguments: [
    ("chunks", "UPDATE chunk SET id = -id; UPDATE chunk SET id = 17179869184 WHERE id = -4294967296; "
      + "UPDATE chunk SET id = 4294967296 WHERE id < 0 AND sealed IN (SELECT sealed FROM chunk LIMIT 1)"),
    ("wrapped keys",
      "UPDATE record SET wrapped = (SELECT wrapped FROM record WHERE id = 1) WHERE id = 6"),
    ("everything but the place",
      "DELETE FROM record WHERE id = 6; UPDATE record SET entry = 3, id = 6 WHERE id = 1"),
    ("role", "DELETE FROM record WHERE id = 2; UPDATE record SET role = 'output' WHERE id = 1"),
    ("holder", "UPDATE record SET holder = (SELECT holder FROM record WHERE id = 1) WHERE id = 6"),
    ("holder's key",
      "UPDATE holder SET wrapped = (SELECT wrapped FROM holder WHERE id = 1) WHERE id = 6"),
    ("length", "UPDATE record SET bytes = bytes - 1 WHERE id = 1"),
    ("chunk count", "UPDATE record SET chunks = chunks + 1 WHERE id = 1"),
    ("no chunks", "UPDATE record SET chunks = 0 WHERE id = 1"),
    ("chunk gone", "DELETE FROM chunk WHERE id = 4294967296"),
    ("record gone", "DELETE FROM record WHERE id = 1"),
    ("key gone", "DELETE FROM holder WHERE id = 1"),
    ("act gone", "DELETE FROM act WHERE seq = 9"),
    ("act and head cut",
      "DELETE FROM act WHERE seq = 9; UPDATE vault SET acts = 9, last = (SELECT proof FROM act "
        + "WHERE seq = 8); DELETE FROM record WHERE id = 10"),
    ("act's kind", "UPDATE act SET kind = 'erase', cause = 1 WHERE seq = 0"),
    ("acts swapped", "UPDATE act SET seq = 100 WHERE seq = 3; UPDATE act SET seq = 3 WHERE seq = 4; "
      + "UPDATE act SET seq = 4 WHERE seq = 100"),
    ("applied", "UPDATE vault SET applied = applied + 1"),
    ("table added", "CREATE TABLE more (x)"),
    ("planted", "INSERT INTO record SELECT 77, x'00112233445566778899aabbccddeeff', 1, 'system', "
      + "holder, bytes, chunks, wrapped FROM record WHERE id = 1"),
  ])
  func whatIsSwappedCutOrChangedIsFound(change: (what: String, sql: String)) throws {
    try VaultScene.with { scene in
      do {
        let vault = try scene.open()
        try scene.keep(vault, prompt: "first", output: "one", subject: nil)
        try scene.keep(vault, prompt: "other", output: "two", subject: nil)
        try vault.close()
      }
      #expect(try scene.check().holds)
      try scene.edit(change.sql)
      let check = try scene.check()
      #expect(!check.holds, "\(change.what)")
      // Whatever is still handed out is what was put in.
      let texts = [2: ("first", "one"), 3: ("other", "two")]
      guard let vault = try? scene.read() else { return }
      for (entry, text) in texts {
        let prompt = try? vault.bytes(entry: entry, role: .prompt)
        let output = try? vault.bytes(entry: entry, role: .output)
        #expect(prompt == nil || prompt == Array(text.0.utf8))
        #expect(output == nil || output == Array(text.1.utf8))
      }
    }
  }

  @Test func aContentThatIsNotTheEntrysIsFound() throws {
    try VaultScene.with { scene in
      let vault = try scene.open()
      let staged = try scene.stage(vault, prompt: "what was said")
      let other = try scene.stage(vault, prompt: "what is kept")
      let entry = try scene.append(other.event)
      try vault.bind(staged.content, to: entry)
      try vault.discard(other.content)
      let check = try scene.check()
      #expect(Set(check.problems.map(\.reason)) == [.otherContent])
      #expect(check.problemCount == 4)
    }
  }

  @Test func anotherKeyAnotherLogAndARolledBackLogAreRefused() throws {
    try VaultScene.with { scene in
      let early = scene.folder.appending("early")
      try copyFolder(scene.log, to: early)
      do {
        let vault = try scene.open()
        try scene.keep(vault, prompt: "x")
        try vault.close()
      }
      let other = try VaultKey(.random(32))
      #expect(throws: VaultError.wrongKey) {
        _ = try Vault.open(scene.vault, key: other, log: scene.log)
      }
      #expect(throws: VaultError.wrongKey) {
        _ = try checkVault(scene.vault, key: other, log: scene.log)
      }
      #expect(throws: VaultError.logBehind) {
        _ = try Vault.open(scene.vault, key: scene.key, log: early)
      }
      let rolledBack = try checkVault(scene.vault, key: scene.key, log: early)
      #expect(Set(rolledBack.problems.map(\.reason)) == [.logBehind])
      let foreign = scene.folder.appending("foreign")
      try makeLog(foreign, key: 8)
      #expect(throws: VaultError.otherLog) {
        _ = try Vault.open(scene.vault, key: scene.key, log: foreign)
      }
      #expect(
        try checkVault(scene.vault, key: scene.key, log: foreign).problems.map(\.reason)
          == [.otherLog])
      #expect(throws: VaultError.noVault) {
        _ = try checkVault(scene.folder.appending("none"), key: nil, log: scene.log)
      }
      #expect(throws: VaultError.notAVault) {
        let path = scene.folder.appending("log.db")
        try writeDurably(
          readFile(scene.log.appending("log.db")), to: path, permissions: .ownerReadWrite)
        _ = try checkVault(path, key: nil, log: scene.log)
      }
      unsafe chmod(scene.vault.string, 0o640)
      #expect(throws: VaultError.readableByOthers(mode: 0o640)) { _ = try scene.open() }
      #expect(throws: VaultError.readableByOthers(mode: 0o640)) { _ = try scene.check() }
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
