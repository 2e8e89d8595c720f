import Auditing
import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Recorded runs that a replay can find everything of, and ways to spoil them.
extension Workplace {
  /// Options of a replay that finds everything.
  static let everything = [
    "--models", "models", "--inputs", "in", "--inputs", "outputs", "--inputs", "private",
    "--audit-log", "log",
  ]

  /// The folders that a replay is told to look in.
  func makeFolders() throws {
    for name in ["in", "models", "outputs", "private"] { try createFolder(path(name)) }
  }

  /// Runs a model and two exams over made-up items.
  func recordExams() throws {
    try makeFolders()
    try write("models/m.gguf", read: "Tests/InferenceTests/Golden/tiny-F32.gguf")
    try write("in/items.ndjson", Exam.items)
    try write(
      "in/shots.csv", "id,question,option_a,option_b,answer\ns1,shot?,x,y,B\ns2,other?,x,y,A\n")
    let run = ["exam", "run", "in/items.ndjson", "--model", "models/m.gguf"] + (try signing())
    try medai(
      run + [
        "--preset", "plain", "--permute", "2", "--shots", "2", "--shots-from", "in/shots.csv",
        "--prompts", "outputs/prompts", "--output", "outputs/a", "--threads", "1",
      ]
    ).ends(0)
    try medai(run + ["--preset", "kmmlu", "--logprobs", "--output", "outputs/b"]).ends(0)
  }

  /// Lets the model answer prompts: as given with sampling, and de-identified.
  func recordAnswers(_ extra: [String] = []) throws {
    try makeFolders()
    try write("models/m.gguf", read: "Tests/InferenceTests/Golden/tiny-F32.gguf")
    try write(
      "prompts.ndjson",
      """
      {"id":"N-77120419","prompt":"김철수님 연락처 010-2345-6789","language":"ko"}
      {"id":"2","prompt":"a","context":["등록번호 20418837","c"],"intended_use":"u"}

      """)
    let run =
      ["generate", "--model", "models/m.gguf", "--inputs", "prompts.ndjson", "--max-tokens", "6"]
      + extra + (try signing())
    try medai(
      run + [
        "--temperature", "0.7", "--top-p", "0.9", "--seed", "5", "--output", "outputs/o.ndjson",
      ]
    ).ends(0)
    try medai(run + ["--deid", "kr-research", "--output", "outputs/d.ndjson"]).ends(0)
  }

  /// De-identifies planted records with a patient table.
  func recordFiles(_ extra: [String] = []) throws {
    try Planted.write(in: self)
    try makeFolders()
    try medai("key", "new", "pseudonym", "--output", "p.key").ends(0)
    try run("/bin/mv", ["patients.csv", "private/patients.csv"]).ends(0)
    try medai(
      [
        "deid", "in", "--output", "released", "--evidence", "private/evidence", "--key", "p.key",
        "--patients", "private/patients.csv",
      ] + extra + signing()
    ).ends(1)
  }

  /// Replays and gives the results.
  func replay(
    _ words: [String] = ["--all"], options: [String] = everything, ends status: Int32,
    at source: SourceLocation = #_sourceLocation
  ) throws -> Replayed {
    let run = try medai(["audit", "replay"] + words + options + ["--json"])
    run.ends(status, at: source)
    #expect(Planted.found(in: run.output + run.messages) == [], sourceLocation: source)
    return Replayed(json: try run.json(), bytes: run.output)
  }

  /// Writes the log anew under the same key with its leaves changed: what a forger who holds the
  /// key would do, or a record that was wrong from the start.
  ///
  /// - Parameters:
  ///   - name: Folder of the new log.
  ///   - more: Events to append.
  ///   - change: Takes each leaf's text; `nil` ends the log there.
  /// - Throws: What the log throws.
  func rewriteLog(
    as name: String, appending more: [Event] = [], _ change: (String) -> String? = { $0 }
  ) throws {
    var reader = try LogReader.open(folder: path("log"))
    let key = try SigningKey.load(path("signing.pem"))
    var log: AuditLog?
    for number in 0..<reader.checkpoint.size {
      let entry = try reader.entry(number)
      if log == nil {
        log = try AuditLog.open(
          folder: path(name), key: key, origin: entry.origin, actor: entry.actor,
          tool: entry.tool, clock: .system(), catalog: .builtIn)
      }
      if number == 0 { continue }
      let text = String(decoding: try reader.leaf(number), as: UTF8.self)
      guard let changed = change(text) else { break }
      _ = try log?.append(decodeLeaf(Array(changed.utf8), catalog: .builtIn).event)
    }
    for event in more { _ = try log?.append(event) }
    try log.take()?.close()
  }
}

/// What a replay printed.
struct Replayed {
  let json: JSONValue
  let bytes: [UInt8]

  /// One result as `type verdict`, with the cause or the fields that differ.
  var lines: [String] {
    (json["results"]?.array ?? []).map { result in
      [
        result["type"]?.string ?? "-", result["verdict"]?.string ?? "-",
        result["cause"]?.string
          ?? result["differs"]?.array?.compactMap(\.string).joined(separator: " "),
      ].compactMap(\.self).joined(separator: " ")
    }
  }

  /// The numbers of the entries.
  var entries: [Int] { (json["results"]?.array ?? []).compactMap { $0["entry"]?.int } }
}
