import Auditing
import Cryptography
import MedaiCore
import MedaiTestSupport
import Synchronization
import SystemPackage

/// A clock that moves one millisecond a reading unless told otherwise.
final class TestClock: Sendable {
  private let state = Mutex((microseconds: Int64(1_795_512_000_000_000), readings: 0))

  func step(seconds: Int64) {
    state.withLock { $0.microseconds += seconds * 1_000_000 }
  }

  var clock: LogClock {
    LogClock(
      now: { [self] in
        state.withLock {
          $0.microseconds += 1000
          return Timestamp(microseconds: $0.microseconds)
        }
      },
      monotonicMicroseconds: { [self] in
        state.withLock {
          $0.readings += 1
          return $0.readings
        }
      },
      boot: name("test-boot"),
      randomTen: { [self] in
        state.withLock { [UInt8](repeating: UInt8($0.readings & 255), count: 10) }
      })
  }
}

let testOrigin = name("medai.test/audit")
let testSeed = [UInt8](repeating: 7, count: 32)

func testKey(_ byte: UInt8 = 7) throws -> SigningKey {
  try SigningKey(seed: [UInt8](repeating: byte, count: 32))
}

func testVerifier(_ byte: UInt8 = 7) throws -> VerifierKey {
  try VerifierKey(name: testOrigin.text, publicKey: testKey(byte).publicKey)
}

func digest(_ text: String) -> Digest { sha256(Array(text.utf8)) }

// The names are fixed in the tests, and globals that use them cannot throw.
// swift-format-ignore: NeverForceUnwrap
func name(_ text: String) -> Identifier { Identifier(text)! }

func openLog(
  _ folder: FilePath, key: UInt8 = 7, origin: Identifier = testOrigin,
  clock: TestClock = TestClock(), catalog: EventCatalog = .builtIn
) throws -> AuditLog {
  try AuditLog.open(
    folder: folder, key: testKey(key), origin: origin,
    actor: LogActor(role: name("tester"), token: digest("account")),
    tool: LogTool(version: name("0.0-test"), sha256: digest("binary")), clock: clock.clock,
    catalog: catalog)
}

let testModel = ModelUse(
  native: name("tiny"), sha256: digest("model"), numerics: 0, isa: name("portable"), threads: 2)

func deidBegin(resumes: Int? = nil) -> Event {
  .deidRunBegin(
    policy: name("kr-research"), policyDigest: digest("policy"), settings: digest("settings"),
    resources: [(name("names"), digest("names")), (name("gazetteer"), digest("gazetteer"))],
    keyID: name("k-1"), keyLifetime: .site, input: .files, egress: .none, numerics: 0, files: 2,
    resumes: resumes)
}

func deidFile(begin: Int, ordinal: Int = 0) -> Event {
  .deidFile(
    begin: begin, ordinal: ordinal, input: digest("input \(ordinal)"), inputBytes: 1000,
    output: digest("output \(ordinal)"), outputBytes: 990, records: 10, withheld: 1,
    counts: [(name("NAME"), 3), (name("RRN"), 1), (name("NAME"), 2)], format: name("ndjson"),
    encoding: name("utf-8"))
}

func deidEnd(begin: Int) -> Event {
  .deidRunEnd(
    begin: begin, outcome: .completed, exitStatus: 1, files: 1, records: 10, withheld: 1,
    inputBytes: 1000, outputBytes: 990, counts: [(name("NAME"), 5), (name("RRN"), 1)],
    manifest: digest("manifest"))
}

