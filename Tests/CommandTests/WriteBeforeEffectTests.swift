import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// The begin entry is durable before work, the result entry before anything is released, and a log
/// that cannot be written stops the job.
///
/// The log is stopped at each of its entries in turn, by a signer that ends after so many
/// signatures: without a signature no entry is written.
@Suite(
  .enabled(
    if: fileExists("/usr/bin/openssl") && fileExists("/usr/bin/python3"),
    "the signer needs python3 and openssl"))
struct WriteBeforeEffectTests {
  /// One job.
  struct Job: Sendable, CustomTestStringConvertible {
    let words: [String]
    var input = ""
    /// What it releases, files or folders; standard output counts for every job.
    var outputs: [String] = []
    /// The types of its entries after `log.open`, in order.
    let entries: [String]
    var status: Int32 = 0
    /// Whether each file has an entry of its own, so that some may be released before the end.
    var releasesPiecewise = false
    /// Whether standard output is released before the last entry, and only the exit status counts.
    var isStream = false

    var testDescription: String { words.prefix(2).joined(separator: " ") }
  }

  private static let model = repositoryRoot().pushing(
    "Tests/InferenceTests/Golden/tiny-F32.gguf"
  ).string

  static let jobs = [
    Job(
      words: ["deid", "in", "--output", "out", "--evidence", "ev"], outputs: ["out"],
      entries: ["deid.run.begin", "deid.file", "deid.file", "deid.run.end"],
      releasesPiecewise: true),
    Job(
      words: ["deid", "-", "--quarantine", "q"], input: "안내문입니다.\n",
      entries: ["deid.run.begin", "deid.file", "deid.run.end"], isStream: true),
    Job(
      words: ["generate", "--model", model, "--prompt", "a", "--max-tokens", "2"],
      entries: ["generate.run.begin", "generate.answer", "generate.run.end"]),
    Job(
      words: [
        "generate", "--model", model, "--inputs", "p.ndjson", "--output", "a.ndjson",
        "--max-tokens", "2",
      ], outputs: ["a.ndjson"],
      entries: [
        "generate.run.begin", "generate.answer", "generate.answer", "generate.run.end",
      ]),
    Job(
      words: [
        "exam", "run", "i.ndjson", "--model", model, "--output", "r.ndjson", "--prompts", "asked",
      ], outputs: ["r.ndjson", "asked"], entries: ["exam.run.begin", "exam.run.end"]),
    Job(
      words: ["exam", "validate", "given.ndjson", "--report", "v.html"], outputs: ["v.html"],
      entries: ["exam.validate"]),
    Job(
      words: ["check", "o.ndjson", "--format", "json", "--output", "c.json"], outputs: ["c.json"],
      entries: ["check.run"], status: 1),
    Job(
      words: [
        "audit", "report", "--submission", "s.yaml", "--output", "report.html", "--csv", "r.csv",
        "--sarif", "r.sarif", "--oscal", "oscal", "--public-key", "signing.pem.vkey",
      ], outputs: ["report.html", "r.csv", "r.sarif", "oscal"], entries: ["report.issue"],
      status: 1),
    Job(
      words: ["audit", "append", "--type", "external.access", "--json", "-"],
      input: AppendTests.access, entries: ["external.access"]),
  ]

  /// Signs as often as its first argument says, and ends.
  private static let limitedSigner = """
    #!/usr/bin/python3
    import subprocess, sys
    inner = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for _ in range(int(sys.argv[1])):
        line = sys.stdin.readline()
        if not line: break
        print(line, end="", file=inner.stdin, flush=True)
        print(inner.stdout.readline(), end="", flush=True)
    inner.stdin.close()

    """

  private static func prepare(_ place: Workplace) throws {
    _ = try place.signing()
    try place.write("signer", limitedSigner)
    try place.setMode("signer", 0o755)
    try place.write("in/a.txt", "첫째 안내문입니다.\n")
    try place.write("in/b.txt", "둘째 안내문입니다.\n")
    try place.write(
      "p.ndjson", "{\"id\":\"1\",\"prompt\":\"a\"}\n{\"id\":\"2\",\"prompt\":\"b\"}\n")
    try place.write("i.ndjson", Exam.items)
    try place.write("given.ndjson", Exam.results(3, of: 4))
    try place.write("o.ndjson", Exam.output)
    let submission = repositoryRoot().pushing("Samples/submission/medai.submission.yaml")
    try place.write("s.yaml", readFile(submission))
  }

  /// The types of the log's entries, by what stands in the database.
  private static func types(_ place: Workplace) throws -> [String] {
    let script = """
      import json, os, sqlite3
      if os.path.exists("log/log.db"):
        rows = sqlite3.connect("log/log.db").execute("SELECT bytes FROM leaf ORDER BY seq")
        for row in rows: print(json.loads(row[0])["type"])
      """
    let run = try place.run("/usr/bin/python3", ["-c", script]).ends(0)
    return run.text.split(separator: "\n").map(String.init)
  }

