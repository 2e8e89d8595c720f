import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai guideline`.
@Suite struct GuidelineTests {
  private static let ids = [
    "kr-ai-basic-act", "kr-dmpa", "kr-privacy", "mfds-genai-2025", "mfds-llm-2026",
  ]

  @Test func listNamesTheEditions() throws {
    try Workplace.with { place in
      let list = try place.medai("guideline", "list", "--json").ends(0).json()
      let guidelines = try #require(list["guidelines"]?.array)
      #expect(guidelines.compactMap { $0["id"]?.string } == Self.ids)
      for guideline in guidelines {
        #expect(guideline["sha256"]?.string?.utf8.count == 64)
        #expect(guideline["title"]?.string?.isEmpty == false)
        #expect(guideline["edition"]?.string?.isEmpty == false)
        let isStub = guideline["id"]?.string == "mfds-llm-2026"
        #expect((guideline["controls"]?.int == 0) == isStub)
      }
      let text = try place.medai("guideline", "list").ends(0).text
      for id in Self.ids { #expect(text.contains(id)) }
    }
  }

  @Test(arguments: ids)
  func everyEditionIsShown(id: String) throws {
    try Workplace.with { place in
      for language in ["ko", "en"] {
        let run = try place.medai("guideline", "show", id, "--lang", language).ends(0)
        #expect(!run.output.isEmpty)
      }
    }
  }

  @Test func oneControlIsShownWhole() throws {
    try Workplace.with { place in
      let table = try place.medai("guideline", "show", "mfds-genai-2025").ends(0).text
      let row = table.split(separator: "\n").first { $0.contains("source-seen") }
      let id = String(try #require(row?.split(separator: " ").first))
      let control = try place.medai("guideline", "show", "mfds-genai-2025", id).ends(0)
      #expect(control.text.hasPrefix(id))
    }
  }

  @Test func committedGuidelinesHaveNoFaults() throws {
    try Workplace.with { place in
      try place.medai("guideline", "lint").ends(0)
      try place.medai("guideline", "lint", repositoryRoot().appending("Guidelines").string).ends(0)
    }
  }

  @Test func everyFaultIsNamedWithItsLine() throws {
    try Workplace.with { place in
      let copy = try place.run(
        "/bin/cp", ["-r", repositoryRoot().appending("Guidelines").string, "G"])
      copy.ends(0)
      try place.medai("guideline", "lint", "G").ends(0)
      let catalog = try String(
        decoding: place.read("G/kr-privacy/catalog.yaml"), as: UTF8.self)
      let lines = catalog.split(separator: "\n", omittingEmptySubsequences: false).count
      try place.write("G/kr-privacy/catalog.yaml", catalog + "surprise: 1\n")
      let run = try place.medai("guideline", "lint", "G").ends(1)
      #expect(run.text.contains("kr-privacy/catalog.yaml:\(lines):"), "\(run.text)")
      // A changed file no longer fits the lock either.
      #expect(run.text.contains("lock.json"), "\(run.text)")
      try place.medai("guideline", "list", environment: ["MEDAI_GUIDELINES": "G"])
        .ends(78).says("kr-privacy/catalog.yaml:\(lines)", "surprise")
    }
  }

  @Test func missingFolder() throws {
    try Workplace.with { place in
      try place.medai("guideline", "lint", "none").ends(66).says("none")
    }
  }
}
