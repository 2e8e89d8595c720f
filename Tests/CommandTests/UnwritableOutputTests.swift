import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Outputs that cannot be made end with 73 or 74, and nothing half-written stays.
@Suite struct UnwritableOutputTests {
  /// What every command needs.
  private static func prepare(_ place: Workplace) throws {
    _ = try place.signing()
    try place.write("r.ndjson", Exam.results(1, of: 2))
    try place.write("o.ndjson", Exam.output)
    try place.write("n.txt", Planted.note)
    try place.write("file", "a file, not a folder\n")
  }

  @Test(
    "A path below a file cannot be made",
    arguments: [
      ["exam", "validate", "r.ndjson", "--report", "file/r.html", "--no-audit"],
      ["exam", "validate", "r.ndjson", "--report", "none/r.html", "--no-audit"],
      ["check", "o.ndjson", "--output", "file/c.json", "--no-audit"],
      ["check", "o.ndjson", "--output", "none/c.json", "--no-audit"],
      ["deid", "n.txt", "--output", "file/out", "--evidence", "ev", "--no-audit"],
      ["deid", "n.txt", "--output", "file", "--evidence", "ev", "--no-audit"],
      ["deid", "n.txt", "--output", "out", "--evidence", "file/ev", "--no-audit"],
      ["deid", "n.txt", "--output", "out", "--spans", "file/spans", "--no-audit"],
      ["deid", "n.txt", "--output", "out", "--quarantine", "none/q", "--no-audit"],
      ["key", "new", "signing", "--no-passphrase", "--output", "file/k"],
      ["key", "new", "pseudonym", "--output", "file/k"],
      [
        "exam", "validate", "r.ndjson", "--signing-key", "signing.pem", "--audit-log", "file/log",
      ],
      ["exam", "validate", "r.ndjson", "--signing-key", "signing.pem", "--audit-log", "file"],
    ])
  func belowAFile(words: [String]) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let before = try place.files()
      let run = try place.medai(words).ends(73)
      #expect(run.output.isEmpty)
      // The evidence of commitments may be there before the output is; nothing else.
      let added = try place.files().filter { !before.contains($0) }
      #expect(added.allSatisfy { $0.hasSuffix("openings.ndjson") }, "\(added)")
    }
  }

  @Test(arguments: [
    ["guideline", "list"], ["--help"], ["config", "show"],
    ["exam", "validate", "r.ndjson", "--no-audit"], ["check", "o.ndjson", "--no-audit"],
  ])
  func fullStandardOutput(words: [String]) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let run = try place.medai(words, output: "/dev/full")
      // The argument parser prints help itself and does not look whether it could.
      #expect(run.status == 74 || words == ["--help"], "\(run.status)")
    }
  }

  /// Whether this user may mount a small file system.
  private static let canMount: Bool = {
    (try? withScratchFolder { folder in mountSmall(folder, bytes: 4096) && unmount(folder) })
      ?? false
  }()

  private static func mountSmall(_ folder: FilePath, bytes: Int) -> Bool {
    unsafe mount("tmpfs", folder.string, "tmpfs", 0, "size=\(bytes)") == 0
  }

  private static func unmount(_ folder: FilePath) -> Bool { unsafe umount(folder.string) == 0 }

  @Test(
    "A full disk ends with 74",
    .enabled(if: canMount, "needs the right to mount a tmpfs"),
    arguments: [
      ["check", "o.ndjson", "--format", "json", "--output", "full/c.json", "--no-audit"],
      ["exam", "validate", "r.ndjson", "--report", "full/r.html", "--no-audit"],
      ["deid", "big.txt", "--output", "full/out", "--evidence", "ev", "--no-audit"],
      ["deid", "n.txt", "--output", "out", "--evidence", "full/ev", "--no-audit"],
      ["deid", "n.txt", "--output", "out", "--audit-log", "full/log"],
      ["exam", "validate", "r.ndjson", "--audit-log", "full/log"],
    ])
  func fullDisk(words: [String]) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      try place.write("big.txt", [UInt8](repeating: 0x61, count: 100_000))
      try createFolder(place.path("full"))
      try #require(Self.mountSmall(place.path("full"), bytes: 4096))
      defer { #expect(Self.unmount(place.path("full"))) }
      try place.medai(
        words + ["--signing-key", "signing.pem"]
      ).ends(74)
      // A released file whose evidence could not be written stays, whole; of what the disk could
      // not take, nothing does.
      let left = try place.files().filter {
        $0.hasSuffix(".part")
          || ($0.hasPrefix("full/") && !$0.hasPrefix("full/ev/")
            && !$0.hasPrefix("full/log/"))
      }
      #expect(left == [])
    }
  }
}