  @Test("Stopped at each entry", arguments: jobs)
  func stoppedAtEachEntry(job: Job) throws {
    try Workplace.with { place in
      try Self.prepare(place)
      let before = try place.files()
      let all = ["log.open"] + job.entries
      for signatures in 0...all.count {
        try place.run("/bin/rm", ["-rf", "log", "ev", "q"] + job.outputs).ends(0)
        try place.run("/bin/sh", ["-c", "rm -f *.openings"]).ends(0)
        let command =
          "\(place.path("signer")) \(signatures) \(SignerTests.example()) "
          + place.path("signing.pem").string
        let run = try place.medai(
          job.words + [
            "--audit-log", "log", "--signer-command", command, "--signer-public-key",
            "signing.pem.vkey",
          ], input: Array(job.input.utf8))
        let isWhole = signatures == all.count
        run.ends(isWhole ? job.status : 69)
        // Exactly the entries that were signed are there.
        #expect(try Self.types(place) == Array(all.prefix(signatures)), "\(signatures)")
        let released = try place.files().filter { name in
          job.outputs.contains { name == $0 || name.hasPrefix($0 + "/") }
        }
        if isWhole {
          #expect(job.outputs.allSatisfy(place.has), "\(released)")
        } else if job.releasesPiecewise {
          let log = signatures == 0 ? [] : try place.read("log/log.db")
          for name in released {
            #expect(contains(log, Array(sha256(try place.read(name)).hex.utf8)), "\(name)")
          }
          #expect(released.count == max(0, signatures - 2), "\(signatures): \(released)")
        } else {
          #expect(released.isEmpty, "\(signatures): \(released)")
          #expect(run.output.isEmpty || (job.isStream && signatures >= 2), "\(run.text)")
        }
        if signatures == 0 {
          // Not even the log's own first entry: nothing was done at all.
          let added = try place.files().filter { !before.contains($0) && !$0.hasPrefix("log/") }
          #expect(added.isEmpty, "\(added)")
        } else if signatures == all.count - 1 {
          let verified = try place.medai(
            "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey", "--json")
          #expect(try verified.ends(0).json()["verdict"]?.string == "intact")
        }
      }
    }
  }

  @Test("A log that cannot grow stops the job", arguments: [1, 16])
  func fullDisk(blocks: Int) throws {
    try Workplace.with { place in
      try RotateTests.makeLog(place)
      try Self.prepare(place)
      let log = ["--audit-log", "log", "--signing-key", "signing.pem"]
      // A write past the limit is an error and no signal.
      let script = "trap '' XFSZ; ulimit -f \(blocks); exec \"$0\" \"$@\""
      let program = try #require(Workplace.program).string
      for job in Self.jobs where !job.words.contains("--model") && !job.isStream {
        let run = try place.run(
          "/bin/sh", ["-c", script, program] + job.words + log, input: Array(job.input.utf8))
        #expect([73, 74].contains(run.status), "\(job.words): \(run.said)")
        #expect(run.output.isEmpty)
        #expect(job.outputs.allSatisfy { !place.has($0) }, "\(job.words)")
      }
      try AppendTests.expectIntact(place, entries: 2)
    }
  }

  @Test func aRotationIsWholeOrNot() throws {
    try Workplace.with { place in
      try RotateTests.makeLog(place)
      try Self.prepare(place)
      try place.medai("key", "new", "signing", "--output", "next.pem", "--no-passphrase").ends(0)
      let keys = ["signing.pem", "next.pem"].map { place.path($0).string }
      func rotate(_ old: Int, _ new: Int) throws -> CommandRun {
        let counts = [old, new]
        let commands = (0...1).map {
          "\(place.path("signer")) \(counts[$0]) \(SignerTests.example()) \(keys[$0])"
        }
        return try place.medai(
          "key", "rotate", "--audit-log", "log", "--signer-command", commands[0],
          "--signer-public-key", "signing.pem.vkey", "--new", "next.pem.vkey",
          "--new-signer-command", commands[1], "--reason", "staff")
      }
      let before = try Self.types(place)
      for (old, new) in [(0, 0), (0, 1), (1, 0)] {
        try rotate(old, new).ends(69)
        #expect(try Self.types(place) == before)
        try AppendTests.expectIntact(place, entries: before.count)
      }
      try RotateTests.append(place, key: "signing.pem").ends(0)
      try rotate(1, 1).ends(0)
      #expect(try Self.types(place) == before + ["external.access", "key.rotate"])
      try AppendTests.expectIntact(place, entries: before.count + 2)
    }
  }
}
