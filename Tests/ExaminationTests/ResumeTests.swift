import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Examination

private func plan(
  _ change: (inout ExamSettings) -> Void = { _ in }
) throws -> ExamPlan {
  var text = ""
  for index in 0..<6 {
    text +=
      "{\"id\":\"\(index)\",\"question\":\"Q\(index)\",\"options\":[\"a\",\"b\",\"c\"],"
      + "\"answer\":\"B\"}\n"
  }
  var settings = ExamSettings(preset: .kormedmcqa, permutations: 1, wantsLogprobs: true)
  change(&settings)
  return try ExamPlan(
    try Exam(Array(text.utf8)), settings: settings, cascade: try koreanCascade())
}

private func written(_ plan: ExamPlan) throws -> [[UInt8]] {
  let model = FakeModel()
  return try plan.run(model).map { $0.line(by: model.identity) + [0x0A] }
}

@Test func wholeLinesOfTheSameRunAreKept() throws {
  let plan = try plan()
  let lines = try written(plan)
  let all = Array(lines.joined())
  let model = FakeModel().identity
  for end in stride(from: 0, through: all.count, by: 37) {
    let kept = plan.kept(of: Array(all[..<end]), by: model)
    #expect(kept.bytes <= end)
    #expect(Array(all[..<kept.bytes]) == Array(lines.prefix(kept.items).joined()))
  }
  #expect(plan.kept(of: all, by: model) == (6, all.count))
  // Going on from any place gives the same file.
  for items in 0...6 {
    let rest = try plan.run(FakeModel(), items: items..<6).map { $0.line(by: model) + [0x0A] }
    #expect(Array((lines.prefix(items) + rest).joined()) == all)
  }
}

@Test func nothingOfAnotherRunIsKept() throws {
  let mine = try plan()
  let all = Array(try written(mine).joined())
  let model = FakeModel().identity
  let others: [(inout ExamSettings) -> Void] = [
    { $0.preset = .medqa }, { $0.permutations = 2 }, { $0.permutations = 0 },
    { $0.wantsLogprobs = false }, { $0.method = .generate },
    {
      $0.shots = [Item(id: "s", question: "S", options: ["x", "y"], answer: .option(0))]
    },
  ]
  for change in others {
    #expect(try plan(change).kept(of: all, by: model) == (0, 0))
  }
  for identity in [
    ModelIdentity(name: "fake", sha256: nil, numerics: 0, parameters: nil),
    ModelIdentity(name: "fake", sha256: model.sha256, numerics: nil, parameters: nil),
    ModelIdentity(name: "fake", sha256: model.sha256, numerics: 1, parameters: nil),
    ModelIdentity(
      name: "fake", sha256: String(repeating: "cd", count: 32), numerics: 0, parameters: nil),
  ] {
    #expect(mine.kept(of: all, by: identity) == (0, 0))
  }
  // A line out of its place ends what is kept.
  let lines = try written(mine)
  let swapped = Array((lines[0...1] + [lines[3]] + [lines[2]]).joined())
  #expect(mine.kept(of: swapped, by: model).items == 2)
  #expect(mine.kept(of: Array("{}\n".utf8) + all, by: model).items == 0)
}

@Test func guidelinesAreFoundByName() throws {
  let guidelines = ExamGuidelines(
    folder: repositoryRoot().appending("Guidelines").appending("exams"))
  #expect(try guidelines.rule("kmle").id == "kmle")
  #expect(try guidelines.ruleNames().contains("kmle"))
  #expect(try guidelines.ruleNames().contains("answer-extraction") == false)
  for preset in PromptPreset.all {
    #expect(try guidelines.cascade(preset.cascade).name == preset.cascade)
  }
  #expect(try guidelines.cascade("korean").sha256 == sha256(try extractionFile()))
  for name in ["", "../exams/kmle", "KMLE", "kmle.yaml", "한국"] {
    #expect(throws: ExamGuidelines.Failure.badName) { try guidelines.rule(name) }
  }
  for name in ["usmle", "answer-extraction"] {
    #expect(throws: ExamGuidelines.Failure.unknownRule(known: try guidelines.ruleNames())) {
      try guidelines.rule(name)
    }
  }
  #expect(throws: (any Error).self) {
    try ExamGuidelines(folder: "/nonexistent").cascade("korean")
  }
}
