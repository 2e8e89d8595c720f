internal import Auditing
internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import Settings
internal import SystemPackage

/// A de-identification run that can be computed again: policy, key, rules and settings are those of
/// its begin entry.
struct DeidentificationReplay {
  let job: DeidentifyJob
  let isStream: Bool
  /// What the evidence says of each file; empty where none is at hand.
  let evidence: [Int: FileEvidence]

  /// A file in the manifest whose digest the end entry holds.
  struct FileEvidence {
    let token: String
    /// Why it was withheld as a whole.
    let withheld: WithheldReason?
    /// The path it was released under, where that is the path it came in under.
    let path: String?
  }

  /// Names by their tokens, from `names.ndjson` of the evidence.
  let names: [[UInt8]: String]

  /// Paths that the evidence proposes for a file; unproven.
  func references(of ordinal: Int) -> [String] {
    guard let file = evidence[ordinal] else { return [] }
    return [file.path, names[Array(file.token.utf8)]].compactMap(\.self)
  }
}

extension Replayer {
  /// De-identifies a file again, into nothing but a digest, and compares what its entry claims.
  ///
  /// - Throws: `ReplayCause`.
  func replayFile(_ entry: LogEntry, of begin: LogEntry) async throws -> ReplayedPart {
    let run = try deidentificationRun(begin)
    guard let commitment = entry.digest("input"), let ordinal = entry.count("ordinal"),
      let inputBytes = entry.count("input_bytes")
    else { throw ReplayCause.settingsUnknown }
    let key = try openings.committed[commitment] ?? vault?.key(of: entry)
    guard let key else { throw ReplayCause.openingMissing }
    if DeidentifyJob.commitment(toInput: nil, under: key) == commitment {
      // A link, a device, a file that could not be read: of nothing comes nothing.
      return compared(DeidentifyFileRecord(unread: ordinal, commitment), with: entry)
    }
    var digest: Digest?
    let found = inputs.first(bytes: inputBytes) { candidate in
      digest = candidate
      return DeidentifyJob.commitment(toInput: candidate, under: key) == commitment
    }
    let source: ReplaySource
    if let found {
      source = .file(found.path)
    } else if let kept = try vault?.file(entry, key: key) {
      source = .memory(kept)
      digest = sha256(kept)
    } else {
      throw ReplayCause.inputMissing
    }
    guard let digest else { throw ReplayCause.inputMissing }
    let components = try path(of: digest, bytes: inputBytes, entry, ordinal: ordinal, in: run)
    let evidence = run.evidence[ordinal]
    // What failed then is no claim about the content.
    if let reason = evidence?.withheld, [.unreadable, .changed, .link, .notAFile].contains(reason) {
      throw ReplayCause.runFailed
    }
    let file = PlannedFile(
      ordinal: ordinal, path: "", components: components, bytes: inputBytes, withheld: nil)
    let recomputed = try await run.job.recomputed(
      file, source, commitment, isStream: run.isStream)
    guard let record = recomputed else { throw ReplayCause.inputMissing }
    let part = compared(record, with: entry)
    // A file that was withheld as a whole because it changed or broke while it was read looks the
    // same in its entry as one whose content was at fault; only the evidence tells them apart.
    if !part.differing.isEmpty, evidence == nil, entry.count("records") == 0,
      entry.count("output_bytes") == 0
    {
      throw ReplayCause.settingsUnknown
    }
    return part
  }

  private func compared(
    _ record: DeidentifyFileRecord, with entry: LogEntry
  ) -> ReplayedPart {
    var fields = FieldComparison(with: entry)
    fields.count("input_bytes", record.inputBytes)
    fields.digest("output_sha256", record.outputDigest ?? sha256([]))
    fields.count("output_bytes", record.outputBytes)
    fields.count("records", record.records)
    fields.count("withheld", record.withheld)
    fields.counts("counts", record.counts.map { (identifier($0.type), $0.count) })
    fields.text("format", identifier(record.format).text)
    fields.text("encoding", identifier(record.encoding).text)
    return ReplayedPart(differing: fields.differing, figures: .file(record))
  }

