internal import Deidentification
internal import MedaiCore
internal import MedaiTestSupport
internal import SystemPackage
import Testing

/// A small generator with a fixed seed.
private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

private func isBoundary(_ text: [UInt8], _ index: Int) -> Bool {
  index == text.count || text[index] & 0xC0 != 0x80
}

private func expectWellFormed(_ text: [UInt8], _ note: Comment) {
  let spans = detectors.spans(in: text)
  var last = 0
  for span in spans {
    #expect(span.start >= last && span.end > span.start && span.end <= text.count, note)
    #expect(isBoundary(text, span.start) && isBoundary(text, span.end), note)
    #expect(span.permille >= 500 && span.permille <= 1000, note)
    last = span.end
  }
  let kept = detectors.explain(in: text).filter { $0.verdict == .kept }.map(\.span)
  #expect(kept == spans, note)
}

@Test(arguments: 0..<30)
func spansAreDisjointSortedAndOnScalars(seed: UInt64) {
  let pieces = [
    "환자", "홍길동", " ", "\n", ":", "010-1234-5678", "850315-1234567", "김", "○", "(", ")", "/", "3",
    "12", ".",
    "-", "서울", "중구", "로", "길", "17", "병원", "님", "\u{1112}\u{1161}\u{11AB}", "\u{1161}", "\u{200B}",
    "👩‍⚕️",
    "\u{202E}", "M", "Hong", "Gil-dong", "@", "www.", "S/N", "등록번호", "２０２４", "年", "é", "e\u{301}",
    "\u{0}", "*",
    "교수", "계좌", "카톡 ID", "~", "|", "\t", "년 ", "월 ", "일", "세", "에게",
  ]
  var generator = Generator(state: seed)
  var text = ""
  for _ in 0..<250 { text += pieces.randomElement(using: &generator) ?? "" }
  expectWellFormed(Array(text.utf8), "seed \(seed)")
}

@Test(arguments: 0..<20)
func bytesThatAreNoTextDoNoHarm(seed: UInt64) {
  var generator = Generator(state: seed &+ 1000)
  let bytes = (0..<500).map { _ in UInt8.random(in: 0...255, using: &generator) }
  var last = 0
  for span in detectors.spans(in: bytes) {
    #expect(span.start >= last && span.end <= bytes.count, "seed \(seed)")
    last = span.end
  }
}

@Test func decomposedHangulLeadsBackToItsOwnBytes() {
  let text = "환자명 홍길동 010-1234-5678"
  let decomposed = text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
    guard scalar.value >= 0xAC00, scalar.value <= 0xD7A3 else { return [scalar] }
    let index = scalar.value - 0xAC00
    let parts = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
    return parts.filter { $0 != 0x11A7 }.compactMap(Unicode.Scalar.init)
  }
  var bytes: [UInt8] = []
  for scalar in decomposed { bytes += Array(String(scalar).utf8) }
  let spans = detectors.spans(in: bytes)
  #expect(spans.map(\.type) == [.name, .phone])
  #expect(spans.first.map { $0.end - $0.start } == 27)
  expectWellFormed(bytes, "decomposed")
}

@Test func invisibleCharactersInsideANumberBelongToIt() {
  let text = "연락처 010\u{200B}-1234-\u{200D}5678 끝"
  #expect(found(.phone, text) == ["010\u{200B}-1234-\u{200D}5678"])
}

@Test(arguments: [
  "", "\u{0}", "\u{1161}", "\u{11A8}", "\u{202E}", "👩‍⚕️", "()", "@", "://", "김", "0", "＠",
])
func tinyTextsFindNothing(_ text: String) {
  #expect(found(text).isEmpty)
}

@Test(arguments: [
  "가", "1", "1-", "김 ", "@a.", "가나다 ", "(", "a", "3/", "서울 중구 ", "Hong-", "*", "등록번호 ", "홍길동, ",
])
func aLongLineTakesTimeInProportion(_ piece: String) {
  func seconds(_ count: Int) -> Duration {
    let text = Array(String(repeating: piece, count: count / piece.utf8.count).utf8)
    return ContinuousClock().measure { _ = detectors.spans(in: text) }
  }
  _ = seconds(1000)
  let small = seconds(8_000)
  let large = seconds(64_000)
  // Eight times the text; a quadratic rule would take sixty-four times as long.
  #expect(large < small * 30 + .milliseconds(300))
}

@Test func knownValuesAreFoundWhateverTheirSpacing() {
  var known = KnownValues()
  known.values.append((type: .name, bytes: Array("에스텔라".utf8)))
  known.values.append((type: .mrn, bytes: Array("7731".utf8)))
  let text = Array("에 스텔라 씨 77 31 확인, 177310".utf8)
  let surfaces = detectors.spans(in: text, known: known).map {
    String(decoding: text[$0.start..<$0.end], as: UTF8.self)
  }
  #expect(surfaces == ["에 스텔라", "77 31"])
}

@Test func aSiteShapeCountsWithoutACue() throws {
  let folder = repositoryRoot(#filePath).appending("Sources/Deidentification/Resources")
  let site = SiteRules(recordNumberShapes: [Array("ZQ######".utf8)])
  let text = Array("이동 ZQ123456 완료".utf8)
  let own = try Detectors(resources: folder, site: site)
  #expect(own.spans(in: text).map(\.type) == [.mrn])
  #expect(detectors.rulesAlone.spans(in: text).isEmpty)
  // Without the shape the tagger may take it for some number, but not for this one.
  #expect(detectors.spans(in: text).allSatisfy { $0.type != .mrn })
  #expect(own.digest != detectors.digest)
}

@Test func refusalsSayWhy() {
  let list = detectors.explain(in: Array("2024-02-30".utf8))
  #expect(
    list.contains { $0.verdict == .refused && $0.evidenceAgainst.contains("impossible-date") })
}

@Test func theDigestDependsOnEveryList() throws {
  let folder = repositoryRoot(#filePath).appending("Sources/Deidentification/Resources")
  try withScratchFolder { scratch in
    for name in try folderEntries(folder) {
      try writeDurably(readFile(folder.appending(name)), to: scratch.appending(name))
    }
    #expect(try Detectors(resources: scratch).digest == detectors.digest)
    try writeDurably(Array("# more\n".utf8), to: scratch.appending("months.txt"))
    #expect(try Detectors(resources: scratch).digest != detectors.digest)
  }
}

@Test func missingListsAreAnError() {
  #expect(throws: (any Error).self) {
    try withScratchFolder { _ = try Detectors(resources: $0) }
  }
}
