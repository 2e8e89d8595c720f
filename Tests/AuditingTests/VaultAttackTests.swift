import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

struct VaultAttackTests {
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
      #expect(
        Set(try scene.check(withKey: false).problems.map(\.reason)) == [.presentAfterRedaction])
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
    (
      "chunks",
      """
      UPDATE chunk SET id = -id; UPDATE chunk SET id = 25769803776 WHERE id = -4294967296; \
      UPDATE chunk SET id = 4294967296 WHERE id = -25769803776; UPDATE chunk SET id = -id WHERE id < 0
      """
    ),
    (
      "wrapped keys",
      "UPDATE record SET wrapped = (SELECT wrapped FROM record WHERE id = 1) WHERE id = 6"
    ),
    (
      "everything but the place",
      "DELETE FROM record WHERE id = 6; UPDATE record SET entry = 3, id = 6 WHERE id = 1"
    ),
    ("role", "DELETE FROM record WHERE id = 2; UPDATE record SET role = 'output' WHERE id = 1"),
    ("holder", "UPDATE record SET holder = (SELECT holder FROM record WHERE id = 1) WHERE id = 6"),
    (
      "holder's key",
      "UPDATE holder SET wrapped = (SELECT wrapped FROM holder WHERE id = 1) WHERE id = 6"
    ),
    ("length", "UPDATE record SET bytes = bytes - 1 WHERE id = 1"),
    ("chunk count", "UPDATE record SET chunks = chunks + 1 WHERE id = 1"),
    ("no chunks", "UPDATE record SET chunks = 0 WHERE id = 1"),
    ("chunk gone", "DELETE FROM chunk WHERE id = 4294967296"),
    ("record gone", "DELETE FROM record WHERE id = 1"),
    ("key gone", "DELETE FROM holder WHERE id = 1"),
    ("act gone", "DELETE FROM act WHERE seq = 9"),
    (
      "act and head cut",
      """
      DELETE FROM act WHERE seq = 9; DELETE FROM record WHERE id = 10; \
      UPDATE vault SET acts = 9, last = (SELECT proof FROM act WHERE seq = 8)
      """
    ),
    ("act's kind", "UPDATE act SET kind = 'erase', cause = 1 WHERE seq = 0"),
    (
      "acts swapped",
      """
      UPDATE act SET seq = 100 WHERE seq = 3; UPDATE act SET seq = 3 WHERE seq = 4; \
      UPDATE act SET seq = 4 WHERE seq = 100
      """
    ),
    ("applied", "UPDATE vault SET applied = applied + 1"),
    ("table added", "CREATE TABLE more (x)"),
    (
      "planted",
      """
      INSERT INTO record SELECT 77, x'00112233445566778899aabbccddeeff', 1, 'system', holder, \
      bytes, chunks, wrapped FROM record WHERE id = 1
      """
    ),
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
}
