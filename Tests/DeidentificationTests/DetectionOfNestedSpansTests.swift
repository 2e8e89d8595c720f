import Deidentification
import Testing

/// A surer candidate inside another must not uncover the rest of it.
@Test func anAddressAroundAClinicStaysCovered() throws {
  let text = "주소: 서울특별시 강남구 테헤란로 152, 101동 1203호 (역삼동, 김철수내과의원)"
  let bytes = Array(text.utf8)
  let spans = try Detectors().spans(in: bytes)
  let covered = spans.flatMap { Array($0.start..<$0.end) }
  #expect(covered.count == Set(covered).count, "spans are disjoint")
  let hidden = Set(covered)
  for part in ["테헤란로 152", "101동 1203호", "역삼동", "김철수내과의원"] {
    let needle = Array(part.utf8)
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: needle) }, "\(part) is in the text")
    let letters = (start..<(start + needle.count)).filter { bytes[$0] > 0x20 }
    #expect(letters.allSatisfy(hidden.contains), "\(part) is covered")
  }
}

@Test(arguments: [
  ("Patient: PYO JINSEO (표진서)  Sex M", "표진서", true),
  ("보호자 Kim Minsu(김민수)", "김민수", true),
  ("Dr. Kim Minsu (내과)", "내과", false), ("Dr. Kim Minsu (신장내과)", "신장내과", false),
])
func theHangulFormStandsBehindTheRomanisedOne(text: String, word: String, isName: Bool) throws {
  let bytes = Array(text.utf8)
  let needle = Array(word.utf8)
  let start = try #require(bytes.indices.first { bytes[$0...].starts(with: needle) })
  let spans = try Detectors().spans(in: bytes)
  let found = spans.contains {
    $0.type == .name && $0.start == start && $0.end == start + needle.count
  }
  #expect(found == isName)
}
