import Cryptography
import Deidentification
import MedaiCore
import MedaiTestSupport
import MedaiText
import SystemPackage

/// Stands in for the detectors: finds planted values, and what the record tells of its patient.
struct PlantedDetector: Sendable {
  var planted: [(String, IdentifierType)] = [
    ("홍길동", .name), ("서준", .name), ("010-1234-5678", .phone), ("850315-1234567", .rrn),
    ("2024-03-05", .date), ("2024.3.8", .date), ("3/5", .date), ("hong@a.co.kr", .email),
    ("서해대학교병원", .hospital), ("20481173", .mrn), ("서울시 종로구 대학로 12", .address), ("96", .age),
  ]

  func spans(in text: [UInt8], known: KnownValues) -> [IdentifierSpan] {
    var result: [IdentifierSpan] = []
    let all =
      planted.map { (Array($0.0.utf8), $0.1, "planted") }
      + known.values.map { ($0.bytes, $0.type, "known") }
    for (value, type, detector) in all {
      var start = 0
      while start + value.count <= text.count {
        if text[start] == value[0], text[start..<start + value.count].elementsEqual(value) {
          result.append(
            IdentifierSpan(
              start: start, end: start + value.count, type: type, detector: detector,
              permille: 980))
          start += value.count
        } else {
          start += 1
        }
      }
    }
    return result
  }
}

/// A policy that comes with medai.
func shippedPolicy(_ name: String) throws -> Policy {
  try Policy.load(name, folder: repositoryRoot().appending("Guidelines/policies"))
}

/// A policy with one action for every type, and others for some.
func policy(_ action: String, _ others: [IdentifierType: String] = [:]) throws -> Policy {
  var yaml = "policy: test\ntitle: test\ndate_shift:\n  days: 365\nrules:\n"
  for type in IdentifierType.allCases {
    yaml += "  \(type.rawValue): {action: \(others[type] ?? action), follows: test}\n"
  }
  return try Policy(yaml: Array(yaml.utf8))
}

let testKey = [UInt8](0..<32)

func deidentifier(
  _ policy: Policy, key: [UInt8] = testKey, detector: PlantedDetector = PlantedDetector()
) throws -> Deidentifier {
  return Deidentifier(
    policy: policy, key: try PseudonymKey(bytes: key), detectorsDigest: sha256([]),
    detect: { detector.spans(in: $0, known: $1) })
}

extension Deidentifier {
  /// Text in, text out.
  func text(_ text: String, patient: String = "P1", document: String = "D1") throws -> String {
    let subject = Subject(patient: Array(patient.utf8), document: Array(document.utf8))
    let result = redact(try SourceText(Array(text.utf8)), subject: subject)
    return String(decoding: result.text.bytes, as: UTF8.self)
  }
}

/// Runs a whole file through cutter and redactor, the bytes given in chunks.
func redactFile(
  _ bytes: [UInt8], _ format: RecordFormat, _ deidentifier: Deidentifier,
  encoding: TextEncoding = .utf8, chunk: Int = 7, maxRecordBytes: Int = 1 << 20,
  fields: FieldNames = FieldNames()
) -> (bytes: [UInt8], outcomes: [RecordOutcome]) {
  let settings = RecordSettings(
    format: format, encoding: encoding, fields: fields, maxRecordBytes: maxRecordBytes,
    document: Array("file".utf8))
  var redactor = RecordRedactor(deidentifier, settings: settings)
  var cutter = recordCutter(for: format, maxRecordBytes: maxRecordBytes)
  var outcomes: [RecordOutcome] = []
  func drain() {
    while let record = cutter.next() {
      outcomes += redactor.prepare(record) ?? [redactor.redact(record)]
    }
  }
  for start in stride(from: 0, to: bytes.count, by: chunk) {
    cutter.append(Array(bytes[start..<min(start + chunk, bytes.count)]))
    drain()
  }
  cutter.finish()
  drain()
  outcomes += redactor.finishPreparing()
  var result: [UInt8] = []
  var isFirst = true
  for outcome in outcomes {
    result += outcome.assembled(isFirst: isFirst)
    if outcome.released != nil, !outcome.isStructure { isFirst = false }
  }
  return (result, outcomes)
}
