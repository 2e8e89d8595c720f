import Presentation
import Testing

private func csv(_ fields: [String], formulaSafe: Bool = true) -> String {
  var writer = CSVWriter(formulaSafe: formulaSafe)
  writer.append(fields)
  return String(decoding: writer.bytes, as: UTF8.self)
}

@Test func recordsFollowRFC4180() {
  #expect(
    csv(["a", "b,c", "d\"e", "f\r\ng", "", " h "]) == "a,\"b,c\",\"d\"\"e\",\"f\r\ng\",,\" h \"\r\n"
  )
  #expect(csv([]) == "\r\n")
  var writer = CSVWriter(byteOrderMark: true)
  writer.append(["가"])
  #expect(writer.bytes == [0xEF, 0xBB, 0xBF] + Array("가\r\n".utf8))
}

@Test(arguments: [
  "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A",
  "  =1", "\u{A0}=1", "-1.2.3", "-.5", "+1e3", "-", "%0A", "|x",
])
func formulasAreMadeText(field: String) {
  let cell = csv([field])
  #expect(cell.hasPrefix("'") || cell.hasPrefix("\"'"), "\(cell)")
  #expect(!csv([field], formulaSafe: false).contains("'") || field.contains("'"))
}

@Test(arguments: ["-1", "+2", "-0.25", "12.5", "한글", "a=b", "0"])
func numbersAndTextStayAsTheyAre(field: String) {
  #expect(csv([field]) == field + "\r\n")
}

@Test func controlsBecomePicturesOnlyWhereAsked() {
  #expect(csv(["a\u{0}\u{1B}b"]) == "a␀␛b\r\n")
  #expect(csv(["a\u{1B}b"], formulaSafe: false) == "a\u{1B}b\r\n")
}
