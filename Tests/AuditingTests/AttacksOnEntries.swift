import Cryptography
import MedaiCore
import Storage
import SystemPackage

@testable import Auditing

/// Attacks on entries, rows and the order of things: classes 1, 3, 4, 5, 6, 12, 13 and 17.
enum AttacksOnEntries {
  static let cases = bits + rows + kept + cuts + forms + clocks

  /// Class 1.
  private static let bits: [AttackCase] = [
    .log("1a") { _, folder in try turnBit(folder, "leaf", "bytes", "seq = 417", byte: 200) },
    .log("1b") { _, folder in try turnBit(folder, "leaf", "hash", "seq = 417", byte: 9) },
    .log("1c") { _, folder in try turnBit(folder, "node", "hash", "level = 3 AND idx = 52", byte: 0)
    },
    .log("1d") { _, folder in try turnBit(folder, "head", "note", "id = 1", byte: 150) },
    .log("1e") { _, folder in
      try turnBit(folder, "checkpoint", "note", "size = 400", byte: 150)
    },
    .log("1f") { _, folder in
      var bytes = try readFile(folder.appending("checkpoint"))
      bytes[150] ^= 4
      try writeDurably(bytes, to: folder.appending("checkpoint"))
    },
    .log("1g") { base, folder in
      // The first character of the key's id, behind the name in the signature line.
      let bytes = base.files["checkpoint"] ?? []
      let line = Array("\u{2014} \(testOrigin.text) ".utf8)
      let start = (0..<bytes.count).first { bytes[$0...].starts(with: line) } ?? 0
      try turnBit(folder, "head", "note", "id = 1", byte: start + line.count)
    },
  ]

  private static func turnBit(
    _ folder: FilePath, _ table: String, _ column: String, _ place: String, byte: Int
  ) throws {
    let forger = try LogForger.open(folder.appending("log.db"))
    var bytes = try forger.row("SELECT \(column) FROM \(table) WHERE \(place)")
    bytes[byte] ^= 1
    try forger.run("UPDATE \(table) SET \(column) = x'\(hexString(bytes))' WHERE \(place)")
    try forger.finish()
  }

  /// Class 3.
  private static let rows: [AttackCase] = [
    .sql("3a", "DELETE FROM leaf WHERE seq = 417"),
    .sql("3b", "INSERT INTO leaf SELECT 1000, bytes, hash FROM leaf WHERE seq = 417"),
    .sql(
      "3c",
      """
      UPDATE leaf SET seq = 9999 WHERE seq = 417; UPDATE leaf SET seq = 417 WHERE seq = 418; \
      UPDATE leaf SET seq = 418 WHERE seq = 9999
      """),
    .forged("3d") { forger in
      // A well-formed entry that nobody signed.
      let leaf = replaced(try forger.leaf(999), "\"seq\":999", "\"seq\":1000")
      let hash = leafHash(leaf)
      try forger.run("INSERT INTO leaf VALUES (1000, x'\(hexString(leaf))', x'\(hash.hex)')")
    },
    .sql(
      "3e",
      "UPDATE leaf SET bytes = CAST(replace(bytes, 'tester', 'tamper') AS BLOB) WHERE seq = 417"),
    .log("3f") { _, folder in
      try edit(folder, "DROP TRIGGER leaf_no_delete", restoring: false)
    },
    .log("3g") { _, folder in try edit(folder, "CREATE TABLE more (a)", restoring: false) },
    .forged("3h") { forger in
      try forger.setLeaf(417, otherRole(try forger.leaf(417)))
      for size in try forger.keptSizes() { try forger.setHead(size: size) }
    },
  ]

  /// Class 3, kept checkpoints: a convenience, but the one under a key rotation is evidence.
  private static let kept: [AttackCase] = [
    .sql("3i", "DELETE FROM checkpoint WHERE size = 400"),
    AttackCase(id: "3j") { _, folder in
      var log = try openLog(folder)
      try fillLog(&log)
      _ = try log.rotate(to: testKey(8), reason: .scheduled)
      try log.close()
      try edit(folder, "DELETE FROM checkpoint")
      return AttackFinding(alone: try verify(folder, keys: [testVerifier(8)]).verdict.rawValue)
    },
  ]