  /// The path under which a file was read: dates of records without a patient move by it, and its
  /// ending tells the form. Proposed by where the bytes lie now and by the evidence, proven by its
  /// keyed code.
  ///
  /// - Throws: `ReplayCause.inputMissing` where nobody proposes the right one.
  private func path(
    of digest: Digest, bytes: Int, _ entry: LogEntry, ordinal: Int, in run: DeidentificationReplay
  ) throws(ReplayCause) -> [String] {
    if run.isStream { return ["stdin"] }
    let deidentifier = run.job.deidentifier
    let code = entry.digest("name")
    let token = run.evidence[ordinal]?.token
    // Entries written before the code was, need the manifest.
    guard code != nil || token != nil else { throw .settingsUnknown }
    func isIt(_ components: [String]) -> Bool {
      let reference = Array(components.joined(separator: "/").utf8)
      return code.map { $0 == deidentifier.code(ofPath: reference) }
        ?? (token == deidentifier.token(ofPath: reference))
    }
    for reference in run.references(of: ordinal) {
      let components = reference.split(separator: "/").map(String.init)
      if isIt(components) { return components }
    }
    // The same bytes may lie in several places; any of them under the right path will do.
    for place in inputs.files.indices where inputs.files[place].bytes == bytes {
      let candidate = inputs.files[place]
      guard inputs.digest(of: place) == digest else { continue }
      for start in candidate.components.indices.reversed() {
        let components = Array(candidate.components[start...])
        if isIt(components) { return components }
      }
    }
    throw .inputMissing
  }

  private func deidentificationRun(_ begin: LogEntry) throws -> DeidentificationReplay {
    if let known = deidentification, known.begin == begin.sequence {
      return try known.replay.get()
    }
    do {
      let run = try provenRun(begin)
      deidentification = (begin.sequence, .success(run))
      return run
    } catch let cause as ReplayCause {
      deidentification = (begin.sequence, .failure(cause))
      throw cause
    }
  }

  private func provenRun(_ begin: LogEntry) throws -> DeidentificationReplay {
    guard begin.count("numerics") == deidentificationNumerics else {
      throw ReplayCause.otherNumerics
    }
    let policy = try policy(of: begin)
    guard begin.text("key_lifetime") == "site", let path = context.path(.pseudonymKey) else {
      throw ReplayCause.keyMissing
    }
    let deidentifier = Deidentifier(
      policy: policy, key: try PseudonymKey(file: path), detectors: try detectors(of: begin, policy)
    )
    guard deidentifier.keyID == begin.text("key_id") else { throw ReplayCause.keyMissing }
    let rules = begin.digests("resources") ?? []
    guard rules.count == 1, rules[0].name.text == "detectors",
      rules[0].digest == deidentifier.detectorsDigest
    else { throw ReplayCause.otherRules }
    let patients = try patientTable(of: begin)
    let manifests = manifests(of: begin)
    for candidate in manifests.compactMap({ DeidentifySettings(manifest: $0.value) })
      + DeidentifySettings.plain
    {
      var settings = candidate
      settings.patients = patients
      settings.jobs = threads
      let job = DeidentifyJob(deidentifier: deidentifier, settings: settings)
      guard job.settingsDigest == begin.digest("settings_sha256") else { continue }
      return DeidentificationReplay(
        job: job, isStream: begin.text("input") == "stream",
        evidence: manifests.first(where: \.isProven).map { Self.evidence($0.value) } ?? [:],
        names: names())
    }
    throw ReplayCause.settingsUnknown
  }

  /// The rules of a run: with the policy's own additions, or with those of a file among the inputs.
  private func detectors(of begin: LogEntry, _ policy: Policy) throws -> Detectors {
    let own = try Detectors(policy: policy)
    let wanted = begin.digests("resources")?.first?.digest
    if own.digest == wanted { return own }
    for place in inputs.named(endingIn: "yaml") {
      guard let site = try? SiteAdditions.load(inputs.files[place].path),
        let detectors = try? Detectors(policy: policy, site: site), detectors.digest == wanted
      else { continue }
      return detectors
    }
    return own
  }

  private func policy(of begin: LogEntry) throws -> Policy {
    let wanted = begin.digest("policy_sha256")
    let shipped = sharedFolder("Guidelines")?.appending("policies")
    let places = [shipped, context.value(.policy).map { FilePath($0) }].compactMap(\.self)
      .filter { fileExists($0) }
    let candidates = try ReplayFiles(places).files + inputs.files
    for file in candidates where file.bytes <= 1 << 20 {
      guard let bytes = try? readFile(file.path, maxBytes: 1 << 20), sha256(bytes) == wanted else {
        continue
      }
      // The right bytes that this version does not understand are of other rules.
      guard let policy = try? Policy(yaml: bytes) else { throw ReplayCause.otherRules }
      return policy
    }
    throw ReplayCause.policyMissing
  }

