import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// `medai audit append`: other systems' events, acknowledged when they are durable.
@Suite struct AppendTests {
  static let access = #"{"operation":"read","outcome":"success","count":1}"#

  /// The words that append, without the source.
  static func words(_ place: Workplace, type: String = "external.access") throws -> [String] {
    try ["audit", "append", "--type", type] + place.signing() + ["--json"]
  }

  /// The numbers of the entries that a run acknowledged; each line must be as the contract has it.
  static func acknowledged(_ run: CommandRun) throws -> [Int] {
    try run.output.split(separator: 0x0A).map { line in
      let text = String(decoding: line, as: UTF8.self)
      let value = try parseJSON(Array(line))
      let entry = try #require(value["entry"]?.int)
      let digest = try #require(value["leaf_sha256"]?.string)
      #expect(digest.utf8.count == 64)
      #expect(text == "{\"entry\": \(entry), \"leaf_sha256\": \"\(digest)\"}")
      return entry
    }
  }

  static func expectIntact(
    _ place: Workplace, entries: Int, at source: SourceLocation = #_sourceLocation
  ) throws {
    let run = try place.medai(
      "audit", "verify", "--audit-log", "log", "--public-key", "signing.pem.vkey", "--json")
    #expect(try run.ends(0, at: source).json()["verdict"]?.string == "intact")
    #expect(try run.json()["entries"]?.int == entries, sourceLocation: source)
  }

  @Test func everyLineIsAnEntry() throws {
    try Workplace.with { place in
      let words = try Self.words(place)
      let text = Self.access + "\n\n" + Self.access + "\r\n \n" + Self.access
      let piped = try place.medai(words + ["-"], input: Array(text.utf8)).ends(0)
      #expect(try Self.acknowledged(piped) == [1, 2, 3])
      try place.write("e.ndjson", text + "\n")
      let read = try place.medai(words + ["e.ndjson"]).ends(0)
      #expect(try Self.acknowledged(read) == [4, 5, 6])
      let nothing = try place.medai(words + ["-"]).ends(0)
      #expect(nothing.output.isEmpty)
      try Self.expectIntact(place, entries: 7)
    }
  }

  @Test func oneObjectMayTakeSeveralLines() throws {
    try Workplace.with { place in
      let words = try Self.words(place)
      let pretty = "{\n  \"operation\": \"read\",\n  \"outcome\": \"denied\",\n  \"count\": 0\n}\n"
      for text in [pretty, "\n" + pretty + "\n \n", String(pretty.dropLast())] {
        let run = try place.medai(words + ["-"], input: Array(text.utf8)).ends(0)
        #expect(try Self.acknowledged(run).count == 1)
      }
      let run = try place.medai(words + ["-"], input: Array((pretty + Self.access).utf8)).ends(65)
      run.says("line 6")
      #expect(try Self.acknowledged(run) == [4])
      try Self.expectIntact(place, entries: 5)
    }
  }

