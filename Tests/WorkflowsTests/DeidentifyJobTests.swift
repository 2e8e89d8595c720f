import Cryptography
import Deidentification
import MedaiCore
import MedaiTestSupport
import MedaiText
import Synchronization
import SystemPackage
import Testing
import Workflows

/// Values planted in records, file names and ids; none may be seen anywhere but where it is meant.
private let planted: [(String, IdentifierType)] = [
  ("홍길동", .name), ("010-1234-5678", .phone), ("850315-1234567", .rrn), ("2024-03-05", .date),
  ("SECRET-ID-77", .id),
]

func makeDeidentifier() throws -> Deidentifier {
  let policy = try Policy.load(
    "kr-research", folder: repositoryRoot().appending("Guidelines/policies"))
  return Deidentifier(
    policy: policy, key: try PseudonymKey(bytes: [UInt8](0..<32)), detectorsDigest: sha256([])
  ) { text, known in
    var result: [IdentifierSpan] = []
    for (value, type) in planted.map({ (Array($0.0.utf8), $0.1) })
      + known.values.map({ ($0.bytes, $0.type) })
    {
      var start = 0
      while start + value.count <= text.count {
        if text[start] == value[0], text[start..<start + value.count].elementsEqual(value) {
          result.append(
            IdentifierSpan(
              start: start, end: start + value.count, type: type, detector: "planted",
              permille: 1000))
          start += value.count
        } else {
          start += 1
        }
      }
    }
    return result
  }
}

/// Keeps what a run told the audit log, and whether each file was there already when told.
final class RecordingRecorder: DeidentifyRecorder {
  struct Seen: Sendable {
    var begins = 0
    var files: [DeidentifyFileRecord] = []
    var visible: [Bool] = []
    var ends = 0
  }
  let seen = Mutex(Seen())
  let output: FilePath?
  let failsAt: Int?

  init(output: FilePath? = nil, failsAt: Int? = nil) {
    self.output = output
    self.failsAt = failsAt
  }

  func begin(_ begin: DeidentifyBegin) async throws { seen.withLock { $0.begins += 1 } }
  func file(_ file: DeidentifyFileRecord) async throws {
    let there = output.map { (try? folderEntries($0))?.contains { !$0.hasPrefix(".") } ?? false }
    let count = seen.withLock { seen in
      seen.files.append(file)
      seen.visible.append(there ?? false)
      return seen.files.count
    }
    if count == failsAt { throw Errno.ioError }
  }
  func end(_ end: DeidentifyEnd) async throws { seen.withLock { $0.ends += 1 } }
}

func write(_ text: String, _ path: FilePath) throws {
  try createFolder(path.removingLastComponent())
  try writeDurably(Array(text.utf8), to: path)
}

/// Every file below a folder with its bytes, by relative path.
func tree(_ folder: FilePath, _ below: String = "") throws -> [(String, [UInt8])] {
  var result: [(String, [UInt8])] = []
  for name in try folderEntries(folder) {
    let path = folder.appending(name)
    if try fileStatus(path).kind == .folder {
      result += try tree(path, below + name + "/")
    } else {
      result.append((below + name, try readFile(path)))
    }
  }
  return result
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
  String(decoding: bytes, as: UTF8.self).contains(text)
}

private func makeInputs(_ folder: FilePath) throws {
  try write("환자 홍길동은 2024-03-05 내원\n", folder.appending("a.txt"))
  try write("성명,연락처\n홍길동,010-1234-5678\n홍길동\n", folder.appending("b/t.csv"))
  try write(
    "{\"id\":\"SECRET-ID-77\",\"patient\":\"P1\",\"text\":\"홍길동 850315-1234567\"}\nbroken 홍길동\n",
    folder.appending("b/홍길동.ndjson"))
  try write("[{\"text\":\"홍길동\"}]\n", folder.appending("c.json"))
  try writeDurably(
    CP949.encode(Array("성명,메모\r\n홍길동,똠방각하 홍길동\r\n".utf8)), to: folder.appending("d.csv"))
  try writeDurably([0x50, 0x4B, 0x03, 0x04, 0x00], to: folder.appending("e.zip"))
  try write("홍길동", folder.appending("홍길동.hwp"))
  try writeDurably([0x61, 0xFF, 0x62], to: folder.appending("f.txt"))
}

