import Foundation
import MedaiCore
import MedaiTestSupport
import Presentation
import SystemPackage
import Testing

/// Every page in a language, by the name of its golden file.
private func pages(_ language: Language) throws -> [(name: String, bytes: [UInt8])] {
  let code = language.rawValue
  return [
    ("submission-\(code).html", try html(sampleReport(controls: 11), language)),
    ("exam-\(code).html", try html(sampleExamReport, language)),
    ("deidentification-\(code).html", try html(sampleDeidentificationReport, language)),
  ]
}

@Test(arguments: Language.allCases)
func pagesEqualTheirGoldenFiles(language: Language) throws {
  for (name, bytes) in try pages(language) {
    let file = goldenFolder().appending(name)
    if environmentVariable("MEDAI_RECORD") == "1" {
      try writeDurably(bytes, to: file)
      Issue.record("\(name) was recorded; run again without MEDAI_RECORD")
    } else {
      #expect(try readFile(file) == bytes, "\(name) differs; look, then record with MEDAI_RECORD=1")
    }
  }
}

@Test func theSameValuesGiveTheSameBytes() throws {
  let first = try html(sampleReport(controls: 90), .korean)
  #expect(try html(sampleReport(controls: 90), .korean) == first)
}

@Test(arguments: Language.allCases)
func pagesRunNothingAndFetchNothing(language: Language) throws {
  for (name, bytes) in try pages(language) {
    let text = String(decoding: bytes, as: UTF8.self)
    let tags = scanTags(bytes)
    let allowed = ["lang", "charset", "content"]
    #expect(!tags.contains { ["script", "iframe", "object", "embed", "img"].contains($0.name) })
    #expect(!tags.contains { $0.name == "base" || $0.name == "form" }, "\(name)")
    for tag in tags {
      for attribute in tag.attributes where !allowed.contains(attribute.name) {
        #expect(!attribute.name.lowercased().hasPrefix("on"), "\(name): \(attribute)")
        #expect(attribute.name != "style" && attribute.name != "src", "\(name): \(attribute)")
        if attribute.name == "href" {
          #expect(attribute.value.hasPrefix("#") || attribute.value == "data:,", "\(name)")
        }
      }
    }
    #expect(!text.contains("@import") && !text.contains("http://") && !text.contains("https://"))
    #expect(text.contains("default-src 'none'"))
    #expect(tags.first { $0.name == "html" }?.value(of: "lang") == language.rawValue)
  }
}

@Test(arguments: Language.allCases)
func tagsCloseHeadingsDescendAndReferencesResolve(language: Language) throws {
  let void = ["meta", "link", "br"]
  let leaves = ["use", "path", "rect", "circle", "line"]
  for (name, bytes) in try pages(language) {
    var open: [String] = []
    var ids: [String] = []
    var level = 0
    let tags = scanTags(bytes)
    for tag in tags where !void.contains(tag.name) && !leaves.contains(tag.name) {
      if tag.name.hasPrefix("/") {
        #expect(open.popLast() == String(tag.name.dropFirst()), "\(name)")
      } else {
        open.append(tag.name)
        if tag.name.count == 2, tag.name.hasPrefix("h"), let next = Int(tag.name.suffix(1)) {
          #expect(next <= level + 1, "\(name): h\(next) follows h\(level)")
          level = next
        }
      }
    }
    #expect(open.isEmpty, "\(name)")
    for tag in tags { ids += [tag.value(of: "id")].compactMap { $0 } }
    #expect(Set(ids).count == ids.count, "\(name) has an id twice")
    for tag in tags {
      if let target = tag.value(of: "href"), target.hasPrefix("#") {
        #expect(ids.contains(String(target.dropFirst())), "\(name): \(target)")
      }
      for id in (tag.value(of: "aria-labelledby") ?? "").split(separator: " ") {
        #expect(ids.contains(String(id)), "\(name): \(id)")
      }
      if tag.name == "th" { #expect(tag.value(of: "scope") != nil, "\(name)") }
      if tag.name == "svg", tag.value(of: "aria-hidden") == nil, tag.value(of: "x") == nil {
        #expect(tag.value(of: "role") == "img", "\(name)")
        #expect(tag.value(of: "aria-labelledby") != nil || tag.value(of: "aria-label") != nil)
      }
    }
    let tables = tags.filter { $0.name == "table" }.count
    #expect(tags.filter { $0.name == "caption" }.count == tables, "\(name)")
  }
}

@Test func figuresOfTheReportStandInThePage() throws {
  let page = String(decoding: try html(sampleReport(controls: 90), .english), as: UTF8.self)
  for text in [
    "83.0\u{A0}%", "79.2–86.2\u{A0}%", "20.0\u{A0}%", "59,988", "281,895", "K7QF-2M9D-XR4T",
    "18,204",
    "not an approval", "Not shown", "Change management plan",
  ] {
    #expect(page.contains(text), "\(text)")
  }
  // Worst first, and the checklist has each control that needs a person or lacks evidence.
  let order = ReportVerdict.worstFirst.compactMap { verdict in
    page.range(of: "id=\"g-\(verdict.rawValue)\"")?.lowerBound
  }
  #expect(order == order.sorted() && order.count == 7)
  let rows = sampleReport(controls: 90).controls.filter {
    $0.verdict == .needsPerson || $0.verdict == .insufficientEvidence
  }
  #expect(page.components(separatedBy: "<td class=\"boxes\">").count - 1 == rows.count + 1)
}

@Test func anEmptyReportStillMakesAPage() throws {
  var report = sampleReport(controls: 0)
  report.guidelines = []
  report.exam = nil
  report.deidentification = nil
  report.submission = []
  report.scope.signerName = ""
  let page = String(decoding: try html(report, .english), as: UTF8.self)
  #expect(page.contains("Not signed") && !page.contains("id=\"s-exam\""))
}

@Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
func aFigureThatIsNoNumberIsRefused(value: Double) {
  var report = sampleReport(controls: 1)
  report.exam?.claim = value
  #expect(throws: PresentationError.notFinite(figure: "claim")) {
    try html(report, .english)
  }
}

@Test func countsThatNoRunCanHaveDoNotStopThePage() throws {
  var report = sampleDeidentificationReport
  report.figures.types[0].count = .max
  report.figures.types[1].count = .min
  report.figures.withheld = .min
  let page = String(decoding: try html(report, .english), as: UTF8.self)
  #expect(page.contains("9,223,372,036,854,775,807") && !page.contains("width=\"-"))
}

@Test func sharesOutsideZeroToOneStayInsideTheChart() throws {
  var report = sampleExamReport
  report.figures.claim = 7
  report.figures.human = -3
  report.figures.wilson = ScoreInterval(low: -1, high: 2)
  let page = String(decoding: try html(report, .english), as: UTF8.self)
  #expect(page.contains("x=\"100.00%\"") && page.contains("x=\"0.00%\""))
  #expect(!page.contains("width=\"-"))
}
