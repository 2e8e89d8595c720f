internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// Which entries are computed again.
public enum ReplaySelection: Sendable {
  /// One entry; a begin or an end stands for its whole run.
  case entry(Int)
  /// So many answers, files and exams, drawn by a seed; without one it is drawn too, and said.
  case sample(Int, seed: UInt64?)
  /// Every run.
  case all
}

/// What `audit replay` is asked.
public struct ReplayRequest: Sendable {
  let selection: ReplaySelection
  let models: [FilePath]
  let inputs: [FilePath]
  let publicKey: FilePath?
  let isa: String
  let batch: Int?
  let asJSON: Bool
  let records: Bool

  /// A request from the command's options.
  public init(
    selection: ReplaySelection, models: [FilePath], inputs: [FilePath],
    publicKey: FilePath?, isa: String, batch: Int?, asJSON: Bool, records: Bool
  ) {
    self.selection = selection
    self.models = models
    self.inputs = inputs
    self.publicKey = publicKey
    self.isa = isa
    self.batch = batch
    self.asJSON = asJSON
    self.records = records
  }
}

/// Computes recorded entries again and compares them bit for bit.
///
/// The log is verified first: what a broken log claims is not worth computing. Nothing is written
/// unless the request asks for an entry of its own.
///
/// - Returns: One result an entry; 3 where any differs, else 2 where any could not be computed.
/// - Throws: `Failure` 3 or 4 where the log does not hold or is not signed by the key that is
///   trusted; errors of files, keys and models.
public func replayAuditLog(
  _ request: ReplayRequest, context: JobContext
) async throws -> JobResult {
  let folder = auditFolder(context)
  let catalog = try eventCatalog()
  let verification = try verifyLog(
    folder: folder, trustedKeys: try trustedKeys(request.publicKey), catalog: catalog)
  let head = try requireHolding(verification)
  var reader = try LogReader.open(folder: folder, catalog: catalog)
  // The log may have grown since; what was not verified is not read.
  guard try reader.root(at: head.size) == head.root else { throw doesNotHold(verification) }
  let index = try index(&reader, below: head.size)
  let draw = try Draw(request.selection, from: index, &reader)
  try recordVaultOpening(for: .replay, size: head.size, of: draw.scope, context)
  let replayer = try Replayer(request, reader: reader, index: index, context: context)

  let total = draw.units.reduce(0) { $0 + index.weight(of: $1) }
  let progress = ProgressReporter(job: "audit replay", context: context)
  var done = 0
  var summary = ReplaySummary()
  for unit in draw.units {
    let start = done
    replayer.progress = { part in
      done += part
      progress.report(done, of: total)
    }
    summary.add(try await replayer.replay(unit))
    done = start + index.weight(of: unit)
    progress.report(done, of: total)
  }
  progress.finish()

  if request.records {
    let recorder = try Recorder.open(context, withoutAudit: false)
    try recorder.append(event(summary, draw, head))
    try recorder.close()
  }
  let output =
    request.asJSON
    ? json(summary, draw, head, verification).encoded(.pretty) + [0x0A]
    : Array(text(summary, draw, verification, context.language).utf8)
  return JobResult(output: output, statuses: [summary.status])
}

/// What is computed, and how it was chosen.
private struct Draw {
  let word: ReplayChoice
  let units: [ReplayUnit]
  var entry: Int?
  var sample: Int?
  var seed: UInt64?

  var scope: VaultScope { VaultScope(choice: word, entry: entry, sample: sample, seed: seed) }

  init(
    _ selection: ReplaySelection, from index: ReplayIndex, _ reader: inout LogReader
  ) throws {
    switch selection {
    case .all:
      word = .all
      units = index.begins.map { .run(begin: $0) }
    case .sample(let count, let given):
      word = .sample
      let seed = try given ?? randomSeed()
      self.seed = seed
      sample = count
      var drawn: [ReplayUnit] = []
      for number in index.sample(count, seed: seed) {
        let entry = try reader.entry(number)
        drawn.append(
          ReplayKind(type: entry.type.text) == .exam
            ? .run(begin: entry.pair ?? 0) : .part(entry: number))
      }
      units = drawn
    case .entry(let number):
      guard (0..<index.size).contains(number) else {
        throw Failure(
          .missing,
          Bilingual(
            ko: "로그에 그런 항목이 없습니다. 항목은 0부터 \(index.size - 1)까지입니다.",
            en: "the log has no such entry; entries run from 0 to \(index.size - 1)."))
      }
      word = .entry
      entry = number
      let found = try reader.entry(number)
      switch found.type.text {
      case "generate.answer", "deid.file": units = [.part(entry: number)]
      case let type where ReplayKind(type: type) != nil:
        units = [.run(begin: found.pair ?? number)]
      default: units = [.nothing(entry: number)]
      }
    }
  }
}