@Suite struct DeidentifyJobTests {
  private func run(
    _ folder: FilePath, jobs: Int = 2, out: String = "out",
    recorder: any DeidentifyRecorder =
      NoDeidentifyRecorder(), change: (inout DeidentifySettings) -> Void = { _ in }
  ) async throws -> DeidentifyResult {
    var settings = DeidentifySettings(
      inputs: [folder.appending("in")], output: folder.appending(out))
    settings.jobs = jobs
    change(&settings)
    return try await DeidentifyJob(
      deidentifier: try makeDeidentifier(), settings: settings, recorder: recorder
    ).run()
  }

  @Test func aFolderComesOutWithoutItsPeople() async throws {
    try await withScratchFolder { folder in
      try makeInputs(folder.appending("in"))
      let result = try await run(folder)
      #expect(result.files == 8 && result.released == 5 && result.filesWithheld == 3)
      #expect(result.recordsWithheld == 2 && result.exitStatus == 1)
      let released = try tree(folder.appending("out"))
      #expect(released.count == 5)
      for (name, bytes) in released {
        for (value, _) in planted {
          #expect(!name.contains(value), "\(name)")
          #expect(!contains(bytes, value), "\(name)")
        }
      }
      let cp949 = try #require(released.first { $0.0 == "d.csv" })
      let text = String(decoding: try CP949.decode(cp949.1), as: UTF8.self)
      #expect(text.hasPrefix("성명,메모\r\n") && text.contains("똠방각하") && !text.contains("홍길동"))
    }
  }

  @Test func evidenceNamesNobodyButInItsSecretFile() async throws {
    try await withScratchFolder { folder in
      try makeInputs(folder.appending("in"))
      _ = try await run(folder)
      let evidence = folder.appending("out.evidence")
      #expect(
        try folderEntries(evidence)
          == ["manifest.json", "names.ndjson", "openings.ndjson", "quarantine.ndjson"])
      for (name, bytes) in try tree(evidence) where name != "names.ndjson" {
        for (value, _) in planted { #expect(!contains(bytes, value), "\(name)") }
      }
      #expect(contains(try readFile(evidence.appending("names.ndjson")), "홍길동.ndjson"))
      for name in ["names.ndjson", "openings.ndjson"] {
        #expect(try fileStatus(evidence.appending(name)).mode == 0o600)
      }
      let manifest = try parseJSON(readFile(evidence.appending("manifest.json")))
      let files = try #require(manifest["files"]?.array)
      #expect(files.count == 8)
      for file in files {
        guard let path = file["output"]?["path"]?.string else { continue }
        let digest = try sha256(of: folder.appending("out").pushing(FilePath(path)))
        #expect(file["output"]?["sha256"]?.string == digest.hex)
      }
      #expect(manifest["totals"]?["counts"]?["NAME"] != nil)
      let lines = try readFile(evidence.appending("quarantine.ndjson")).split(separator: 0x0A)
      let reasons = try lines.map { try parseJSON(Array($0))["reason"]?.string }
      #expect(Set(reasons) == ["columns", "malformed", "unsupported", "no-encoding"])
    }
  }

