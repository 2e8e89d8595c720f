import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

private func plan(
  _ folder: FilePath, _ classes: [(String, Int, [String])], years: Int64
) throws -> RetentionPlan {
  try RetentionPlan(
    log: folder,
    classes: classes.map {
      RetentionClass(id: name($0.0), years: $0.1, types: $0.2.map(name))
    },
    now: Timestamp(microseconds: 1_795_512_000_000_000 + years * 366 * 86_400_000_000))
}

private let everything = [
  "deid.run.begin", "deid.file", "deid.run.end", "exam.run.begin", "exam.run.end",
  "exam.validate", "generate.run.begin", "generate.answer", "generate.run.end", "check.run",
  "report.issue",
]

@Test func aPrefixGoesWhenItsLongestPeriodIsOver() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    let size = try makeLog(folder, rounds: 30).size
    let all = [("all", 2, everything), ("longer", 5, ["check.run"])]
    // Nothing but the opening, which stays.
    let early = try plan(folder, all, years: 1)
    #expect(early.minimumIndex == 1 && early.stays == [0] && early.bundles == 0)
    #expect(early.bar?.entry == 1 && early.bar?.heldBy == name("all"))
    // Up to the first check, whose longer period holds; its run's entries go along only whole.
    let middle = try plan(folder, all, years: 3)
    #expect(middle.bar?.type == name("check.run") && middle.bar?.heldBy == name("longer"))
    #expect(middle.minimumIndex == 10)
    #expect(middle.expired.map(\.entries) == [9, 0])
    let late = try plan(folder, all, years: 9)
    #expect(late.minimumIndex == size && late.bar == nil)
    #expect(late.bundles == size / 256)
    // Opening, redactions and anchors are kept beside it.
    #expect(late.stays.count == 1 + 2 * 30)
    #expect(late.expired.map(\.entries) == [size - 1 - 3 * 30, 30])
  }
}

@Test func anEntryThatNoClassNamesIsKeptForEver() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    try makeLog(folder)
    let found = try plan(folder, [("all", 1, ["deid.run.begin"])], years: 900)
    #expect(found.minimumIndex == 2 || found.minimumIndex == 1)
    #expect(found.bar != nil && found.bar?.until == nil)
  }
}

/// A begin entry whose run goes on past the prefix stays, and what came after it.
@Test func aRunGoesAsAWhole() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    let clock = TestClock()
    var log = try openLog(folder, clock: clock)
    let begin = try log.append([deidBegin()])[0].entry
    _ = try log.append([examBegin, deidFile(begin: begin)])
    clock.step(seconds: 3 * 366 * 86_400)
    _ = try log.append(deidEnd(begin: begin))
    try log.close()
    let found = try plan(folder, [("all", 2, everything)], years: 4)
    #expect(found.minimumIndex == begin)
    #expect(
      found.bar
        == RetentionPlan.Bar(entry: 1, type: name("deid.run.begin"), heldBy: nil, until: nil))
    #expect(try plan(folder, [("all", 2, everything)], years: 6).minimumIndex == 5)
  }
}

@Test func aReportIsFoundByItsBytes() throws {
  try withScratchFolder { scratch in
    let (pack, _) = try makePack(scratch, rounds: 3)
    let folder = scratch.appending("log")
    let inLog = try loggedReports(digest("html"), log: folder)
    #expect(inLog.count == 2)
    #expect(inLog.allSatisfy { $0.rendition == name("html") && $0.size == 3 })
    #expect(try loggedReports(digest("html"), pack: pack) == inLog)
    // Digests that stand in entries of other kinds, or nowhere, are no reports.
    for other in ["submission", "root", "nothing", "output 0"] {
      #expect(try loggedReports(digest(other), log: folder) == [])
      #expect(try loggedReports(digest(other), pack: pack) == [])
    }
    #expect(throws: PackError.self) { try loggedReports(digest("html"), pack: scratch) }
  }
}
