import Compliance
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Changes one file in a copy of the folder without its two largest editions, and gives the faults that
/// this copy does not have unchanged. The lock keeps its digests, so a changed file always has one
/// fault more, which is taken out here.
private func faults(
  in file: String, _ change: (String) -> String, keepsDigestFaults: Bool = false
) throws -> [LintFault] {
  let unchanged = try baseline.get()
  return try withScratchFolder { scratch in
    try link(Given.guidelines, into: scratch)
    let path = scratch.pushing(FilePath(file))
    let text = change(String(decoding: try readFile(path), as: UTF8.self))
    try removeFile(path)
    try writeDurably(Array(text.utf8), to: path)
    return lint(scratch).filter { fault in
      !unchanged.contains(fault)
        && (keepsDigestFaults || !fault.reason.contains("differs from lock"))
    }
  }
}

private let baseline = Result {
  try withScratchFolder { scratch in
    try link(Given.guidelines, into: scratch)
    return lint(scratch)
  }
}

/// A folder of links to the committed files.
private func link(_ source: FilePath, into target: FilePath) throws {
  try createFolder(target)
  for name in try folderEntries(source)
  where !["mfds-genai-2025", "kr-privacy"].contains(name) {
    let path = source.appending(name)
    if try fileStatus(path).kind == .folder {
      try link(path, into: target.appending(name))
    } else {
      try makeLink(target.appending(name), to: path.string)
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

private let device = "kr-dmpa/catalog.yaml"
private let act = "kr-ai-basic-act/catalog.yaml"
private let stub = "mfds-llm-2026/catalog.yaml"

@Test func theCommittedFolderIsClean() {
  #expect(lint(Given.guidelines) == [])
}

/// The first six are those that published OSCAL validators let pass.
@Test(
  arguments: [
    (device, "id: dmpa-02_smt", "id: dmpa-01_smt", "is used before"),
    (device, "name: statement", "name: guidance", "exactly one statement"),
    (act, "insert: param, evidence-retention-days", "insert: param, nothing", "names no parameter"),
    (
      device, "- name: strength\n              ns: urn:medai:ns:oscal\n", "- name: strength\n",
      "unknown prop"
    ),
    (device, "href: '#", "href: '#0", "link leads nowhere"),
    (device, "value: TEST", "value: TESTX", "method must be"),
    (device, "id: dmpa-02\n", "id: dmpa-01\n", "is used before"),
    (device, "          parts:", "          partz:", "unknown key partz"),
    (device, "oscal-version: 1.2.1", "oscal-version: 1.1.3", "oscal-version"),
    (
      device, "last-modified: '2026-11-24T00:00:00Z'", "last-modified: '2026-11-24'",
      "last-modified"
    ),
    (device, "  uuid: ", "  uuid: z", "uuid is missing"),
    (device, "name: translation", "name: guidance", "one translation"),
    (device, "value: dmpa-01_smt", "value: dmpa-02_smt", "one translation"),
    (device, "prose: 의료 목적의", "prose: 'x' # ", "not Korean"),
    (device, "prose: A product", "prose: '가' # ", "not English"),
    (device, "value: source-seen", "value: seen", "source-class must be"),
    (
      device, "oscal\n              value: law", "oscal\n              value: statute",
      "strength must be"
    ),
    (device, "value: maker", "value: vendor", "unknown actor"),
    (device, "value: submission.licence", "value: submission.intent", "unknown check"),
    (device, "Candidate, not verified", "Verified", "notice must say"),
    (device, "value: candidate", "value: approved", "status must be"),
    (device, "metadata:", "metadata: &m", "uses an anchor"),
    (device, "id: dmpa-01\n", "id: 1-dmpa\n", "no token"),
    (stub, "value: stub", "value: candidate", "must be marked as stub"),
    (stub, "This edition was not read", "This edition was skimmed", "was not read"),
    (act, "- id: evidence-retention-days", "- id: evidence-days", "names no parameter"),
    ("kr-dmpa/sources.yaml", "number:", "numbr:", "unknown key"),
    ("vocab/obligations.csv", "law,", "statute,", "exactly the words"),
    ("vocab/severities.csv", "value,ko", "wert,ko", "header"),
    ("components/medai.yaml", "control-id: dmpa-01", "control-id: dmpa-99", "no catalogue"),
    (
      "components/medai.yaml", "value: submission.licence", "value: submission.users",
      "maps other checks"
    ),
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
  let found = try faults(in: device, once("value: TEST", "value: TESTX"))
  let text = String(
    decoding: try readFile(Given.guidelines.pushing(FilePath(device))), as: UTF8.self)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let line = try #require(lines.firstIndex { $0.hasSuffix("value: TEST") })
  let fault = try #require(found.first { $0.reason.contains("method must be") })
  #expect(abs(fault.line - line) < 10)
}

@Test func aChangedSentenceBreaksTheLock() throws {
  let found = try faults(
    in: device, once("판매 전에 허가", "팔기 전에 허가"), keepsDigestFaults: true)
  #expect(found == [LintFault(file: device, line: 0, reason: "digest differs from lock.json")])
}

@Test func aChangedCommentDoesNot() throws {
  #expect(try faults(in: device, { "# another comment\n" + $0 }, keepsDigestFaults: true) == [])
}

@Test func stubWithControlsIsRefused() throws {
  let found = try faults(in: device, once("value: candidate", "value: stub"))
  #expect(found.contains { $0.reason == "a stub edition holds no controls" })
}

@Test func anEmptyFolderIsAFault() throws {
  try withScratchFolder { folder in #expect(lint(folder).count == 1) }
}

@Test func everyTruncationOfTheStubIsRefused() throws {
  let bytes = try readFile(Given.guidelines.pushing(FilePath(stub)))
  try withScratchFolder { scratch in
    let unchanged = try baseline.get()
    try link(Given.guidelines, into: scratch)
    try removeFile(scratch.pushing(FilePath(stub)))
    for count in stride(from: 0, to: bytes.count - 1, by: 331) {
      try writeDurably(Array(bytes.prefix(count)), to: scratch.pushing(FilePath(stub)))
      #expect(lint(scratch).contains { !unchanged.contains($0) })
    }
  }
}
