import Testing

/// Paths and labels that would steer a terminal.
@Suite struct HostileNameTests {
  private static let escape = "\u{1B}[31m"

  @Test(arguments: [
    ["exam", "validate", "none\u{1B}[31m", "--no-audit"],
    ["exam", "validate", "bad\u{1B}[31m", "--no-audit"],
    ["deid", "note\u{1B}[31m", "--output", "out\u{1B}[31m", "--no-audit"],
    ["deid", "note\u{1B}[31m", "--output", "out", "--policy", "./none\u{1B}[31m", "--no-audit"],
    ["key", "public", "none\u{1B}[31m"],
    ["check", "outputs", "--output", "none\u{1B}[31m/c", "--no-audit"],
    ["check", "outputs", "--no-audit"], ["exam", "validate", "results", "--no-audit"],
    ["config", "show", "--config", "bad\u{1B}[31m"],
    ["config", "show", "--audit-log", "none\u{1B}[31m"],
    ["audit", "verify", "--public-key", "bad\u{1B}[31m"],
    ["model", "info", "bad\u{1B}[31m"], ["guideline", "lint", "none\u{1B}[31m"],
  ])
  func nothingSteersTheTerminal(words: [String]) throws {
    try Workplace.with { place in
      try place.write("bad" + Self.escape, "\u{1B}[2J: x\n")
      try place.write("note" + Self.escape, "\u{1B}[2J note\n")
      try place.write(
        "outputs", #"{"id":"a\u001b[2J","prompt":"p","output":"\u001b[2J 복용하십시오"}"# + "\n")
      try place.write(
        "results",
        #"{"id":"q\u001b[2J","subject":"\u001b[2J","prediction":"A","answer":"A"}"# + "\n")
      let run = try place.medai(words)
      #expect(!run.messages.contains(0x1B), "\(run.said.debugDescription)")
      #expect(!run.output.contains(0x1B), "\(run.text.debugDescription)")
    }
  }
}