  @Test func everyShippedTypeIsTaken() throws {
    let token = String(repeating: "ab", count: 32)
    let time = "2026-11-24T11:05:22.000000Z"
    let events = [
      (
        "external.access",
        #"{"operation":"export","outcome":"success","count":3,"subject_token":"\#(token)","#
          + #""account_token":"\#(token)","place":"ward-7","task":"billing","#
          + #""accessed_at":"\#(time)"}"#
      ),
      ("review", #"{"verdict":"approved","reviewer_token":"\#(token)","reviewer_role":"doctor"}"#),
      ("incident", #"{"incident":"I-1","kind":"leak","severity":"low","status":"opened"}"#),
      (
        "access-check",
        #"{"period_from":"\#(time)","period_to":"\#(time)","checked":9,"anomalies":0,"#
          + #""verdict":"clean","checker_token":"\#(token)","plan":"2026-1"}"#
      ),
    ]
    try Workplace.with { place in
      for (number, (type, event)) in events.enumerated() {
        let run = try place.medai(
          Self.words(place, type: type) + ["-"], input: Array(event.utf8)
        ).ends(0)
        #expect(try Self.acknowledged(run) == [number + 1])
      }
      try Self.expectIntact(place, entries: 5)
    }
  }

  /// What stands in the second of three lines, and what is said.
  @Test(arguments: [
    ("{", "not JSON"), ("[]", "not an object"), ("nonsense", "not JSON"),
    ("\u{FEFF}{}", "not JSON"), ("{}{}", "not JSON"), (#"{"count":1,"count":1}"#, "not JSON"),
    ("{}", "count is missing"),
    (#"{"operation":"look","outcome":"success","count":1}"#, "operation"),
    (#"{"operation":"read","outcome":"success","count":1.5}"#, "count"),
    (#"{"operation":"read","outcome":"success","count":1,"note":"안민준"}"#, "field"),
    (#"{"operation":"read","outcome":"success","count":1,"place":"안민준"}"#, "place"),
    (
      #"{"operation":"read","outcome":"success","count":1,"task":"900101-1234567"}"#, "phone number"
    ),
    (
      #"{"operation":"read","outcome":"success","count":1,"place":"010-8765-4321"}"#, "phone number"
    ),
  ])
  func malformedLinesEndIt(line: String, words: String) throws {
    try Workplace.with { place in
      let text = Self.access + "\n" + line + "\n" + Self.access + "\n"
      let run = try place.medai(Self.words(place) + ["-"], input: Array(text.utf8)).ends(65)
      run.says("line 2", words)
      // What came before is in the log, and nothing after; no value is said or kept.
      #expect(try Self.acknowledged(run) == [1])
      try Self.expectIntact(place, entries: 2)
      let log = try place.read("log/log.db")
      for value in ["안민준", "900101-1234567", "010-8765-4321", "nonsense"] {
        let bytes = Array(value.utf8)
        #expect(!contains(run.messages, bytes) && !contains(log, bytes), "\(value)")
      }
    }
  }

  @Test func longLinesAreRefused() throws {
    try Workplace.with { place in
      let words = try Self.words(place)
      let padding = String(repeating: " ", count: (64 << 10) - Self.access.utf8.count)
      let fits = try place.medai(words + ["-"], input: Array((padding + Self.access).utf8))
      #expect(try Self.acknowledged(fits.ends(0)) == [1])
      let text = Self.access + "\n " + padding + Self.access + "\n"
      let run = try place.medai(words + ["-"], input: Array(text.utf8)).ends(65)
      run.says("line 2", "65536")
      #expect(try Self.acknowledged(run) == [2])
      // A line without an end is refused while it still comes.
      let script = "yes | tr -d '\\n' | \"$0\" \"$@\""
      let program = try #require(Workplace.program).string
      try place.run("/bin/sh", ["-c", script, program] + words + ["-"]).ends(65).says("line 1")
      // An entry has a limit of its own.
      let entries = Array(repeating: "9007199254740991", count: 3840).joined(separator: ",")
      let incident = #"{"incident":"I","kind":"leak","severity":"low","status":"opened""#
      let long = "\(incident)}\n\(incident),\"entries\":[\(entries)]}\n\(incident)}\n"
      let refused = try place.medai(
        Self.words(place, type: "incident") + ["-"], input: Array(long.utf8)
      ).ends(65)
      refused.says("line 2", "65,535")
      #expect(try Self.acknowledged(refused) == [3])
      try Self.expectIntact(place, entries: 4)
    }
  }

  @Test func ownAndUnknownTypesAreRefused() throws {
    try Workplace.with { place in
      let signing = try place.signing()
      try place.leavesNothing {
        for type in ["log.open", "key.rotate", "redact", "deid.run.begin", "nothing", "", "a b"] {
          let words = ["audit", "append", "--type", type, "--json", "-"] + signing
          try place.medai(words, input: Array("{}".utf8)).ends(64).says("external.access")
        }
        try place.medai("audit", "append", "--type", "review", "--json", "-").ends(78)
          .says("medai key new signing")
        try place.medai(["audit", "append", "--type", "review", "--json", "none"] + signing)
          .ends(66).says("none")
      }
    }
  }

  @Test func entriesAreAcknowledgedWhileTheInputIsOpen() throws {
    try Workplace.with { place in
      // The second line is written only when the first is acknowledged.
      let script = """
        touch acks
        (echo "$EVENT"; n=0
         while [ ! -s acks ] && [ $n -lt 3000 ]; do sleep 0.01; n=$((n+1)); done
         [ -s acks ] && echo "$EVENT") | "$0" "$@" > acks
        """
      let program = try #require(Workplace.program).string
      try place.run(
        "/bin/sh", ["-c", script, program] + Self.words(place) + ["-"],
        environment: ["EVENT": Self.access]
      ).ends(0)
      #expect(try place.read("acks").count { $0 == 0x0A } == 2)
      try Self.expectIntact(place, entries: 3)
    }
  }

  @Test func manyEventsKeepTheirOrder() throws {
    try Workplace.with { place in
      let lines = (0..<2500).map { #"{"operation":"read","outcome":"success","count":\#($0)}"# }
      try place.write("e.ndjson", lines.joined(separator: "\n"))
      let run = try place.medai(Self.words(place) + ["e.ndjson"]).ends(0)
      #expect(try Self.acknowledged(run) == Array(1...2500))
      try Self.expectIntact(place, entries: 2501)
    }
  }

  @Test func nothingIsAcknowledgedToAFullDisk() throws {
    try Workplace.with { place in
      let run = try place.medai(
        Self.words(place) + ["-"], input: Array(Self.access.utf8), output: "/dev/full")
      run.ends(74).says("entries 1 to 1 are in the log")
      let log = try place.medai("audit", "verify", "--audit-log", "log", "--json").json()
      #expect(log["entries"]?.int == 2)
    }
  }
}
