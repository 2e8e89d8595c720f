extension PromptPreset {
  /// Every preset, by name; `plain` last.
  public static let all: [PromptPreset] = [
    kormedmcqa, kmmlu, click, clickHarness, medqa, medmcqa, plain,
  ]

  /// The preset of a name.
  public static func named(_ name: String) -> PromptPreset? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// KorMedMCQA as lm-evaluation-harness asks it (task version 3.0): letters after a full-width
  /// colon, question stripped, examples ended by an empty line.
  public static let kormedmcqa = korean(
    name: "kormedmcqa", stop: ["Q:", "</s>", "<|im_end|>", ".", "\n\n"], maxTokens: 1024)

  /// KMMLU as lm-evaluation-harness asks it (task version 2.0).
  public static let kmmlu = korean(name: "kmmlu", stop: ["\n\n"], maxTokens: 64)

  /// CLIcK with every option printed and every letter named.
  public static let click = click(name: "click", printsAtMost: maxOptions)

  /// CLIcK as lm-evaluation-harness asks it (task version 1.0): only four options are printed, so
  /// that the fifth of 256 items is asked for unseen. For comparison with published scores only.
  public static let clickHarness = click(name: "click-harness", printsAtMost: 4)

  /// MedQA as lm-evaluation-harness asks it.
  public static let medqa = english(name: "medqa", before: "\n")

  /// MedMCQA as lm-evaluation-harness asks it.
  public static let medmcqa = english(name: "medmcqa", before: "\nChoices:\n")

  /// A bare form for items of one's own.
  public static let plain = PromptPreset(
    name: "plain", version: 1,
    template: "{question}\n\n{options}\n\nAnswer:",
    passageTemplate: "{paragraph}\n\n{question}\n\n{options}\n\nAnswer:",
    freeTemplate: "{question}\n\nAnswer:",
    option: lettered, firstOption: lettered, separator: "\n",
    stripsQuestion: true, printsAtMost: maxOptions, answerLead: " ", shotEnd: "\n\n",
    cascade: "english", stop: ["\n\n"], maxTokens: 64)

  /// An option as most sets print it.
  private static let lettered = "{letter}. {text}"

  private static func korean(name: String, stop: [String], maxTokens: Int) -> PromptPreset {
    PromptPreset(
      name: name, version: 1,
      template: "{question}\n{options}\n정답：",
      passageTemplate: "{paragraph}\n{question}\n{options}\n정답：",
      freeTemplate: "{question}\n정답：",
      option: lettered, firstOption: lettered, separator: "\n",
      stripsQuestion: true, printsAtMost: maxOptions, answerLead: " ", shotEnd: "\n\n",
      cascade: "korean", stop: stop, maxTokens: maxTokens)
  }

  private static func click(name: String, printsAtMost: Int) -> PromptPreset {
    let rest = "질문: {question}\n보기:\n{options}\n정답:"
    let choose = "적절한 정답을 {letters} 중에 골라 알파벳 하나로 답하시오.\n\n"
    return PromptPreset(
      name: name, version: 1,
      template: "주어진 질문을 천천히 읽고, \(choose)\(rest)",
      passageTemplate:
        "주어진 맥락을 천천히 읽고, 질문에 대한 \(choose)맥락: {paragraph}\n\(rest)",
      freeTemplate: "질문: {question}\n정답:",
      option: "{letter}: {text}", firstOption: "{letter}:{text}", separator: ", ",
      stripsQuestion: false, printsAtMost: printsAtMost, answerLead: " ", shotEnd: "\n\n",
      cascade: "korean",
      stop: ["\n\n"], maxTokens: 64)
  }

  private static func english(name: String, before: String) -> PromptPreset {
    PromptPreset(
      name: name, version: 1,
      template: "Question: {question}\(before){options}\nAnswer:",
      passageTemplate: "Question: {paragraph}\n{question}\(before){options}\nAnswer:",
      freeTemplate: "Question: {question}\nAnswer:",
      option: lettered, firstOption: lettered, separator: "\n",
      stripsQuestion: false,
      printsAtMost: maxOptions, answerLead: " ", shotEnd: "\n\n", cascade: "english",
      stop: ["\n\n"], maxTokens: 64)
  }
}