  @Test func commitmentsOpenWithTheirKeys() async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      let recorder = RecordingRecorder(output: folder.appending("out"))
      _ = try await run(folder, recorder: recorder)
      let line = try parseJSON(readFile(folder.appending("out.evidence/openings.ndjson")))
      let key = try #require(bytes(fromHex: line["key"]?.string ?? ""))
      let expected = KeyedHash(key: key).code(
        purpose: "deid.input.v1", [sha256(Array("홍길동".utf8)).bytes])
      recorder.seen.withLock { seen in
        #expect(seen.files.map(\.commitment) == [expected])
        #expect(seen.begins == 1 && seen.ends == 1)
        // The entry is durable before the file can be seen.
        #expect(seen.visible == [false])
      }
    }
  }

  @Test func aFileThatIsNotRecordedDoesNotAppear() async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      try write("홍길동", folder.appending("in/b.txt"))
      let recorder = RecordingRecorder(failsAt: 2)
      await #expect(throws: Errno.self) { _ = try await run(folder, recorder: recorder) }
      #expect(try folderEntries(folder.appending("out")) == ["a.txt"])
      #expect(try folderEntries(folder.appending("out.evidence")) == ["openings.ndjson"])
    }
  }

  @Test func widthDoesNotChangeAByte() async throws {
    try await withScratchFolder { folder in
      try makeInputs(folder.appending("in"))
      var big = ""
      for number in 0..<700 {
        big +=
          "{\"id\":\"N\(number)\",\"patient\":\"\(number % 50)\",\"text\":\"홍길동 2024-03-05 \(number) "
          + String(repeating: "경과 ", count: 4) + "\"}\n"
      }
      try write(big, folder.appending("in/big.ndjson"))
      var outputs: [[(String, [UInt8])]] = []
      for jobs in [1, 2, 7] {
        _ = try await run(folder, jobs: jobs, out: "out\(jobs)") {
          $0.spans = folder.appending("spans\(jobs).ndjson")
          // The large file goes in batches in two of the runs and as a whole in one.
          $0.smallFileBytes = jobs == 2 ? 1 << 20 : 4096
        }
        var all = try tree(folder.appending("out\(jobs)"))
        all.append(("spans", try readFile(folder.appending("spans\(jobs).ndjson"))))
        outputs.append(all)
      }
      #expect(outputs[0].count == 7)
      for other in outputs[1...] {
        #expect(other.map(\.0) == outputs[0].map(\.0))
        for (left, right) in zip(outputs[0], other) { #expect(left.1 == right.1, "\(left.0)") }
      }
    }
  }

  @Test func spansAreForTheOwnerAndCarryTextOnlyWhenAsked() async throws {
    try await withScratchFolder { folder in
      try write("환자 홍길동\n", folder.appending("in/a.txt"))
      let spans = folder.appending("spans.ndjson")
      _ = try await run(folder) { $0.spans = spans }
      #expect(!contains(try readFile(spans), "홍길동"))
      #expect(try fileStatus(spans).mode == 0o600)
      _ = try await run(folder, out: "out2") {
        $0.spans = spans
        $0.spansWithText = true
      }
      let line = try parseJSON(readFile(spans))
      #expect(line["text"]?.string == "홍길동" && line["record"]?.string == "a.txt")
    }
  }

  @Test func aDryRunReleasesNothing() async throws {
    try await withScratchFolder { folder in
      try makeInputs(folder.appending("in"))
      let result = try await run(folder) { $0.isDryRun = true }
      #expect(result.released == 0 && result.outputBytes == 0 && !result.counts.isEmpty)
      #expect(!fileExists(folder.appending("out")))
      #expect(fileExists(folder.appending("out.evidence/manifest.json")))
    }
  }

  @Test func linksInFoldersAreNotFollowed() async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      try write("홍길동", folder.appending("elsewhere.txt"))
      try makeLink(folder.appending("in/link.txt"), to: folder.appending("elsewhere.txt"))
      try makeLink(folder.appending("in/loop"), to: folder.appending("in"))
      let result = try await run(folder)
      #expect(result.released == 1 && result.filesWithheld == 2)
      #expect(try folderEntries(folder.appending("out")) == ["a.txt"])
    }
  }

  @Test(arguments: [
    ("in", "ev", DeidentifyError.outputIsInput), ("in/out", "ev", .outputIsInput),
    (".", "ev", .outputIsInput), ("out", "out/ev", .evidenceInside),
    ("out", "in/ev", .evidenceInside),
    ("out", "out", .evidenceInside), ("alias/x", "ev", .outputIsInput),
  ])
  func placesAreKeptApart(output: String, evidence: String, error: DeidentifyError) async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      try makeLink(folder.appending("alias"), to: folder.appending("in"))
      await #expect(throws: error) {
        _ = try await run(folder) {
          $0.output = folder.pushing(FilePath(output))
          $0.evidence = folder.pushing(FilePath(evidence))
        }
      }
      #expect(try folderEntries(folder.appending("in")) == ["a.txt"])
    }
  }

  @Test func errorsOfTheDiskNameNobody() async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/홍길동.txt"))
      // A file where the output folder should be.
      try write("x", folder.appending("out"))
      do {
        _ = try await run(folder)
        Issue.record("ran")
      } catch {
        #expect(
          error as? DeidentifyError == .write(role: "output", code: .notDirectory)
            || error as? DeidentifyError == .write(role: "output", code: .fileExists))
        for (value, _) in planted { #expect(!"\(error)".contains(value)) }
      }
      await #expect(throws: DeidentifyError.input(number: 1, isMissing: true)) {
        _ = try await run(folder, out: "out2") { $0.inputs = [folder.appending("홍길동")] }
      }
    }
  }

  @Test func namesThatComeToOneAreKeptApart() async throws {
    try await withScratchFolder { folder in
      try write("one", folder.appending("x/a.txt"))
      try write("two", folder.appending("y/a.txt"))
      let result = try await run(folder) {
        $0.inputs = [folder.appending("x"), folder.appending("y/a.txt")]
      }
      #expect(result.released == 2)
      #expect(
        try tree(folder.appending("out")).map(\.1).sorted { $0.count < $1.count || $0[0] < $1[0] }
          == [Array("one".utf8), Array("two".utf8)])
    }
  }

  @Test func aStreamNeedsAQuarantineAndWithholdsIntoIt() async throws {
    try await withScratchFolder { folder in
      try write("{\"text\":\"홍길동\"}\n{broken 홍길동\n", folder.appending("in.ndjson"))
      var settings = DeidentifySettings(inputs: [], output: folder.appending("none"))
      let tool = try makeDeidentifier()
      await #expect(throws: DeidentifyError.quarantineRequired) {
        _ = try await DeidentifyJob(deidentifier: tool, settings: settings).runStream { _ in }
      }
      settings.quarantine = folder.appending("q.ndjson")
      var output: [UInt8] = []
      let result = try await DeidentifyJob(deidentifier: tool, settings: settings)
        .runStream(from: folder.appending("in.ndjson")) { output += $0 }
      #expect(result.exitStatus == 1 && result.records == 2 && result.recordsWithheld == 1)
      #expect(output.count { $0 == 0x0A } == 1 && !contains(output, "홍길동"))
      let line = try readFile(folder.appending("q.ndjson"))
      #expect(contains(line, "malformed") && !contains(line, "홍길동"))
    }
  }

  @Test func onePatientIsOnePersonInEveryFormat() async throws {
    try await withScratchFolder { folder in
      try write(
        "{\"id\":\"1\",\"patient\":\"P1\",\"text\":\"홍길동 2024-03-05\"}\n",
        folder.appending("in/a.ndjson"))
      try write("patient,note\nP1,홍길동 2024-03-05\n", folder.appending("in/b.csv"))
      try write("[{\"patient\":\"P1\",\"x\":[\"홍길동 2024-03-05\"]}]", folder.appending("in/c.json"))
      _ = try await run(folder)
      let files = try tree(folder.appending("out")).map { String(decoding: $0.1, as: UTF8.self) }
      let csv = try #require(files[1].split(separator: "\n").last?.split(separator: ","))
      #expect(csv[0] != "P1")
      #expect(files[0].contains("\"text\":\"\(csv[1])\"") && files[0].contains("\"\(csv[0])\""))
      #expect(files[2].contains("[\"\(csv[1])\"]"))
    }
  }
}
