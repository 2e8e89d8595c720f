internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText

/// The name under which a file is released and spoken of.
struct ReleasedName: Sendable {
  /// Path below the output folder, without anything that a detector found in the input's.
  var path: String
  /// Keyed token of the input's path.
  var token: String
  /// Whether `path` differs from the input's.
  var isChanged: Bool
}

/// What a run has done so far; lives on the job's own task.
final class RunState {
  private(set) var result = DeidentifyResult()
  private(set) var progress = DeidentifyProgress()
  private var counts = TypeCounts()
  private var taken = Set<[UInt8]>()

  /// What is known of any patient: a file's name may speak of each of them.
  let known: KnownValues

  init(totalFiles: Int?, totalBytes: Int?, known: KnownValues = KnownValues()) {
    self.known = known
    progress.totalFiles = totalFiles
    progress.totalBytes = totalBytes
  }

  /// Takes a path for one file alone.
  func take(path: String) -> Bool { taken.insert(Array(path.utf8)).inserted }

  func advance(records: Int, bytes: Int) {
    progress.records += records
    progress.bytes += bytes
  }

  func add(_ record: DeidentifyFileRecord, _ counts: TypeCounts, isReleased: Bool) {
    addRead(record)
    if isReleased { result.released += 1 }
    result.records += record.records
    result.recordsWithheld += record.withheld
    result.outputBytes += record.outputBytes
    self.counts.add(counts)
  }

  func addWithheld(_ record: DeidentifyFileRecord) {
    addRead(record)
    result.filesWithheld += 1
  }

  private func addRead(_ record: DeidentifyFileRecord) {
    result.files += 1
    result.inputBytes += record.inputBytes
    progress.files += 1
  }

  func finalResult() -> DeidentifyResult {
    var result = result
    result.counts = counts.list
    return result
  }

  func totals() -> JSONObject {
    [
      "files": .number(JSONNumber(result.files)),
      "released": .number(JSONNumber(result.released)),
      "files_withheld": .number(JSONNumber(result.filesWithheld)),
      "records": .number(JSONNumber(result.records)),
      "records_withheld": .number(JSONNumber(result.recordsWithheld)),
      "input_bytes": .number(JSONNumber(result.inputBytes)),
      "output_bytes": .number(JSONNumber(result.outputBytes)),
      "counts": counts.json,
    ]
  }

  func end(manifest: Digest) -> DeidentifyEnd {
    DeidentifyEnd(
      files: result.released, records: result.records,
      recordsWithheld: result.recordsWithheld,
      filesWithheld: result.filesWithheld, manifestDigest: manifest)
  }
}

extension DeidentifyJob {
  /// Applies the policy to a file's name, component by component.
  func releasedName(of file: PlannedFile, state: RunState) -> ReleasedName {
    let token = deidentifier.token(ofPath: file.reference)
    var components: [String] = []
    for component in file.components {
      guard let source = try? SourceText(Array(component.utf8)) else { continue }
      let subject = Deidentifier.Subject(document: file.reference, known: state.known)
      let redaction = deidentifier.redact(source, subject: subject, field: "!name")
      let redacted = redaction.text.bytes
      let isUsable =
        !mayIdentify(component, after: redaction.spans) && !redacted.isEmpty
        && redacted.count <= 240
        && redacted != Array(".".utf8) && redacted != Array("..".utf8)
        && !redacted.contains(UInt8(ascii: "/")) && !redacted.contains(0)
      components.append(
        isUsable ? String(decoding: redacted, as: UTF8.self) : token + plainExtension(of: component)
      )
    }
    var path = components.joined(separator: "/")
    let isChanged = !path.utf8.elementsEqual(file.reference)
    if !state.take(path: path) {
      // Two inputs came to one name; the token keeps them apart, run after run.
      var last = components.removeLast()
      last = "\(token)-\(last)"
      components.append(last)
      path = components.joined(separator: "/")
      var number = 2
      while !state.take(path: path) {
        path = (components.dropLast() + ["\(number)-\(last)"]).joined(separator: "/")
        number += 1
      }
      return ReleasedName(path: path, token: token, isChanged: true)
    }
    return ReleasedName(path: path, token: token, isChanged: isChanged)
  }

  // MARK: What is said of a run

  func begin(isStream: Bool, patients: Digest?) -> DeidentifyBegin {
    DeidentifyBegin(
      policyDigest: deidentifier.policy.digest, policyName: deidentifier.policy.name,
      keyID: deidentifier.keyID, detectorsDigest: deidentifier.detectorsDigest,
      settingsDigest: settingsDigest, patients: patients, isStream: isStream,
      isDryRun: settings.isDryRun)
  }

  /// Digest of everything that decides what is released.
  var settingsDigest: Digest { sha256(JSONValue.object(settingsJSON()).encoded(.canonical)) }

  private func settingsJSON() -> JSONObject {
    func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
    return [
      "format": .string(settings.format?.rawValue ?? "auto"),
      "encoding": .string(settings.encoding?.rawValue ?? "auto"),
      "text_fields": list(settings.fields.text),
      "id_fields": list(settings.fields.id),
      "patient_fields": list(settings.fields.patient),
      "max_record_bytes": .number(JSONNumber(settings.maxRecordBytes)),
      "known_patients": .number(JSONNumber(settings.patients.count)),
      "dry_run": .bool(settings.isDryRun),
    ]
  }

  /// What the policy does with each type.
  private func actions() -> JSONObject {
    var actions = JSONObject()
    for type in IdentifierType.allCases {
      actions.append(type.rawValue, .string(deidentifier.policy.rule(for: type).action.name))
    }
    return actions
  }

  func manifestHead() -> JSONObject {
    [
      "manifest": .string("medai-deid/1"),
      "policy": .object([
        "name": .string(deidentifier.policy.name),
        "sha256": .string(deidentifier.policy.digest.hex),
      ]),
      "actions": .object(actions()),
      "key_id": .string(deidentifier.keyID),
      "detectors_sha256": .string(deidentifier.detectorsDigest.hex),
      "settings": .object(settingsJSON()),
    ]
  }

  func manifestEntry(
    _ file: PlannedFile, _ name: ReleasedName, _ survey: InputSurvey?,
    _ record: DeidentifyFileRecord, counts: TypeCounts, withheld: WithheldReason?
  ) -> JSONObject {
    var entry: JSONObject = [
      "number": .number(JSONNumber(file.ordinal)),
      "token": .string(name.token),
      "name_changed": .bool(name.isChanged),
    ]
    if let survey {
      entry["input"] = .object([
        "bytes": .number(JSONNumber(survey.bytes)), "sha256": .string(survey.digest.hex),
      ])
      entry["format"] = survey.format.map { .string($0.rawValue) } ?? .null
      entry["encoding"] = survey.encoding.map { .string($0.rawValue) } ?? .null
      entry["encoding_evidence"] = .string(survey.evidence.rawValue)
    }
    if let digest = record.outputDigest {
      entry["output"] = .object([
        "path": .string(name.path), "bytes": .number(JSONNumber(record.outputBytes)),
        "sha256": .string(digest.hex),
      ])
    } else {
      entry["output"] = .null
    }
    if let withheld { entry["withheld_file"] = .string(withheld.rawValue) }
    entry["records"] = .number(JSONNumber(record.records))
    entry["withheld"] = .number(JSONNumber(record.withheld))
    entry["counts"] = counts.json
    entry["commitment"] = .string(record.commitment.hex)
    return entry
  }
}
