import MedaiCore
import MedaiTestSupport
import MedaiText
import SystemPackage
import Testing

@testable import Deidentification

@Suite struct VerificationTests {
  private static let known: KnownValues = {
    var known = KnownValues()
    for (type, text) in [
      (.name, "구본희"), (.phone, "010-7777-8888"), (.mrn, "99887766"), (.name, "나희"),
    ] as [(IdentifierType, String)] {
      known.values.append((type, Array(text.utf8)))
    }
    return known
  }()

  private func scan(_ policy: String?, known: KnownValues = KnownValues()) throws -> ResidualScan {
    return try ResidualScan(
      detectors: detectors, policy: try policy.map(shippedPolicy),
      known: KnownValueIndex(known))
  }

  private func verify(
    _ text: String, _ scan: ResidualScan, format: RecordFormat = .text
  ) -> [ResidualFinding] {
    let settings = RecordSettings(
      format: format, encoding: .utf8, document: Array("f".utf8), withText: true)
    var redactor = RecordRedactor(scan.finder, settings: settings)
    var cutter = recordCutter(for: format, maxRecordBytes: 1 << 20)
    cutter.append(Array(text.utf8))
    cutter.finish()
    var records: [RawRecord] = []
    var result: [ResidualFinding] = []
    while let record = cutter.next() {
      if let headers = redactor.prepare(record) {
        result += headers.flatMap { scan.scan($0).findings }
      } else {
        records.append(record)
      }
    }
    result += redactor.finishPreparing().flatMap { scan.scan($0).findings }
    return result + records.flatMap { scan.scan($0, redactor).findings }
  }

  @Test(arguments: [
    "연락처 010-0123-4567", "주민번호 854215-1234567", "메일 user1@example.org", "[NAME] 님, [PHONE]",
    "등록번호 MRN-0123456789abcdef 환자", "접속 192.0.2.7", "90+세", "한들병원에서 전원", "___ 내원", "BP 120/80",
    "카드 0123-4567-8901-2345",
  ])
  func whatMedaiWroteIsNoFinding(text: String) throws {
    #expect(try verify(text, scan("kr-research")).isEmpty, "\(text)")
  }

  @Test(arguments: [
    ("연락처 010-9123-4567", IdentifierType.phone), ("주민번호 850315-1234567", .rrn),
    ("메일 hong@hospital.co.kr", .email), ("등록번호 20481173 환자", .mrn), ("나이 96세", .age),
    ("환자 구뷁뷁님 내원", .name), ("서해대학교병원에서 전원", .hospital),
  ])
  func whatPolicyWouldNotLeaveIsAFinding(text: String, type: IdentifierType) throws {
    let found = try verify(text, scan("kr-research"))
    #expect(found.map(\.type).contains(type), "\(found)")
    #expect(found.allSatisfy { $0.kind == .identifier && $0.field == "/text" })
  }

  @Test func withoutAPolicyOnlyReservedRangesSpeak() throws {
    let scan = try scan(nil)
    #expect(verify("등록번호 20481173", scan).isEmpty)
    #expect(verify("연락처 010-9123-4567", scan).map(\.type) == [.phone])
  }

  @Test(arguments: [
    ("전화 01077778888", RecordFormat.text, ResidualFinding.Kind.knownValue),
    ("전화 010 7777 - 8888", .text, .knownValue), ("구 본 희 님", .text, .knownName),
    ("{\"a\": {\"patient\": \"99887766\"}}", .ndjson, .knownValue),
    ("{\"patient\": 99887766, \"text\": \"x\"}", .ndjson, .knownValue),
    ("{\"k\": \"\\uad6c\\ubcf8\\ud76c\"}", .ndjson, .knownName),
    ("patient,text\n99887766,x\n", .csv, .knownValue),
  ])
  func knownValuesAreFoundInEveryForm(
    text: String, format: RecordFormat, kind: ResidualFinding.Kind
  ) throws {
    let found = try verify(text, scan("kr-research", known: Self.known), format: format)
    #expect(found.contains { $0.kind == kind }, "\(found)")
    #expect(!found.contains { $0.field.contains("99887766") || $0.field.contains("구본희") })
  }

  @Test(arguments: ["199887766", "9988776", "바나희", "나 희", "구본 희망", "이구 본희"])
  func piecesOfLongerWordsAreNoKnownValues(text: String) {
    #expect(KnownValueIndex(Self.known).matches(in: Array(text.utf8)).isEmpty, "\(text)")
  }

  @Test func aKeyThatHoldsAnIdentifierIsNotShown() throws {
    let found = try verify(
      "{\"850315-1234567\": \"010-9123-4567\"}", scan("kr-research"), format: .ndjson)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { !$0.field.contains("850315") }, "\(found)")
  }

  /// Whatever the key, what the shipped policies write passes their own inspection.
  @Test(arguments: ["kr-research", "kr-imaging", "safe-harbor", "llm-corpus"])
  func releasesOfPlantedValuesPass(name: String) throws {
    let text = "환자 홍길동님(850315-1234567) 010-1234-5678, 2024-03-05 서해대학교병원, hong@a.co.kr"
    let scan = try scan(name)
    for seed in UInt8(0)..<8 {
      let tool = try deidentifier(
        shippedPolicy(name), key: [UInt8](repeating: seed, count: 32))
      let released = try tool.text(text)
      #expect(verify(released, scan).isEmpty, "\(released)")
      #expect(!verify(text, scan).isEmpty)
    }
  }
}
