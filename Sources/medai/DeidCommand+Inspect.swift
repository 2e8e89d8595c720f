import ArgumentParser
import Settings
import SystemPackage
import Workflows

extension DeidCommand {
  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show each candidate in a text, the evidence for and against it, the verdict.",
      discussion: """
        The text is printed, so keep the output as safe as the text.
        Example: medai deid explain --text-file note.txt --json
        """)
    @OptionGroup var common: CommonOptions
    @Option(help: "The text (default: standard input).") var textFile: String?
    @Option(help: "utf-8 or cp949.") var encoding = "utf-8"
    @Option(help: "Policy whose site section counts (default kr-research).") var policy: String?
    @Option(help: "The site's words, patterns and shapes of numbers (YAML).") var site: String?
    @Option(help: "Known-patient table (CSV).") var patients: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common, [.policy: policy]) { context in
        try explainCandidates(
          ExplainCandidatesRequest(
            textFile: textFile.map { FilePath($0) }, encoding: encoding,
            site: site.map { FilePath($0) }, patients: patients.map { FilePath($0) },
            asJSON: json),
          context: context)
      }
    }
  }

  struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare found spans with marked notes: precision, recall, leaked characters.",
      discussion: """
        GOLD marks identifiers as ⟦TYPE:surface⟧ in texts, or is NDJSON of id, text and spans. SPANS \
        is what deid --spans writes.
        Example: medai deid evaluate --gold gold --spans spans.ndjson --json
        """)
    @OptionGroup var common: CommonOptions
    @Option(help: "Marked notes: a folder or file.") var gold: String
    @Option(help: "Span lines (NDJSON).") var spans: String
    @Option(help: "Field of the records that holds the notes' text.") var field = "/text"
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common) { context in
        try evaluateDeidentification(
          EvaluateDeidentificationRequest(
            gold: FilePath(gold), spans: FilePath(spans), field: field, asJSON: json),
          context: context)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Search released files for identifiers that stayed and for known values.",
      discussion: """
        Findings name file, record, field and type, never the text. Exit status 1 where something \
        was found, 2 where a known name was met that an invented one may be.
        Example: medai deid verify released --patients patients.csv --policy kr-research
        """)
    @OptionGroup var common: CommonOptions
    @Argument(help: "Folder or file that was released.") var released: String
    @Option(help: "Known-patient table (CSV); none of its values may stand there.")
    var patients: String?
    @Option(help: "The policy it was made with (default: as DIR.evidence tells).")
    var policy: String?
    @Option(help: "The site's words, patterns and shapes of numbers (YAML).") var site: String?
    @Option(help: "Workers; the output does not depend on it.") var jobs: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
      try await finish(common, [.jobs: jobs]) { context in
        try await verifyReleased(
          VerifyReleasedRequest(
            released: FilePath(released), patients: patients.map { FilePath($0) },
            policy: policy, site: site.map { FilePath($0) }, asJSON: json),
          context: context)
      }
    }
  }
}
