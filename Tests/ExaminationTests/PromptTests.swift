import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Examination

private func golden() throws -> JSONValue {
  try parseJSON(try readFile(goldenFolder(beside: #filePath).appending("prompts.json")))
}

private func item(_ value: JSONValue) throws -> Item {
  let bytes = value.encoded() + [0x0A]
  return try Exam(bytes).items[0]
}

@Test func promptsEqualTheHarness() throws {
  let cases = try #require(try golden()["prompts"]?.array)
  #expect(cases.count >= 40)
  for entry in cases {
    let name = try #require(entry["preset"]?.string)
    let preset = try #require(PromptPreset.named(name))
    let shots = try (entry["shots"]?.array ?? []).map(item).map(preset.shot).joined()
    let prompt = shots + preset.prompt(for: try item(try #require(entry["item"])))
    let expected = try #require(entry["prompt"]?.string)
    #expect(sameBytes(prompt, expected), "\(name)")
  }
}

@Test func correctedClickPrintsEveryOption() {
  let item = Item(
    id: "CSAT_1", question: "Q", options: ["1", "2", "3", "4", "5"], answer: .option(4))
  #expect(PromptPreset.click.prompt(for: item).contains("A, B, C, D, E 중에"))
  #expect(PromptPreset.click.prompt(for: item).hasSuffix("A:1, B: 2, C: 3, D: 4, E: 5\n정답:"))
  // The harness asks for E without printing it; asking as it does must keep the fault.
  #expect(PromptPreset.clickHarness.prompt(for: item).hasSuffix("D: 4\n정답:"))
  #expect(PromptPreset.clickHarness.continuations(count: 5).last == " E")
}

@Test func plainAndFreePrompts() {
  let item = Item(
    id: "1", question: " Q? ", options: ["x", "y"], answer: .option(0), paragraph: "P")
  #expect(PromptPreset.plain.prompt(for: item) == "P\n\nQ?\n\nA. x\nB. y\n\nAnswer:")
  let free = Item(id: "2", question: "Q?", options: [], answer: .free("x"))
  #expect(PromptPreset.kormedmcqa.prompt(for: free) == "Q?\n정답：")
  #expect(PromptPreset.medqa.prompt(for: free) == "Question: Q?\nAnswer:")
}

@Test func bracesInItemsStay() {
  let item = Item(
    id: "1", question: "{options} {letter}", options: ["{text}", "{"], answer: .option(0))
  #expect(PromptPreset.kormedmcqa.prompt(for: item) == "{options} {letter}\nA. {text}\nB. {\n정답：")
}

/// A changed template must change its version; these digests are what audit entries hold.
@Test(arguments: [
  ("kormedmcqa", "407466c6893e445ec677e67eaa6a6e55d0e189a173940d4f09ba314b64e06ad2"),
  ("kmmlu", "49b5796009dcec258cd6f1a1353bc6f5431ef083b03628dd74909572367be5d8"),
  ("click", "9ec52b29ed41e0e92390505d658d9965f615fcc81911129b9abdd1d9a985a15d"),
  ("click-harness", "316f4ddea16e235acd95ab3d5810078dcb56d26ae382fc24026b40d121116b4a"),
  ("medqa", "9aa829c2f95432593f75e968f1c68d71439974e7d9d81a8578ebea9e22ff540e"),
  ("medmcqa", "fba7487224e16aa67e43b70577eeead9945cd55e74ae19903425fdcdf967b98b"),
  ("plain", "b25ed875ad05015aff5889629d7ddef453d1fc649fb3aa605f9c393b1a60e6e4"),
])
func presetDigestsStand(name: String, digest: String) throws {
  let preset = try #require(PromptPreset.named(name))
  #expect(preset.version == 1)
  #expect(preset.sha256.hex == digest)
}

@Test func presetNamesAndDigestsDiffer() {
  #expect(PromptPreset.named("KorMedMCQA") == nil && PromptPreset.named("") == nil)
  #expect(Set(PromptPreset.all.map(\.sha256)).count == PromptPreset.all.count)
}

@Test func extractionEqualsTheHarness() throws {
  let cascade = try koreanCascade()
  let cases = try #require(try golden()["extraction"]?.array)
  #expect(cases.count > 35)
  for entry in cases {
    let text = try #require(entry["text"]?.string)
    let found = cascade.option(in: text, of: 5).map(optionLetter)
    #expect(found == entry["letter"]?.string, "\(text.unicodeScalars.map(\.value))")
  }
}

@Test(
  arguments: [
    ("Answer: C", "C"), ("The answer is B.", "B"), ("I pick a thing", nil), ("(D) because", "D"),
    ("Answer: Both", nil), ("A. aspirin", "A"), ("", nil), ("F", nil),
  ] as [(String, String?)])
func englishExtraction(text: String, letter: String?) throws {
  let cascade = try AnswerCascade("english", from: try extractionFile())
  #expect(cascade.option(in: text, of: 5).map(optionLetter) == letter)
}

@Test func lettersBeyondTheItemAreNoAnswer() throws {
  let cascade = try koreanCascade()
  #expect(cascade.option(in: "정답: D", of: 3) == nil)
  #expect(cascade.option(in: "정답: D. 아니 B", of: 3) == 1)
}

@Test(arguments: [
  "", "format: x\n", "format: x\ncascades: {}\n", "format: x\ncascades:\n  korean: []\n",
  "format: x\ncascades:\n  korean: [{ before: a }]\n",
  "format: x\ncascades:\n  korean: [{ any_case: yes }]\n",
  "format: x\ncascades:\n  korean: [{ any_case: true, gap: tab }]\n",
  "format: x\ncascades:\n  korean: [{ any_case: true, befor: a }]\n",
])
func refusesABrokenCascade(text: String) {
  #expect(throws: (any Error).self) { try AnswerCascade("korean", from: Array(text.utf8)) }
}

func extractionFile() throws -> [UInt8] {
  try readFile(
    repositoryRoot().appending("Guidelines").appending("exams")
      .appending("answer-extraction.yaml"))
}

func koreanCascade() throws -> AnswerCascade {
  try AnswerCascade("korean", from: try extractionFile())
}
