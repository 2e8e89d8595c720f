import MedaiCore
import Presentation
import Testing

@Test(arguments: [
  ("", 0), ("abc", 3), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("漢字ｶﾅ", 6), ("ＡＢ", 4),
  ("e\u{301}", 1), ("🩺", 2), ("…", 1), ("①", 1), ("⟨U+202E⟩", 8), ("␛", 1), ("、", 2), ("👍🏽", 4),
  ("ㄱㅏ", 4), ("\u{3000}", 2), ("é", 1), ("─", 1),
])
func widthCountsColumnsOfATerminal(text: String, columns: Int) {
  #expect(displayWidth(of: text) == columns)
}

@Test func columnsLineUpInKorean() {
  var table = TextTable([.init("유형"), .init("건수", .right), .init("처리", maxWidth: 8)])
  table.append(["NAME", "48,211", "가명으로 대체"])
  table.append(["주민등록번호", "3"])
  #expect(
    table.rendered() == """
      유형            건수  처리
      ------------  ------  -------
      NAME          48,211  가명으…
      주민등록번호       3

      """)
}

@Test func noCellCanSteerTheTerminal() {
  var table = TextTable([.init("a\nb"), .init("c")])
  table.append(["\u{1B}[2J", "x\r\u{202E}y"])
  let text = table.rendered()
  #expect(text.utf8.filter { $0 == 0x0A }.count == 3)
  #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  #expect(text.contains("␛[2J") && text.contains("x␍⟨U+202E⟩y"))
}

@Test func aTableWithoutRowsHasItsHeading() {
  #expect(TextTable([.init("a"), .init("bc", .right)]).rendered() == "a  bc\n-  --\n")
  #expect(TextTable([]).rendered() == "\n\n")
}

@Test func progressTellsCountRateAndTimeLeft() {
  let line = ProgressLine(done: 1204, total: 60_000, elapsedSeconds: 1.5)
  #expect(
    line.text(.english)
      == "1,204 of 60,000 records  2.0 %  802.7 records/s  about 1 min 14 s left")
  #expect(line.text(.korean) == "기록 1,204 / 60,000건  2.0 %  초당 802.7건  남은 시간 약 1분 14초")
  #expect(
    line.logText(job: "deid")
      == "event=progress job=deid done=1204 total=60000 records_per_second=802.7 "
      + "elapsed_seconds=1.5 remaining_seconds=74")
  let expected = """
    {"event":"progress","job":"deid","done":1204,"total":60000,"records_per_second":802.7,\
    "elapsed_seconds":1.5,"remaining_seconds":74}
    """
  #expect(String(decoding: line.logJSON(job: "deid"), as: UTF8.self) == expected)
}

@Test(arguments: [
  (ProgressLine(done: 0, total: nil, elapsedSeconds: 0), "0 records  0.0 records/s"),
  (ProgressLine(done: 0, total: 10, elapsedSeconds: 5), "0 of 10 records  0.0 %  0.0 records/s"),
  (
    ProgressLine(done: 9999, total: 10_000, elapsedSeconds: 1),
    "9,999 of 10,000 records  99.9 %  9999.0 records/s  about 1 s left"
  ),
  (
    ProgressLine(done: 10, total: 10, elapsedSeconds: 2),
    "10 of 10 records  100.0 %  5.0 records/s  about 0 s left"
  ),
  (
    ProgressLine(done: 60, total: 100, elapsedSeconds: 10, doneBefore: 50),
    "60 of 100 records  60.0 %  1.0 records/s  about 40 s left"
  ),
  (
    ProgressLine(done: 1, total: 10_000, elapsedSeconds: 1),
    "1 of 10,000 records  0.0 %  1.0 records/s  about 2 h 46 min left"
  ),
  (
    ProgressLine(done: -5, total: -1, elapsedSeconds: .nan),
    "0 of 0 records  0.0 records/s  about 0 s left"
  ),
  (
    ProgressLine(done: 12, total: 10, elapsedSeconds: .infinity),
    "12 of 10 records  100.0 %  0.0 records/s  about 0 s left"
  ),
])
func progressHoldsAtItsEdges(line: ProgressLine, expected: String) {
  #expect(line.text(.english) == expected)
}

@Test(arguments: [
  (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
  (Int.min, "-9,223,372,036,854,775,808"),
])
func integersAreGrouped(number: Int, expected: String) {
  #expect(grouped(number) == expected)
}
