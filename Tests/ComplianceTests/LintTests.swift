import Compliance
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Copies the committed folder, changes one file and gives the faults; the digests of the lock are
/// left as they are, so a changed file always has one fault more, which is taken out here.
private func faults(
  in file: String, _ change: (String) -> String, keepsDigestFaults: Bool = false
) throws -> [LintFault] {
  try withScratchFolder { scratch in
    try copy(Given.guidelines, to: scratch)
    let path = scratch.pushing(FilePath(file))
    let text = change(String(decoding: try readFile(path), as: UTF8.self))
    try writeDurably(Array(text.utf8), to: path)
    return lint(scratch).filter { keepsDigestFaults || !$0.reason.contains("differs from lock") }
  }
}

private func copy(_ source: FilePath, to target: FilePath) throws {
  try createFolder(target)
  for name in try folderEntries(source) {
    let path = source.appending(name)
    if try fileStatus(path).kind == .folder {
      try copy(path, to: target.appending(name))
    } else {
      try writeDurably(try readFile(path), to: target.appending(name))
    }
  }
}

/// Replaces the first occurrence only.
private func once(_ old: String, _ new: String) -> (String) -> String {
  { text in
    let bytes = Array(text.utf8)
    let needle = Array(old.utf8)
    for start in bytes.indices where bytes[start...].starts(with: needle) {
      let result = bytes[..<start] + Array(new.utf8) + bytes[(start + needle.count)...]
      return String(decoding: result, as: UTF8.self)
    }
    Issue.record("the catalogue holds no such text")
    return text
  }
}

private let mfds = "mfds-genai-2025/catalog.yaml"
private let privacy = "kr-privacy/catalog.yaml"
private let stub = "mfds-llm-2026/catalog.yaml"

@Test func theCommittedFolderIsClean() {
  #expect(lint(Given.guidelines) == [])
}

/// The first six are those that published OSCAL validators let pass.
@Test(arguments: [
  (mfds, "id: mfds-req-002_smt", "id: mfds-req-001_smt", "is used before"),
  (mfds, "name: statement", "name: guidance", "exactly one statement"),
  (privacy, "insert: param, access-retention-days", "insert: param, nothing", "names no parameter"),
  (mfds, "- name: strength\n              ns: urn:medai:ns:oscal\n", "- name: strength\n", "unknown prop"),
  (mfds, "href: '#", "href: '#0", "link leads nowhere"),
  (mfds, "value: TEST", "value: TESTX", "method must be"),
  (mfds, "id: mfds-req-002\n", "id: mfds-req-001\n", "is used before"),
  (mfds, "          parts:", "          partz:", "unknown key partz"),
  (mfds, "oscal-version: 1.2.1", "oscal-version: 1.1.3", "oscal-version"),
  (mfds, "last-modified: '2026-11-24T00:00:00Z'", "last-modified: '2026-11-24'", "last-modified"),
  (mfds, "  uuid: ", "  uuid: z", "uuid is missing"),
  (mfds, "name: translation", "name: guidance", "one translation"),
  (mfds, "value: mfds-req-001_smt", "value: mfds-req-002_smt", "one translation"),
  (mfds, "prose: 제품이 법에서", "prose: 'x' # ", "not Korean"),
  (mfds, "prose: The use", "prose: '가' # ", "not English"),
  (mfds, "value: source-seen", "value: seen", "source-class must be"),
  (mfds, "value: law", "value: statute", "strength must be"),
  (mfds, "value: maker", "value: vendor", "unknown actor"),
  (mfds, "value: submission.intended-use", "value: submission.intent", "unknown check"),
  (mfds, "value: Candidate, not verified against", "value: Verified against", "notice must say"),
  (mfds, "value: candidate", "value: approved", "status must be"),
  (mfds, "metadata:", "metadata: &m", "uses an anchor"),
  (mfds, "id: mfds-req-001\n", "id: 1-mfds\n", "no token"),
  (stub, "value: stub", "value: candidate", "must be marked as stub"),
  (stub, "This edition was not read", "This edition was skimmed", "was not read"),
  ("kr-ai-basic-act/catalog.yaml", "- id: evidence-retention-days", "- id: access-retention-days",
    "is defined before"),
  ("mfds-genai-2025/sources.yaml", "number:", "numbr:", "unknown key"),
  ("vocab/obligations.csv", "law,", "statute,", "exactly the words"),
  ("vocab/severities.csv", "value,ko", "wert,ko", "header"),
  ("components/medai.yaml", "control-id: mfds-req-001", "control-id: mfds-req-999", "no catalogue"),
  ("components/medai.yaml", "value: submission.intended-use", "value: submission.users",
    "maps other checks"),
  ("wording/rules.yaml", "category: ai-notice", "category: notice", "category must be"),
  ("wording/rules.yaml", "id: notice.en", "id: notice.ko", "unused id"),
  ("lock.json", "mfds-llm-2026/sources.yaml", "mfds-llm-2026/source.yaml", "is not in lock.json"),
] as [(String, String, String, String)])
func brokenFoldersAreRefused(file: String, old: String, new: String, reason: String) throws {
  let found = try faults(in: file, once(old, new))
  #expect(found.contains { $0.reason.contains(reason) }, "\(found)")
  #expect(found.allSatisfy { $0.line >= 0 })
}

@Test func faultsNameTheirLine() throws {
  let found = try faults(in: mfds, once("value: TEST", "value: TESTX"))
  let text = String(decoding: try readFile(Given.guidelines.pushing(FilePath(mfds))), as: UTF8.self)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let line = try #require(lines.firstIndex { $0.hasSuffix("value: TEST") })
  let fault = try #require(found.first { $0.reason.contains("method must be") })
  #expect(abs(fault.line - line) < 10)
}

@Test func aChangedSentenceBreaksTheLock() throws {
  let found = try faults(
    in: mfds, once("사용목적에 적는다", "사용목적에 쓴다"), keepsDigestFaults: true)
  #expect(found == [LintFault(file: mfds, line: 0, reason: "digest differs from lock.json")])
}

@Test func aChangedCommentDoesNot() throws {
  #expect(try faults(in: mfds, { "# another comment\n" + $0 }, keepsDigestFaults: true) == [])
}

@Test func stubWithControlsIsRefused() throws {
  let found = try faults(in: mfds, once("value: candidate", "value: stub"))
  #expect(found.contains { $0.reason == "a stub edition holds no controls" })
}

@Test func anEmptyFolderIsAFault() throws {
  try withScratchFolder { folder in #expect(lint(folder).count == 1) }
}

@Test func everyTruncationOfTheStubIsRefused() throws {
  let bytes = try readFile(Given.guidelines.pushing(FilePath(stub)))
  try withScratchFolder { scratch in
    try copy(Given.guidelines, to: scratch)
    for count in stride(from: 0, to: bytes.count - 1, by: 97) {
      try writeDurably(Array(bytes.prefix(count)), to: scratch.pushing(FilePath(stub)))
      #expect(!lint(scratch).isEmpty)
    }
  }
}
