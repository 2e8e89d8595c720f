import Auditing
import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The program itself killed in the middle of its work: what it released is in the log, and the log
/// holds.
@Suite struct CommandCrashTests {
  private static let key = ["--signing-key", "signing.pem", "--audit-log", "log"]

  private static func medai(
    _ arguments: [String], in folder: FilePath, streams: FilePath
  ) throws -> Child {
    try Child(Child.program("medai"), arguments, streams: streams, in: folder)
  }

  /// Starts a command a number of times and kills it, each time at another moment.
  ///
  /// - Parameters:
  ///   - count: How often.
  ///   - prepare: Makes the inputs in the working folder.
  ///   - command: The command line of a run.
  ///   - check: Looks at the folder after each kill.
  /// - Throws: Errors of the folder or of the log.
  private static func killing(
    _ count: Int, _ prepare: (FilePath) throws -> Void, _ command: (Int) -> [String],
    _ check: (FilePath, Int, [LogEntry]) throws -> Void
  ) throws {
    try withScratchFolder { scratch in
      let folder = scratch.appending("work")
      let streams = scratch.appending("streams")
      try createFolder(folder)
      let new = try medai(
        ["key", "new", "signing", "--output", "signing.pem", "--no-passphrase"], in: folder,
        streams: streams)
      #expect(try new.wait() == 0)
      let line = try readFile(folder.appending("signing.pem.vkey"))
      let verifier = try VerifierKey(line: line)
      try prepare(folder)
      let log = folder.appending("log")
      var moments = SplitMix64(seed: Extent.seed)
      var kills = 0
      for run in 0..<count {
        let before = try size(log)
        let child = try medai(command(run) + key, in: folder, streams: streams)
        // From its first entry on there is something to lose.
        var polls = 0
        while try size(log) <= before, polls < 5000 {
          usleep(2000)
          polls += 1
        }
        usleep(UInt32(moments.below(250_000)))
        child.kill()
        if try child.wait() == -SIGKILL { kills += 1 }
        let found = try verifyLog(folder: log, trustedKeys: [verifier])
        #expect(
          found.verdict == .intact && found.problems.isEmpty,
          "run \(run) of seed \(Extent.seed): \(found.problems)")
        var entries: [LogEntry] = []
        var reader = try LogReader.open(folder: log)
        try reader.forEachEntry(below: reader.checkpoint.size) { entries.append($0) }
        try check(folder, run, entries)
      }
      #expect(kills > 0, "no run was caught alive")
      if Extent.isFull { print("\(command(0)[0]): killed \(kills) of \(count) times") }
      // And it works on: the crash is a note, not a fault.
      let last = try medai(command(count) + key, in: folder, streams: streams)
      #expect(try last.wait() == 0)
      let found = try verifyLog(folder: log, trustedKeys: [verifier])
      #expect(found.verdict == .intact && found.notes.contains { $0.code == .beginWithoutEnd })
    }
  }

  private static func size(_ log: FilePath) throws -> Int {
    guard let reader = try? LogReader.open(folder: log) else { return 0 }
    return reader.checkpoint.size
  }

  @Test func deidentificationReleasesNothingUnlogged() throws {
    try Self.killing(Extent.of(20, short: 3)) { folder in
      try createFolder(folder.appending("records"))
      let line = "The patient was seen on the ward and sent home with advice.\n"
      for number in 0..<150 {
        let text = String(repeating: "note \(number). " + line, count: 40)
        try writeDurably(Array(text.utf8), to: folder.appending("records/\(number).txt"))
      }
    } _: { run in
      ["deid", "records", "--output", "released-\(run)"]
    } _: { folder, run, entries in
      let logged = Set(entries.compactMap { $0.digest("output_sha256") })
      let released = folder.appending("released-\(run)")
      guard fileExists(released) else { return }
      // Names with a dot in front are files that were not finished.
      for name in try folderEntries(released) where name.utf8.first != UInt8(ascii: ".") {
        let file = released.appending(name)
        guard try fileStatus(file).kind == .file else { continue }
        let digest = try sha256(of: file)
        #expect(logged.contains(digest), "run \(run): \(name)")
      }
    }
  }

  @Test func generationReleasesNothingUnlogged() throws {
    try Self.killing(Extent.of(20, short: 3)) { folder in
      let model = repositoryRoot().pushing("Tests/InferenceTests/Golden/tiny-F32.gguf")
      try writeDurably(readFile(model), to: folder.appending("m.gguf"))
      let lines = (0..<60).map { "{\"id\":\"\($0)\",\"prompt\":\"a\"}\n" }
      try writeDurably(Array(lines.joined().utf8), to: folder.appending("p.ndjson"))
    } _: { run in
      [
        "generate", "--model", "m.gguf", "--inputs", "p.ndjson", "--output", "out-\(run).ndjson",
        "--max-tokens", "12",
      ]
    } _: { folder, run, entries in
      guard fileExists(folder.appending("out-\(run).ndjson")) else { return }
      // Its answers are committed to, and so is the end of the run that wrote them.
      let begin = entries.last { $0.type.text == "generate.run.begin" }?.sequence
      let isEnded = entries.contains {
        $0.type.text == "generate.run.end" && $0.pair == begin && $0.text("outcome") == "completed"
      }
      #expect(isEnded, "run \(run)")
    }
  }
}
