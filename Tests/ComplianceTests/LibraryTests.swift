import Compliance
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@Test func theLibraryListsItsEditions() throws {
  let library = try Given.library()
  #expect(
    library.ids == ["kr-ai-basic-act", "kr-dmpa", "kr-privacy", "mfds-genai-2025", "mfds-llm-2026"])
  let catalogs = try Given.catalogs()
  #expect(catalogs.map(\.controls.count) == [18, 21, 31, 99, 0])
  #expect(catalogs.map(\.isStub) == [false, false, false, false, true])
  for catalog in catalogs {
    #expect(catalog.noticeEnglish.contains("not verified against the guideline text"))
  }
}

@Test func controlsSpeakBothLanguagesAndNameNoClauseOfTheUnreadGuideline() throws {
  for catalog in try Given.catalogs() {
    for control in catalog.controls {
      #expect(control.statement.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
      #expect(!control.statementEnglish.isEmpty && !control.titleEnglish.isEmpty)
      #expect(!control.citations.isEmpty && !control.actors.isEmpty && !control.methods.isEmpty)
      for citation in control.citations where citation.contains("1416") {
        #expect(!citation.contains("제") || !citation.contains("쪽"))
      }
    }
  }
}

@Test func unknownGuidelinesAreRefused() throws {
  let library = try Given.library()
  for id in ["mfds", "", "../Guidelines/kr-dmpa", "KR-DMPA"] {
    #expect(throws: GuidelineError.self) { try library.catalog(id) }
  }
}

@Test func checksHaveUniqueIdsAndTwoTitles() {
  #expect(Set(allChecks.map(\.id)).count == allChecks.count)
  #expect(allChecks.allSatisfy { !$0.title.isEmpty && !$0.titleEnglish.isEmpty })
}

@Test(arguments: [
  "version: \"1\"\nrules:\n  - {id: a, category: overclaim, language: ko, phrases: ['*']}\n",
  "version: \"1\"\nrules:\n  - {id: a, category: overclaim, language: de, phrases: [x]}\n",
  "version: \"1\"\nrules:\n  - {id: a, category: overclaim, language: ko}\n",
  "rules: []\n",
])
func malformedWordingRulesAreRefused(text: String) {
  #expect(throws: (any Error).self) { try WordingRules(yaml: Array(text.utf8)) }
}

@Test func theDocumentListsEveryCheck() throws {
  let text = String(
    decoding: try readFile(repositoryRoot().pushing("docs/checks.md")), as: UTF8.self)
  for check in allChecks {
    #expect(text.contains("| `\(check.id)` | \(check.title) | \(check.titleEnglish) |"))
  }
}
