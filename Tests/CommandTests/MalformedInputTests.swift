import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Input that is not what it should be ends with 65 and names file and line; nothing is written.
@Suite struct MalformedInputTests {
  private static let good = """
    {"id":"q1","question":"?","options":["a","b"],"answer":1}

    """

  @Test(
    "Each fault of an item",
    arguments: [
      "{\"id\":\"q2\"", "[]", "\"text\"",
      "{\"question\":\"?\",\"options\":[\"a\",\"b\"],\"answer\":1}",
      "{\"id\":\"q2\",\"options\":[\"a\",\"b\"],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\"b\"]}",
      "{\"id\":\"q2\",\"question\":\" \",\"options\":[\"a\",\"b\"],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\"],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\" \"],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\"a\"],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":\"a\",\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",2],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\"b\"],\"answer\":3}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\"b\"],\"answer\":0}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\"b\"],\"answer\":\"K\"}",
      "{\"id\":\"q2\",\"question\":\"?\",\"options\":[\"a\",\"b\"],\"answer\":true}",
      "{\"id\":\"q2\",\"question\":\"?\",\"answer\":1}",
      "{\"id\":\"q1\",\"question\":\"?\",\"options\":[\"a\",\"b\"],\"answer\":1}",
      "{\"id\":\"q2\",\"question\":7,\"options\":[\"a\",\"b\"],\"answer\":1}",
    ])
  func item(line: String) throws {
    try Workplace.with { place in
      try place.write("i.ndjson", Self.good + "\n" + line + "\n")
      try place.leavesNothing {
        try place.medai(
          "exam", "run", "i.ndjson", "--model", "none.gguf", "--output", "o", "--no-audit"
        ).ends(65).says("i.ndjson", "record 2", "line 3")
      }
    }
  }

  @Test func itemsThatAreNoText() throws {
    try Workplace.with { place in
      let bad: [(String, [UInt8])] = [
        ("empty.ndjson", []), ("blank.ndjson", Array("\n \n".utf8)),
        ("bytes.ndjson", [0x7B, 0x22, 0xFF, 0x22, 0x7D]),
        ("columns.csv", Array("id,question,A,B\nq1,?,a,b\n".utf8)),
        ("quote.csv", Array("id,question,A,B,answer\nq1,\"?,a,b,A\n".utf8)),
        ("short.csv", Array("id,question,A,B,answer\nq1,?,a\n".utf8)),
        ("array.json", Array("[{\"id\":\"q1\"}]".utf8)),
      ]
      for (name, bytes) in bad {
        try place.write(name, bytes)
        try place.leavesNothing {
          try place.medai(
            "exam", "run", name, "--model", "none.gguf", "--output", "o", "--no-audit"
          ).ends(65).says(name)
        }
      }
    }
  }

  @Test(
    "Each fault of a result",
    arguments: [
      "{", "[1]", "{\"prediction\":\"A\",\"answer\":\"A\"}", "{\"id\":\"q2\",\"answer\":\"A\"}",
      "{\"id\":\"q2\",\"prediction\":\"A\"}", "{\"id\":\"q2\",\"prediction\":{},\"answer\":\"A\"}",
      "{\"id\":\"q0\",\"prediction\":\"A\",\"answer\":\"A\"}",
      "{\"id\":\"q2\",\"prediction\":\"A\",\"answer\":\"A\",\"subject\":1}",
      "{\"id\":\"q2\",\"prediction\":99,\"answer\":\"A\"}",
      "{\"id\":\"q2\",\"prediction\":\"A\",\"answer\":\"A\",\"id\":\"q3\"}",
    ])
  func result(line: String) throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(1, of: 1) + line + "\n")
      try place.leavesNothing {
        let run = try place.medai(
          "exam", "validate", "r.ndjson", "--report", "r.html", "--no-audit")
        run.ends(65).says("r.ndjson", "line 2")
        #expect(run.output.isEmpty)
      }
    }
  }

  @Test(
    "Each fault of an output record",
    arguments: [
      "{", "7", "{\"prompt\":\"a\",\"output\":\"b\"}", "{\"id\":\"2\",\"output\":\"b\"}",
      "{\"id\":\"2\",\"prompt\":\"a\"}", "{\"id\":\"1\",\"prompt\":\"a\",\"output\":\"b\"}",
      "{\"id\":\"2\",\"prompt\":\"a\",\"output\":[]}",
      "{\"id\":\"2\",\"prompt\":\"a\",\"output\":\"b\",\"context\":[1]}",
      "{\"id\":\"2\",\"prompt\":\"a\",\"output\":\"b\",\"model\":\"m\"}",
    ])
  func output(line: String) throws {
    try Workplace.with { place in
      try place.write("o.ndjson", Exam.output + line + "\n")
      try place.leavesNothing {
        let run = try place.medai("check", "o.ndjson", "--output", "c.json", "--no-audit")
        run.ends(65).says("o.ndjson", "line 2")
        #expect(run.output.isEmpty)
      }
    }
  }

  @Test(
    "Each fault of a prompt record",
    arguments: [
      "{", "7", "{\"prompt\":\"a\"}", "{\"id\":\"2\"}", "{\"id\":\"1\",\"prompt\":\"a\"}",
      "{\"id\":\"2\",\"prompt\":\"a\",\"context\":7}",
      "{\"id\":\"2\",\"prompt\":\"a\",\"context\":[7]}",
    ])
  func prompt(line: String) throws {
    try Workplace.with { place in
      try place.write("p.ndjson", "{\"id\":\"1\",\"prompt\":\"a\"}\n" + line + "\n")
      try place.leavesNothing {
        try place.medai(
          "generate", "--model", "none.gguf", "--inputs", "p.ndjson", "--output", "o", "--no-audit"
        ).ends(65).says("p.ndjson:2")
      }
    }
  }

  @Test(
    "Each fault of a submission, with the line in the file as it was named",
    arguments: [
      ("surprise: 1\n", "surprise"), ("extra: &a []\n", "anchors"), ("extra: *a\n", "syntax"),
      ("extra: !x 1\n", "tags"), ("product:\n  name: x\n", "twice"), ("extra: [\n", "syntax"),
    ])
  func submission(added: String, what: String) throws {
    try Workplace.with { place in
      let text = String(
        decoding: try readFile(
          repositoryRoot().pushing("Samples/submission/medai.submission.yaml")), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      // The YAML parser gives no line for a key that stands twice, and its own for syntax.
      let hasLine = what != "syntax" && what != "twice"
      try place.write("sub/product.yaml", text + added)
      try place.write("o.ndjson", Exam.output)
      try place.leavesNothing {
        let run = try place.medai(
          "check", "o.ndjson", "--submission", "sub/product.yaml", "--output", "c", "--no-audit")
        run.ends(65).says("sub/product.yaml:\(hasLine ? "\(lines)" : "")", what)
        #expect(!run.said.contains("medai.submission.yaml"))
      }
    }
  }

  @Test(
    "Each fault of a policy, with its line",
    arguments: [
      ("  SHOE_SIZE:\n    action: tag\n    follows: x\n", "SHOE_SIZE"),
      ("surprise: 1\n", "surprise"), ("extra: &a 1\n", "anchors"),
      ("  SNS:\n    action: tag\n    follows: x\n", "twice"),
    ])
  func policy(added: String, what: String) throws {
    try Workplace.with { place in
      let text = String(
        decoding: try readFile(repositoryRoot().pushing("Guidelines/policies/kr-research.yaml")),
        as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      try place.write("own.yaml", text + added)
      try place.write("n.txt", "note\n")
      try place.leavesNothing {
        try place.medai("deid", "n.txt", "--output", "o", "--policy", "own.yaml", "--no-audit")
          .ends(65).says("own.yaml:\(what == "twice" ? "" : "\(lines)")", what)
      }
    }
  }

  @Test(
    "Each fault of a patient table",
    arguments: [
      ("colour,shape\nred,round\n", ""), ("patient,name\n1,a\n2\n", "line 3"),
      ("patient,name\n1,\"a\n", "line 2"), ("", ""),
    ])
  func patientTable(text: String, line: String) throws {
    try Workplace.with { place in
      try place.write("patients.csv", text)
      try place.write("n.txt", "note\n")
      try place.leavesNothing {
        try place.medai(
          "deid", "n.txt", "--output", "o", "--patients", "patients.csv", "--no-audit"
        ).ends(65).says("patients.csv", line)
      }
    }
  }

  @Test(
    "Missing input ends with 66 and names the file",
    arguments: [
      ["exam", "validate", "none"], ["exam", "validate", "r.ndjson", "--compare", "none"],
      ["exam", "run", "none", "--model", "m", "--output", "o"],
      [
        "exam", "run", "i.ndjson", "--model", "m", "--output", "o", "--shots", "1", "--shots-from",
        "none",
      ],
      ["check", "none"], ["check", "o.ndjson", "--submission", "none"],
      ["generate", "--model", "m", "--inputs", "none", "--output", "o"],
      ["generate", "--model", "m", "--prompt-file", "none"],
      ["deid", "n.txt", "--output", "o", "--policy", "./none"],
      ["deid", "n.txt", "--output", "o", "--patients", "none"],
    ])
  func missing(words: [String]) throws {
    try Workplace.with { place in
      try place.write("r.ndjson", Exam.results(1, of: 1))
      try place.write("i.ndjson", Exam.items)
      try place.write("o.ndjson", Exam.output)
      try place.write("n.txt", "note\n")
      try place.leavesNothing {
        try place.medai(words + ["--no-audit"]).ends(66).says("none")
      }
    }
  }

  @Test func missingDeidInputAndLog() throws {
    try Workplace.with { place in
      try place.leavesNothing {
        try place.medai("deid", "none", "--output", "o", "--no-audit").ends(66).says("input 1")
        try place.medai("audit", "verify").ends(66).says("--audit-log")
        try place.medai("audit", "checkpoint", "--audit-log", "none").ends(66)
        try place.medai("audit", "prove", "0", "--output", "p").ends(66)
        try place.medai("audit", "verify", "--public-key", "none.vkey").ends(66).says("none.vkey")
      }
    }
  }
}

extension Workplace {
  /// Copies a file of the repository.
  func write(_ name: String, read source: String) throws {
    try write(name, try readFile(repositoryRoot().pushing(.init(source))))
  }
}
