import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// One line of the table in docs/attacks.md.
struct AttackRow: Sendable, CustomTestStringConvertible {
  let id: String
  let alone: String
  let exit: String
  let anchored: String
  let anchoredExit: String
  let test: String

  var testDescription: String { id }

  /// Every row whose first cell is a number with letters.
  static func all() throws -> [AttackRow] {
    let bytes = try readFile(repositoryRoot().appending("docs/attacks.md"))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.filter { $0 != "`" }.trimmed }
      guard cells.count == 9, let first = cells[1].utf8.first, (0x30...0x39).contains(first) else {
        return nil
      }
      return AttackRow(
        id: cells[1], alone: cells[3], exit: cells[4], anchored: cells[5], anchoredExit: cells[6],
        test: cells[7])
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

private let allCases = AttacksOnEntries.cases + AttacksOnSignatures.cases

/// The table of docs/attacks.md is what the tests expect: each row that names this suite is tried
/// here, and what is met must be what the row states.
@Suite struct AttacksTests {
  @Test func theTableNamesEveryAttackOnce() throws {
    let rows = try AttackRow.all()
    #expect(Set(rows.map(\.id)).count == rows.count)
    let tried = rows.filter { $0.test == "AttacksTests" }.map(\.id)
    #expect(tried.sorted() == allCases.map(\.id).sorted())
    for number in 1...20 {
      #expect(rows.contains { $0.id.prefix { $0.isNumber } == "\(number)" }, "class \(number)")
    }
  }

  @Test(arguments: try AttackRow.all().filter { $0.test == "AttacksTests" })
  func anAttackMeetsItsRow(row: AttackRow) throws {
    let attack = try #require(allCases.first { sameBytes($0.id, row.id) })
    let base = try AttackBase.shared.get()
    try withScratchFolder { scratch in
      let found = try attack.run(base, scratch.appending("log"))
      #expect(found.alone == row.alone, "\(row.id) alone")
      if let anchored = found.anchored { #expect(anchored == row.anchored, "\(row.id) anchored") }
    }
  }

  /// The log before any attack; otherwise a verdict would mean nothing.
  @Test func theUntouchedLogIsIntact() throws {
    let base = try AttackBase.shared.get()
    try withScratchFolder { scratch in
      let folder = scratch.appending("log")
      try AttackBase.write(base.files, to: folder)
      let found = try verifyLog(
        folder: folder, trustedKeys: [testVerifier()], anchors: base.anchors)
      #expect(found.verdict == .intact && found.problems.isEmpty)
      #expect(found.entries == AttackBase.size && found.anchoredThrough == 800)
      #expect(found.checkpoint == base.head)
      // Where the guarantee ends is said.
      #expect(found.limits.contains(.stolenKey) && found.limits.contains(.unanchoredTail))
      var reader = try LogReader.open(folder: folder)
      #expect(try reader.signedSizes() == [200, 400, 600, 800, 1000])
      let leaf = try reader.leaf(417)
      #expect(
        try reader.proof(of: 417).verify(leaf: leaf, trusting: [testVerifier()]) == base.head)
    }
  }

  /// Each row's exit status is the one of its verdict, as docs/audit-format.md gives them.
  @Test func exitStatusesFollowFromVerdicts() throws {
    let text = String(
      decoding: try readFile(repositoryRoot().appending("docs/audit-format.md")), as: UTF8.self)
    var status = ["refused": "3", "": ""]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.filter { $0 != "`" }.trimmed }
      guard cells.count == 3, LogVerdict(rawValue: cells[0]) != nil else { continue }
      status[cells[0]] = cells[2]
    }
    #expect(status.count == 2 + LogVerdict.allCases.count)
    for row in try AttackRow.all() where row.test == "AttacksTests" {
      #expect(row.exit == status[row.alone], "\(row.id)")
      #expect(row.anchoredExit == status[row.anchored], "\(row.id)")
    }
  }

  /// Rows that other suites try name a test that exists, as `File.swift: function`.
  @Test func testsOfOtherSuitesExist() throws {
    let others = try AttackRow.all().filter { $0.test != "AttacksTests" }
    #expect(!others.isEmpty)
    for row in others {
      let parts = row.test.split(separator: ":").map { String($0).trimmed }
      try #require(parts.count == 2, "\(row.id)")
      let source = try readFile(repositoryRoot().pushing(FilePath("Tests/" + parts[0])))
      #expect(
        String(decoding: source, as: UTF8.self).contains("func \(parts[1])("), "\(row.test)")
    }
  }
}
