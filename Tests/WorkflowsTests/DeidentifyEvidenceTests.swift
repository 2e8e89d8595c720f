import Cryptography
import Deidentification
import MedaiCore
import MedaiTestSupport
import Synchronization
import SystemPackage
import Testing
import Workflows

/// What a run says of itself, and what it leaves alone.
@Suite struct DeidentifyEvidenceTests {
  private func job(
    _ folder: FilePath, out: String = "out",
    recorder: any DeidentifyRecorder =
      NoDeidentifyRecorder(), change: (inout DeidentifySettings) -> Void = { _ in }
  ) throws -> DeidentifyJob {
    var settings = DeidentifySettings(
      inputs: [folder.appending("in")], output: folder.appending(out))
    settings.quarantine = folder.appending("quarantine-\(out).ndjson")
    change(&settings)
    return DeidentifyJob(
      deidentifier: try makeDeidentifier(), settings: settings, recorder: recorder)
  }

  // MARK: Earlier evidence

  @Test(arguments: [false, true], ["manifest.json", "openings.ndjson"])
  func earlierEvidenceIsNeverReplaced(isDryRun: Bool, name: String) async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      try write("earlier", folder.appending("out.evidence").appending(name))
      let recorder = RecordingRecorder()
      await #expect(throws: DeidentifyError.evidenceExists) {
        _ = try await job(folder, recorder: recorder) { $0.isDryRun = isDryRun }.run()
      }
      #expect(try tree(folder.appending("out.evidence")).map(\.0) == [name])
      #expect(
        try readFile(folder.appending("out.evidence").appending(name)) == Array("earlier".utf8))
      #expect(!fileExists(folder.appending("out")))
      #expect(recorder.seen.withLock { $0.begins } == 0)
    }
  }

  @Test func aSecondRunNeedsAnotherFolder() async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      _ = try await job(folder).run()
      let before = try tree(folder.appending("out.evidence"))
      await #expect(throws: DeidentifyError.evidenceExists) {
        _ = try await job(folder) { $0.isDryRun = true }.run()
      }
      let after = try tree(folder.appending("out.evidence"))
      #expect(before.map(\.0) == after.map(\.0) && before.map(\.1) == after.map(\.1))
      _ = try await job(folder) { $0.evidence = folder.appending("other") }.run()
      #expect(fileExists(folder.appending("other/openings.ndjson")))
    }
  }

  // MARK: Streams

  private final class Written { var bytes: [UInt8] = [] }

  private func stream(
    _ text: String, in folder: FilePath, recorder: RecordingRecorder, isDryRun: Bool = false,
    format: RecordFormat? = nil
  ) async throws -> [UInt8] {
    try write(text, folder.appending("stream"))
    let written = Written()
    _ = try await job(folder, recorder: recorder) {
      $0.isDryRun = isDryRun
      $0.format = format
    }.runStream(from: folder.appending("stream")) { written.bytes += $0 }
    return written.bytes
  }

  @Test(
    arguments: [false, true],
    [
      "[{\"text\":\"홍길동\"},{\"text\":\"a\"}] x", "[{\"text\":\"홍길동\"},{\"text\":\"b\"}}",
      "[{\"text\":\"홍길동\"}", "[{\"text\":\"홍길동\"},",
    ])
  func aBrokenStreamFails(isDryRun: Bool, text: String) async throws {
    try await withScratchFolder { folder in
      let recorder = RecordingRecorder()
      do {
        _ = try await stream(text, in: folder, recorder: recorder, isDryRun: isDryRun)
        Issue.record("went through")
      } catch let error as DeidentifyError {
        guard case .brokenStream(let record) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(record >= 1)
      }
      recorder.seen.withLock { seen in
        #expect(seen.files.map(\.outputDigest) == [nil] && seen.files[0].outputBytes == 0)
        #expect(seen.ends == 0)
      }
      // Why is said all the same, without a name.
      let lines = String(
        decoding: try readFile(folder.appending("quarantine-out.ndjson")), as: UTF8.self)
      #expect(lines.contains("malformed") && !lines.contains("홍길동"))
    }
  }

  @Test func aFaultyHeaderBreaksAStream() async throws {
    try await withScratchFolder { folder in
      let recorder = RecordingRecorder()
      await #expect(throws: DeidentifyError.brokenStream(record: 1)) {
        _ = try await stream(
          "\"성명\"x,메모\n남궁민,a\n", in: folder, recorder: recorder, format: .csv)
      }
    }
  }

  @Test func aDryStreamIsNotRecordedAsReleased() async throws {
    try await withScratchFolder { folder in
      for (isDryRun, digests) in [(true, 0), (false, 1)] {
        let recorder = RecordingRecorder()
        let output = try await stream(
          "{\"text\":\"홍길동\"}\n", in: folder, recorder: recorder, isDryRun: isDryRun)
        #expect(output.isEmpty == isDryRun)
        recorder.seen.withLock { seen in
          #expect(seen.files.compactMap(\.outputDigest).count == digests)
          #expect(seen.files.map(\.outputBytes) == [output.count] && seen.files[0].records == 1)
        }
      }
    }
  }

  // MARK: Headers of files

  @Test func aFaultyHeaderWithholdsItsFile() async throws {
    try await withScratchFolder { folder in
      try write("\"성명\"x,메모\n남궁민,a\n", folder.appending("in/a.csv"))
      try write("환자 목록,\n등록번호,성명\n00123456,남궁민\n", folder.appending("in/b.csv"))
      try write("\u{FEFF}성명,메모\r\n남궁민,a\r\n", folder.appending("in/c.csv"))
      let result = try await job(folder).run()
      #expect(result.files == 3 && result.released == 2 && result.filesWithheld == 1)
      let files = try tree(folder.appending("out"))
      #expect(files.map(\.0) == ["b.csv", "c.csv"])
      for (_, bytes) in files {
        #expect(!String(decoding: bytes, as: UTF8.self).contains("남궁민"))
      }
      // The byte order mark stays in front of the header.
      #expect(files[1].1.starts(with: Array("\u{FEFF}성명,메모\r\n".utf8)))
    }
  }

  @Test func headersAreFoundWhateverTheBatches() async throws {
    try await withScratchFolder { folder in
      // Titles that fill more than one batch.
      let title = String(repeating: "가", count: 30_000)
      let rows = (0..<600).map { "0012\($0),남궁민\n" }.joined()
      try write(
        "\(title)\n\(title) 2\n\(title)\n등록번호,성명\n" + rows, folder.appending("in/a.csv"))
      for (jobs, small) in [(1, 1 << 20), (3, 10)] {
        let result = try await job(folder, out: "out\(jobs)") {
          $0.jobs = jobs
          $0.smallFileBytes = small
        }.run()
        #expect(result.records == 603 && result.recordsWithheld == 0)
      }
      let files = try ["out1", "out3"].map { try readFile(folder.appending($0).appending("a.csv")) }
      #expect(files[0] == files[1])
      #expect(!String(decoding: files[0], as: UTF8.self).contains("남궁민"))
    }
  }

  // MARK: Places and sizes

  @Test(arguments: [
    ("x.ndjson", "x.ndjson"), ("./x.ndjson", "in/../x.ndjson"), ("alias/x.ndjson", "real/x.ndjson"),
    ("out.evidence/quarantine.ndjson", "x.ndjson"), ("x.ndjson", "out.evidence/names.ndjson"),
  ])
  func sideFilesAreKeptApart(spans: String, quarantine: String) async throws {
    try await withScratchFolder { folder in
      try write("홍길동", folder.appending("in/a.txt"))
      try createFolder(folder.appending("real"))
      try makeLink(folder.appending("alias"), to: folder.appending("real"))
      let job = try job(folder) {
        $0.spans = folder.pushing(FilePath(spans))
        $0.quarantine = folder.pushing(FilePath(quarantine))
      }
      await #expect(throws: DeidentifyError.sideFilesMeet) { _ = try await job.run() }
      await #expect(throws: DeidentifyError.sideFilesMeet) {
        _ = try await job.runStream(from: folder.appending("in/a.txt")) { _ in
          Issue.record("released")
        }
      }
      #expect(!fileExists(folder.appending("out")) && !fileExists(folder.appending("x.ndjson")))
    }
  }

  @Test func aNamedLinkHasTheSizeOfItsTarget() async throws {
    try await withScratchFolder { folder in
      let text = String(repeating: "홍길동 안정\n", count: 1000)
      try write(text, folder.appending("target.txt"))
      try makeLink(folder.appending("link.txt"), to: folder.appending("target.txt"))
      let total = Mutex<Int?>(nil)
      let settings = DeidentifySettings(
        inputs: [folder.appending("link.txt")], output: folder.appending("out"))
      let result = try await DeidentifyJob(
        deidentifier: makeDeidentifier(), settings: settings,
        progress: { progress in total.withLock { $0 = progress.totalBytes } }
      ).run()
      #expect(result.released == 1 && result.inputBytes == text.utf8.count)
      #expect(total.withLock { $0 } == text.utf8.count)
    }
  }

  @Test func linksThatLeadNowhereAreRefused() async throws {
    try await withScratchFolder { folder in
      try makeLink(folder.appending("link.txt"), to: folder.appending("nothing"))
      await #expect(throws: DeidentifyError.input(number: 1, isMissing: true)) {
        _ = try await job(folder) { $0.inputs = [folder.appending("link.txt")] }.run()
      }
      try makeLink(folder.appending("null.txt"), to: "/dev/null")
      let result = try await job(folder) { $0.inputs = [folder.appending("null.txt")] }.run()
      #expect(result.filesWithheld == 1)
    }
  }
}
