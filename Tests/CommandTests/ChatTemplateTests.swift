import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `--chat-template`, `--thinking` and `--quantize`, and that a replay takes the same.
@Suite struct ChatTemplateTests {
  private static let template = """
    {% for m in messages %}[{{ m.role }}] {{ m.content | trim }}
    {% endfor %}
    {{- '[assistant]' if add_generation_prompt }}{% if enable_thinking %} hm{% endif %}

    """

  private func prepare(_ place: Workplace) throws {
    try place.makeFolders()
    // This file's own template is `{{ messages }}`, which is known to nobody.
    try place.write("models/m.gguf", read: "Tests/InferenceTests/Golden/tiny-Q8_0.gguf")
    try place.write("in/t.jinja", Self.template)
    try place.write("in/bad.jinja", "a\n{{ strftime_now('%Y') }}\n")
    try place.write("p.ndjson", "{\"id\":\"1\",\"prompt\":\"a?\"}\n")
  }

  private static let run = [
    "generate", "--model", "models/m.gguf", "--inputs", "p.ndjson", "--max-tokens", "5",
  ]

  @Test func unknownTemplatesPointToTheOption() throws {
    try Workplace.with { place in
      try prepare(place)
      let one = ["generate", "--model", "models/m.gguf", "--prompt", "a", "--no-audit"]
      let ours = ["--chat", "--chat-template", "in/t.jinja"]
      let digest = sha256(Array("{{ messages }}".utf8)).hex
      try place.medai(one + ["--chat"]).ends(69).says(digest, "--chat-template FILE")
      // What the file's own gives is no text.
      try place.medai(one + ["--chat", "--chat-template", "model"]).ends(65)
        .says("line 1", "list as text")
      try place.medai(one + ["--chat", "--chat-template", "in/bad.jinja"]).ends(65)
        .says("line 2", "strftime_now")
      try place.medai(one + ["--chat", "--chat-template", "none.jinja"]).ends(66)
        .says("none.jinja")
      try place.medai(one + ["--chat-template", "in/t.jinja"]).ends(64).says("--chat")
      try place.medai(one + ours + ["--thinking", "maybe"]).ends(64).says("on or off")
      try place.medai(one + ours + ["--thinking", "on"]).ends(0)
      try place.write("in/plain.jinja", "{{ messages[0].content }}")
      try place.medai(one + ["--chat", "--chat-template", "in/plain.jinja", "--thinking", "on"])
        .ends(64).says("enable_thinking")
      // The template is no output of the run.
      try place.medai(
        Self.run + ["--chat-template", "in/t.jinja", "--output", "in/t.jinja", "--no-audit"]
      ).ends(64)
      #expect(try place.read("in/t.jinja") == Array(Self.template.utf8))
    }
  }

  @Test func anEntryNamesItsTemplateAndAReplayFindsIt() throws {
    try Workplace.with { place in
      try prepare(place)
      for (name, words) in [
        ("a", []), ("b", ["--thinking", "on"]), ("c", ["--system", "s"]),
      ] {
        try place.medai(
          Self.run + ["--chat-template", "in/t.jinja", "--output", "outputs/\(name).ndjson"]
            + words + place.signing()
        ).ends(0)
      }
      let same = ["generate.answer same", "generate.run.end same"]
      // The system message is looked for among the inputs like everything else.
      try place.write("in/system.txt", "s")
      #expect(try place.replay(ends: 0).lines == same + same + same)
      // Another template is another run, whatever else is the same.
      try place.write("in/t.jinja", Self.template + "{# another #}")
      let lost = try place.replay(ends: 2)
      #expect(lost.lines.allSatisfy { $0.contains("cannot") }, "\(lost.lines)")
    }
  }

  @Test func whatWasQuantizedAtLoadIsReplayedSo() throws {
    try Workplace.with { place in
      try prepare(place)
      try place.write("models/m.gguf", read: "Tests/InferenceTests/Golden/tiny-F32.gguf")
      try place.write("in/items.ndjson", Exam.items)
      let exam = [
        "exam", "run", "in/items.ndjson", "--model", "models/m.gguf", "--preset", "plain",
      ]
      for (name, words) in [("a", []), ("b", ["--quantize", "q8_0"])] {
        try place.medai(
          Self.run + ["--output", "outputs/\(name).ndjson"] + words + place.signing()
        ).ends(0)
        try place.medai(exam + ["--output", "outputs/\(name).results"] + words + place.signing())
          .ends(0)
      }
      let same = [
        "generate.answer same", "generate.run.end same", "exam.run.end same",
      ]
      #expect(try place.replay(ends: 0).lines == same + same)
      let results = try ["a", "b"].map { try place.read("outputs/\($0).results") }
      #expect(results[0] != results[1])
      // The entries of both runs name what the numbers became.
      let log = String(decoding: try place.read("log/log.db"), as: UTF8.self)
      #expect(log.ranges(of: "+q8_0").count >= 2)

      let plain = try place.medai("model", "logits", "models/m.gguf", "--text", "a").ends(0)
      let blocks = try place.medai(
        "model", "logits", "models/m.gguf", "--text", "a", "--quantize", "q8_0"
      ).ends(0)
      #expect(plain.output != blocks.output)
      let info = try place.medai(
        "model", "info", "models/m.gguf", "--quantize", "q8_0", "--json"
      ).ends(0)
      let facts = try parseJSON(info.output)
      #expect(facts["quantization"]?.string == "Q8_0 from F32")
      try place.medai("model", "info", "models/m.gguf", "--quantize", "q3").ends(64).says("q8_0")
    }
  }
}
