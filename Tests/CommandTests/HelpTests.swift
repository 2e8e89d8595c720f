import Testing

/// The command line itself: help, version, usage.
@Suite struct HelpTests {
  @Test(
    "Help shows an example and ends with 0",
    arguments: [
      "", "key", "key new", "key new signing", "key new pseudonym", "key new vault", "key public",
      "key rotate", "deid", "deid run", "deid explain", "deid evaluate", "deid verify", "model",
      "model info", "model tokenize", "model logits", "generate", "exam", "exam run",
      "exam validate", "check", "audit", "audit report", "audit verify", "audit checkpoint",
      "audit prove", "audit append", "audit timestamp", "audit seal", "audit witness",
      "audit witness export", "audit witness cosign", "audit witness record", "audit redact",
      "audit replay", "audit drill", "audit export", "audit diff", "audit prune",
      "guideline", "guideline list", "guideline show", "guideline lint", "config", "config show",
      "doctor",
    ])
  func help(command: String) throws {
    try Workplace.with { place in
      let words = command.split(separator: " ").map(String.init)
      let run = try place.medai(words + ["--help"]).ends(0)
      #expect(run.messages.isEmpty)
      #expect(run.text.contains("Example"), "\(run.text)")
      let called = (["medai"] + words).joined(separator: " ")
      // The example is a command that a person can copy: it names the command and an option or
      // argument after it.
      let example = run.text.split(separator: "Example", maxSplits: 1).last ?? ""
      #expect(example.contains(called), "\(run.text)")
      #expect(try place.files().isEmpty)
    }
  }

  @Test func versionIsPrinted() throws {
    try Workplace.with { place in
      let run = try place.medai("--version").ends(0)
      #expect(run.text == "0.1.0\n")
    }
  }

  @Test(
    "Wrong usage ends with 64 and says how it is meant",
    arguments: [
      ["nonsense"], ["deid"], ["deid", "run"], ["deid", "records"], ["deid", "evaluate"],
      ["deid", "evaluate", "--gold", "g"], ["deid", "verify"], ["deid", "explain", "x"],
      ["deid", "-"],
      ["deid", "-", "records", "--quarantine", "q"], ["deid", "x", "--output", "o", "--bogus"],
      ["key", "new", "signing"], ["key", "new", "pseudonym"], ["key", "public"],
      ["key", "rotate"], ["key", "rotate", "--new", "k"], ["key", "rotate", "--reason", "staff"],
      [
        "key", "rotate", "--new", "k", "--reason", "staff", "--new-passphrase-file", "p",
        "--no-new-passphrase",
      ],
      ["audit", "append"], ["audit", "append", "--type", "review"],
      ["audit", "append", "--json", "-"],
      ["key", "new", "signing", "--output", "k"],
      [
        "key", "new", "signing", "--output", "k", "--passphrase-file", "p", "--no-passphrase",
      ],
      ["key", "new", "signing", "--output", "k", "--no-passphrase", "--name", "a b"],
      ["model", "info"], ["model", "tokenize", "m"], ["model", "logits", "m"],
      ["model", "logits", "m", "--ids", "1", "--text", "a"],
      ["model", "logits", "m", "--ids", "1", "--batch", "0"],
      ["model", "logits", "m", "--ids", "1", "--isa", "sse9"],
      ["generate", "--model", "m"], ["generate", "--prompt", "a", "--inputs", "b"],
      ["generate", "--inputs", "b"], ["generate", "--prompt", "a", "--max-tokens", "0"],
      ["generate", "--prompt", "a", "--temperature", "11"],
      ["generate", "--prompt", "a", "--top-p", "0"],
      ["generate", "--model", "m", "--prompt", "a", "--system", "b"],
      ["generate", "--prompt", "a", "--no-audit"],
      ["exam", "run", "items"], ["exam", "run", "i", "--output", "o", "--shots", "2"],
      ["exam", "run", "i", "--output", "o", "--shots", "-2"],
      ["exam", "run", "i", "--output", "o", "--permute", "-1"],
      ["exam", "run", "i", "--output", "o", "--method", "guess"],
      ["exam", "validate"], ["exam", "validate", "r", "--claim-ratio", "0.9"],
      ["check"], ["audit", "report"], ["audit", "prove"], ["audit", "prove", "x", "--output", "y"],
      ["audit", "timestamp"], ["audit", "timestamp", "--request", "a", "--response", "b"],
      ["audit", "timestamp", "--response", "b"],
      ["audit", "timestamp", "--request", "a", "--tsa-ca", "c"], ["audit", "seal"],
      ["audit", "seal", "--cms-in", "a"], ["audit", "seal", "--certificate", "a"],
      ["audit", "seal", "--output-note", "a", "--cms-in", "b", "--seal-ca", "c"],
      ["audit", "witness", "export"], ["audit", "witness", "record", "a"],
      ["audit", "witness", "cosign", "a", "--state", "s", "--signing-key", "k", "--output", "o"],
      ["audit", "witness", "export", "--output", "a", "--old", "-1"],
      ["guideline", "show"], ["guideline", "show", "no-such-guideline"],
      ["guideline", "show", "mfds-genai-2025", "no-such-control"],
      ["config", "show", "--lang", "fr"], ["config", "show", "--log-format", "xml"],
    ])
  func wrongUsage(words: [String]) throws {
    try Workplace.with { place in
      try place.leavesNothing {
        let run = try place.medai(words).ends(64)
        #expect(run.output.isEmpty)
        #expect(!run.messages.isEmpty)
      }
    }
  }

  @Test(
    "A wrong value of an option is wrong usage",
    arguments: [
      ["exam", "validate", "r.ndjson", "--claim", "86"],
      ["exam", "validate", "r.ndjson", "--claim", "a"],
      ["exam", "validate", "r.ndjson", "--human", "-1"],
      ["exam", "validate", "r.ndjson", "--rule", "../kmle"],
      ["exam", "validate", "r.ndjson", "--rule", "none"],
      ["check", "o.ndjson", "--format", "xml"], ["check", "o.ndjson", "--guideline", "none"],
      ["deid", "n.txt", "--output", "out", "--format", "docx"],
      ["deid", "n.txt", "--output", "out", "--encoding", "latin-1"],
      ["deid", "n.txt", "--output", "out", "--jobs", "0"],
      ["deid", "n.txt", "--output", "out", "--jobs", "many"],
      ["deid", "n.txt", "--output", "out", "--policy", "no-such-policy"],
      ["deid", "n.txt", "--output", "."], ["deid", "n.txt", "--output", "n.txt"],
      ["deid", "n.txt", "--output", "out", "--evidence", "out/evidence"],
      ["deid", "n.txt", "--output", "out", "--spans", "out/spans.ndjson"],
      ["exam", "run", "i.ndjson", "--model", "m", "--output", "o", "--preset", "none"],
    ])
  func wrongValue(words: [String]) throws {
    try Workplace.with { place in
      try place.write("r.ndjson", "{\"id\":\"1\",\"prediction\":\"A\",\"answer\":\"A\"}\n")
      try place.write("o.ndjson", Exam.output)
      try place.write("n.txt", "note\n")
      try place.write("i.ndjson", Exam.items)
      try place.leavesNothing { try place.medai(words + ["--no-audit"]).ends(64) }
    }
  }
}