  private func patientTable(of begin: LogEntry) throws -> PatientTable {
    guard let commitment = begin.digest("patients") else { return PatientTable() }
    guard let key = openings.committed[commitment] else { throw ReplayCause.openingMissing }
    let file = inputs.first(where: { $0.bytes <= maxPatientTableBytes }) {
      DeidentifyJob.commitment(toPatients: $0, under: key) == commitment
    }
    guard let file, let bytes = try? readFile(file.path, maxBytes: maxPatientTableBytes),
      DeidentifyJob.commitment(toPatients: sha256(bytes), under: key) == commitment,
      let table = try? PatientTable(csv: bytes)
    else { throw ReplayCause.inputMissing }
    return table
  }

  /// A manifest among the inputs.
  private struct Manifest {
    let value: JSONValue
    /// Whether the end entry of the run holds its digest.
    let isProven: Bool
  }

  /// The manifests among the inputs, the run's own first.
  private func manifests(of begin: LogEntry) -> [Manifest] {
    let ends = index.runs[begin.sequence]?.ends ?? []
    let digests = ends.compactMap { try? entry($0).digest("manifest_sha256") }
    let found = inputs.named(endingIn: "manifest.json").compactMap { place -> Manifest? in
      guard let bytes = try? readFile(inputs.files[place].path, maxBytes: 256 << 20),
        let value = try? parseJSON(bytes), value["manifest"]?.string == "medai-deid/1"
      else { return nil }
      return Manifest(value: value, isProven: digests.contains(sha256(bytes)))
    }
    return found.filter(\.isProven) + found.filter { !$0.isProven }
  }

  /// What tokens stand for, where the evidence is at hand and nobody else can read it.
  private func names() -> [[UInt8]: String] {
    var names: [[UInt8]: String] = [:]
    for place in inputs.named(endingIn: "names.ndjson") {
      let lines = try? readSecretFile(inputs.files[place].path, maxBytes: 256 << 20)
      for line in (lines ?? []).split(separator: 0x0A) {
        guard let value = try? parseJSON(Array(line)), value["kind"]?.string == "file",
          let token = value["token"]?.string, let reference = value["reference"]?.string
        else { continue }
        names[Array(token.utf8)] = reference
      }
    }
    return names
  }

  private static func evidence(
    _ manifest: JSONValue
  ) -> [Int: DeidentificationReplay.FileEvidence] {
    var evidence: [Int: DeidentificationReplay.FileEvidence] = [:]
    for file in manifest["files"]?.array ?? [] {
      guard let number = file["number"]?.int, let token = file["token"]?.string else { continue }
      evidence[number] = DeidentificationReplay.FileEvidence(
        token: token,
        withheld: file["withheld_file"]?.string.flatMap { WithheldReason(rawValue: $0) },
        path: file["name_changed"]?.bool == false ? file["output"]?["path"]?.string : nil)
    }
    return evidence
  }
}

extension DeidentifyFileRecord {
  /// What the log is told of a file that was not read.
  fileprivate init(unread ordinal: Int, _ commitment: Digest) {
    self.init(
      ordinal: ordinal, nameToken: "", nameCode: .zero, commitment: commitment, outputDigest: nil,
      isWithheld: true, inputBytes: 0, outputBytes: 0, records: 0, withheld: 0, counts: [],
      format: "unknown", encoding: "unknown")
  }
}

extension DeidentifySettings {
  /// Settings that decide what is released, in every combination that options without names give.
  fileprivate static var plain: [DeidentifySettings] {
    var all: [DeidentifySettings] = []
    for format in [nil] + RecordFormat.allCases.map(Optional.some) {
      for encoding in [nil] + TextEncoding.allCases.map(Optional.some) {
        for isDryRun in [false, true] {
          var settings = DeidentifySettings(inputs: [], output: "", evidence: "")
          settings.format = format
          settings.encoding = encoding
          settings.isDryRun = isDryRun
          all.append(settings)
        }
      }
    }
    return all
  }

  /// The settings that a manifest tells; `nil` where it tells what this version does not know.
  fileprivate init?(manifest: JSONValue) {
    guard let told = manifest["settings"], let format = told["format"]?.string,
      let encoding = told["encoding"]?.string, let maxRecordBytes = told["max_record_bytes"]?.int,
      let isDryRun = told["dry_run"]?.bool
    else { return nil }
    func names(_ field: String) -> [String] {
      told[field]?.array?.compactMap(\.string) ?? []
    }
    self.init(inputs: [], output: "", evidence: "")
    self.format = RecordFormat(rawValue: format)
    self.encoding = TextEncoding(rawValue: encoding)
    self.maxRecordBytes = maxRecordBytes
    self.isDryRun = isDryRun
    fields = FieldNames(
      text: names("text_fields"), id: names("id_fields"), patient: names("patient_fields"))
  }
}