  /// Classes 4, 5 and 6.
  private static let cuts: [AttackCase] = [
    .forged("4a", signing: nil) { forger in try forger.run("DELETE FROM leaf WHERE seq > 900") },
    cut("4b", to: 600, withFile: true), cut("4c", to: 800, withFile: true),
    cut("4d", to: 800, withFile: false),
    .sql("5a", "DELETE FROM leaf WHERE seq < 100"),
    .forged("5b") { forger in
      // What is left takes the numbers from 0 on.
      try forger.run("DELETE FROM leaf WHERE seq < 200; DELETE FROM node")
      try forger.run("UPDATE leaf SET seq = seq - 200")
    },
    .log("6a") { base, folder in try AttackBase.write(base.older, to: folder) },
    .log("6b") { base, folder in
      try AttackBase.write(base.older.filter { $0.key == "log.db" }, to: folder)
    },
    .log("6c") { base, folder in
      try AttackBase.write(base.older, to: folder)
      try removeFile(folder.appending("checkpoint"))
    },
    .log("6d") { _, folder in try removeFile(folder.appending("log.db")) },
  ]

  private static func cut(_ id: String, to size: Int, withFile: Bool) -> AttackCase {
    .log(id) { _, folder in
      let forger = try LogForger.open(folder.appending("log.db"))
      try forger.cut(to: size)
      let note = try forger.row("SELECT note FROM head")
      try forger.finish()
      if withFile { try writeDurably(note, to: folder.appending("checkpoint")) }
    }
  }

  /// Class 12, and 13 inside a log: signed with the log's own key, so that only the form speaks.
  private static let forms: [AttackCase] = [
    form("12a", "\"type\":\"deid.file\",\"v\":1", "\"v\":1,\"type\":\"deid.file\""),
    form("12b", "\"v\":1,", "\"v\":1,\"v\":1,"), form("12c", "\"v\":1,", "\"v\":1.0,"),
    form("12d", "\"role\"", "\"\u{1105}\u{1169}le\""),
    .forged("12e", signing: 7) { forger in
      try forger.setLeaf(417, [0xEF, 0xBB, 0xBF] + (try forger.leaf(417)))
    },
    form("12f", "{\"actor\"", "{ \"actor\""), form("12g", "\"actor\"", "\"\\u0061ctor\""),
    form("12h", "}}", "}}\n"), form("12i", "\"v\":1,", "\"v\":null,"),
    form("12j", "\"deid.file\"", "\"deid.other\""), form("12k", "\"v\":1,", "\"v\":2,"),
    .forged("13a", signing: 7) { forger in
      let pair =
        try forger.row("SELECT hash FROM leaf WHERE seq = 416")
        + (try forger.row("SELECT hash FROM leaf WHERE seq = 417"))
      try forger.setLeaf(417, pair)
    },
  ]

  private static func form(_ id: String, _ old: String, _ new: String) -> AttackCase {
    .forged(id, signing: 7) { forger in
      try forger.setLeaf(417, replaced(try forger.leaf(417), old, new))
    }
  }

  /// Class 17: an entry of the day before without its `clock.step`; ten years later.
  private static let clocks: [AttackCase] = [
    .forged("17a", signing: 7) { forger in try setYear(417, "2025", &forger) },
    .log("17b") { _, folder in
      let clock = TestClock()
      clock.step(seconds: 3600)
      var log = try openLog(folder, clock: clock)
      _ = try log.append(examBegin)
      clock.step(seconds: -86_400)
      _ = try log.append(examBegin)
      try log.close()
    },
    .log("17c") { _, folder in
      let clock = TestClock()
      clock.step(seconds: 315_360_000)
      var log = try openLog(folder, clock: clock)
      _ = try log.append(examBegin)
      try log.close()
    },
    .forged("17d", signing: 7) { forger in try setYear(999, "2036", &forger) },
  ]

  private static func setYear(
    _ entry: Int, _ year: String, _ forger: inout LogForger
  ) throws {
    try forger.setLeaf(
      entry, replaced(try forger.leaf(entry), "\"time\":\"2026", "\"time\":\"\(year)"))
  }
}

/// Bytes with a text replaced where it first stands.
func replaced(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
  let result = replacing(Array(old.utf8), by: Array(new.utf8), in: bytes)
  precondition(result != bytes, "the entry has no \(old)")
  return result
}

/// The same entry by somebody in another role.
func otherRole(_ leaf: [UInt8]) -> [UInt8] {
  replaced(leaf, "\"role\":\"tester\"", "\"role\":\"tamper\"")
}
