import Presentation
import Testing

private let hostileTexts: [String] = [
  "<script>alert(1)</script>", "</style></title><img src=x onerror=alert(1)>",
  "\" onmouseover=\"alert(1)", "' autofocus onfocus='x", "--><!-- <b>", "]]><svg onload=x>",
  // A quote or bracket that carries a combining mark is one Character, and no quote to a reader
  // that goes by Character.
  "\"\u{0301} onmouseover=\"\u{0301}x", "<\u{20DD}b>", ">\u{0338}<\u{0338}i ", "&\u{0301}lt;",
  "{{title}} {{{style}}} {{>head}}", "&lt;b&gt;&#0;", "\u{202E}gnp.exe\u{202C}",
  "\u{2066}a\u{2069}\u{200E}\u{200F}\u{061C}", "\u{1B}[2J\u{1B}]0;x\u{07}", "\u{0}a\u{0}",
  "\u{FEFF}\u{200B}\u{2028}\u{2029}\u{00AD}\u{3164}", "\u{FFFE}\u{E000}\u{E0041}", "\r\n\t\u{85}",
  String(repeating: "<가&\"", count: 2_000),
]

/// The sample with one text in every field that holds a text.
private func report(filledWith text: String) -> SubmissionReport {
  let both = Bilingual(text)
  var report = sampleReport(controls: 2)
  report.productTitle = both
  report.productVersion = text
  report.tool = text
  report.verdictSentence = both
  report.scope = .init(
    periodFrom: text, periodTo: text, origin: text, entries: 1, checkpointSize: 1,
    checkpointRoot: text, checkpointCode: text, signerName: text, signerKeyHash: text,
    logVerdict: .tampered, anchoredThrough: both, guaranteeEnds: both)
  report.statements = [both]
  report.notAssessed = [both]
  report.checklist = [both]
  report.limits = [both]
  report.verification = [both]
  report.deidentification?.types = [.init(type: text, label: both, count: 1, action: both)]
  report.exam?.name = text
  report.exam?.subjects = [
    .init(name: text, n: 1, correct: 1, wilson: ScoreInterval(low: 0, high: 1))
  ]
  report.guidelines = [.init(id: text, title: both, edition: text, digest: text, sourceNote: both)]
  report.controls = [
    .init(
      id: text, guideline: text, title: both, statement: both, strength: both, sourceClass: both,
      who: both, citation: both, verdict: .needsPerson, reason: both,
      findings: [.init(record: text, check: text, severity: both, reason: both)],
      evidence: [.init(entry: 1, type: text, leafSHA256: text, treeSize: 2, proof: [text])],
      checkByHand: [both])
  ]
  report.submission = [
    .init(
      title: both, note: both,
      items: [
        .init(number: text, title: both, state: .missing, note: both, controls: [text, "none"])
      ])
  ]
  return report
}

@Test func hostileTextAddsNoTagAndNoCharacterThatActs() throws {
  let plain = scanTags(try html(report(filledWith: "x"), .korean))
  for (index, text) in hostileTexts.enumerated() {
    let page = try html(report(filledWith: text), .korean)
    #expect(scanTags(page) == plain, "hostile text \(index)")
    let acting = String(decoding: page, as: UTF8.self).unicodeScalars.first(where: acts)
    #expect(acting == nil, "hostile text \(index)")
  }
}

/// Whether a character steers a display or cannot be seen; LF is the template's own.
private func acts(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value < 0x20 && scalar != "\n" || scalar.value == 0x7F }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
    return true
  default: return scalar == "\u{3164}"
  }
}

@Test func hostileTextStaysVisible() throws {
  let page = String(
    decoding: try html(report(filledWith: "\u{0}<b>\u{202E}\u{1B}[2J"), .english), as: UTF8.self)
  #expect(page.contains("␀&lt;b&gt;⟨U+202E⟩␛[2J"))
  let long = String(repeating: "가", count: 20_000)
  let longPage = String(decoding: try html(report(filledWith: long), .english), as: UTF8.self)
  #expect(longPage.contains(long))
}

@Test(arguments: [
  ("plain 한글", "plain 한글"), ("a\u{1B}[31mb", "a␛[31mb"), ("\u{7F}\u{0}\n\t\r", "␡␀␊␉␍"),
  ("\u{9B}31m", "⟨U+009B⟩31m"), ("\u{202E}x", "⟨U+202E⟩x"), ("\u{E0041}", "⟨U+E0041⟩"),
  ("\u{1100}\u{1161}", "\u{1100}\u{1161}"), ("e\u{301}", "e\u{301}"), ("", ""),
  ("\u{A0}", "\u{A0}"),
  ("\r\n", "␍␊"), ("\u{FE0F}", "⟨U+FE0F⟩"), ("🩺", "🩺"),
])
func visibleTextHasNothingThatActs(text: String, expected: String) {
  #expect(visible(text).utf8.elementsEqual(expected.utf8))
}