/// One event of every type that callers can make, paired with `begins` by type.
func everyEvent(deid: Int, exam: Int, generate: Int) -> [Event] {
  [
    deidFile(begin: deid), deidEnd(begin: deid),
    .examRunEnd(
      begin: exam, outcome: .completed, exitStatus: 0, n: 435, correct: 375, invalid: 1,
      score: DecimalText(375.0 / 435, decimals: 4), results: digest("results"),
      logitsChain: digest("chain"), promptTokens: 90_000),
    .examValidate(
      results: digest("results"), n: 435, correct: 375, invalid: 1,
      score: DecimalText(0.8621, decimals: 4),
      wilson: [DecimalText(0.8265, decimals: 4), DecimalText(0.8913, decimals: 4)],
      clopperPearson: [DecimalText(0.8262, decimals: 4), DecimalText(0.8930, decimals: 4)],
      exitStatus: 0, claim: DecimalText("0.862"), claimVerdict: .supported,
      rule: name("kmle"), ruleDigest: digest("rule"), ruleVerdict: .pass),
    .generateAnswer(
      begin: generate, ordinal: 0, prompt: digest("prompt"), output: digest("answer"),
      promptTokens: 30, outputTokens: 12, stop: .endToken, record: digest("record"),
      seed: DecimalText(UInt64.max), logits: digest("logits"), counts: [(name("NAME"), 1)]),
    .generateRunEnd(
      begin: generate, outcome: .interrupted, exitStatus: 75, answers: 1, withheld: 0,
      promptTokens: 30, outputTokens: 12, outputs: digest("outputs")),
    .checkRun(
      outputs: digest("outputs"), records: 1, guidelines: [(name("mfds-genai-2025"), digest("g"))],
      checks: [(name("wording"), digest("w"))], verdicts: [(name("pass"), 4), (name("fail"), 1)],
      controls: [(name("MG-01/pass"), 4), (name("MG-02/fail"), 1)], models: [digest("model")],
      egress: .none, exitStatus: 1),
    .reportIssue(
      size: 3, root: digest("root"), guidelines: [(name("mfds-genai-2025"), digest("g"))],
      submission: digest("submission"), verdicts: [(name("pass"), 4)],
      files: [(name("html"), digest("html"))], exitStatus: 0, product: name("medai")),
    .redact(entries: [4, 5], reason: .subject, basis: name("PIPA-36")),
    .checkpointAnchor(
      size: 3, root: digest("root"), kind: .rfc3161, evidence: digest("token"), by: name("tsa"),
      at: Timestamp(microseconds: 1_795_512_000_000_000)),
  ]
}

let examBegin = Event.examRunBegin(
  model: testModel, sampling: SamplingUse(), items: digest("items"), count: 435,
  preset: name("kormedmcqa"), template: digest("template"), method: .loglikelihood, shots: 5,
  shotItems: digest("shots"), permutations: 1, settings: digest("settings"))

let generateBegin = Event.generateRunBegin(
  model: testModel,
  sampling: SamplingUse(
    maxTokens: 64, temperature: DecimalText("0.7"), topP: DecimalText("0.95"),
    seed: DecimalText(UInt64(42))),
  template: digest("template"), settings: digest("settings"), input: .files,
  treatment: .deidentified, prompts: 1, policy: digest("policy"))

/// A log with every type of entry, twice over; returns its size.
@discardableResult
func fillLog(_ log: inout AuditLog, rounds: Int = 1) throws -> Int {
  for _ in 0..<rounds {
    let begins = try log.append([deidBegin(), examBegin, generateBegin])
    _ = try log.append(
      everyEvent(deid: begins[0].entry, exam: begins[1].entry, generate: begins[2].entry))
  }
  return log.checkpoint.size
}

/// A closed log in `folder`; returns its checkpoint.
@discardableResult
func makeLog(_ folder: FilePath, rounds: Int = 1, key: UInt8 = 7) throws -> Checkpoint {
  var log = try openLog(folder, key: key)
  try fillLog(&log, rounds: rounds)
  let checkpoint = log.checkpoint
  try log.close()
  return checkpoint
}

func verify(
  _ folder: FilePath, keys: [VerifierKey]? = nil, against: Checkpoint? = nil
) throws -> LogVerification {
  try verifyLog(folder: folder, trustedKeys: keys ?? [testVerifier()], against: against)
}

func copyFolder(_ source: FilePath, to target: FilePath) throws {
  try createFolder(target)
  for name in try folderEntries(source) {
    try writeDurably(readFile(source.appending(name)), to: target.appending(name))
  }
}