private func randomSeed() throws -> UInt64 {
  try randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
}

private func index(_ reader: inout LogReader, below size: Int) throws -> ReplayIndex {
  var index = ReplayIndex()
  for number in 0..<size {
    do {
      index.add(try reader.entry(number))
    } catch {
      // What this version does not know it cannot compute; verification says `incomplete`.
      guard case AuditLogError.leaf(let reason, entry: _) = error,
        [.unknownType, .unknownVersion, .otherSchema].contains(reason)
      else { throw error }
      index.skip(number)
    }
  }
  return index
}

/// The head of a log that holds.
///
/// - Throws: `Failure` with the verdict's status where it does not.
private func requireHolding(_ verification: LogVerification) throws -> Checkpoint {
  switch verification.verdict {
  case .tampered, .rolledBackOrForked, .untrustedKey: throw doesNotHold(verification)
  case .intact, .selfConsistent, .incomplete: break
  }
  guard let head = verification.checkpoint else { throw doesNotHold(verification) }
  return head
}

private func doesNotHold(_ verification: LogVerification) -> Failure {
  let status = verification.verdict.status
  return Failure(
    status == .untrusted ? .untrusted : .integrity,
    Bilingual(
      ko: "감사 기록이 온전하지 않아 다시 계산하지 않습니다 (\(verification.verdict.rawValue)).",
      en: "the audit log does not hold (\(verification.verdict.rawValue)); nothing is replayed."),
    hint: Bilingual(
      ko: "medai audit verify 로 어긋난 항목을 확인하십시오.",
      en: "run medai audit verify to see which entry does not hold."))
}

private func event(_ summary: ReplaySummary, _ draw: Draw, _ head: Checkpoint) -> Event {
  .replayRun(
    size: head.size, root: head.root, choice: draw.word, same: summary.same,
    different: summary.different, cannot: summary.cannot,
    causes: summary.causes.map { (identifier($0.cause.rawValue), $0.count) },
    results: resultsDigest(summary), exitStatus: Int(summary.status.rawValue), entry: draw.entry,
    sample: draw.sample, seed: draw.seed.map { DecimalText($0) })
}

/// SHA-256 of the results' canonical JSON: who replays the same entries can compare.
private func resultsDigest(_ summary: ReplaySummary) -> Digest {
  sha256(JSONValue.array(summary.results.map(\.json)).encoded(.canonical))
}

private func json(
  _ summary: ReplaySummary, _ draw: Draw, _ head: Checkpoint, _ verification: LogVerification
) -> JSONValue {
  var selection: JSONObject = ["choice": .string(draw.word.rawValue)]
  selection["entry"] = draw.entry.map { .integer($0) }
  selection["sample"] = draw.sample.map { .integer($0) }
  // 64 bits do not fit a JSON number.
  selection["seed"] = draw.seed.map { .string(String($0)) }
  var causes = JSONObject()
  for (cause, count) in summary.causes { causes.append(cause.rawValue, .integer(count)) }
  return .object([
    "log": .object([
      "origin": .string(head.origin.text), "size": .integer(head.size),
      "root": .string(head.root.hex), "verdict": .string(verification.verdict.rawValue),
    ]),
    "selection": .object(selection),
    "results": .array(summary.results.map(\.json)), "same": .integer(summary.same),
    "different": .integer(summary.different), "cannot": .integer(summary.cannot),
    "causes": .object(causes), "results_sha256": .string(resultsDigest(summary).hex),
  ])
}

private func text(
  _ summary: ReplaySummary, _ draw: Draw, _ verification: LogVerification, _ language: Language
) -> String {
  var text = summary.results.map { $0.line(language) }.joined()
  if let seed = draw.seed {
    text += Bilingual(ko: "표본 시드 \(seed)\n", en: "sample seed \(seed)\n")[language]
  }
  text +=
    Bilingual(
      ko: "같음 \(summary.same), 다름 \(summary.different), 계산할 수 없음 \(summary.cannot). "
        + "로그: \(verification.verdict.rawValue)\n",
      en: "\(summary.same) same, \(summary.different) different, \(summary.cannot) cannot; "
        + "log: \(verification.verdict.rawValue)\n")[language]
  return text
}
