import ArgumentParser
import Settings
import SystemPackage
import Workflows

struct DeidCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deid", abstract: "De-identify clinical records. / 진료기록 비식별화",
    discussion: """
      medai deid INPUT... de-identifies; medai deid run --help lists its options.
      Example: medai deid records --output released --key keys/project.key \
      --signing-key keys/signing.pem
      """,
    subcommands: [Run.self, Evaluate.self, Verify.self, Explain.self, Reveal.self, Destroy.self],
    defaultSubcommand: Run.self)
}

extension DeidCommand {
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "De-identify files, folders or a stream (what deid does without a subcommand).",
      discussion: """
        Released records go to DIR under the same relative paths; the evidence (manifest, quarantine, \
        commitment keys) goes to DIR.evidence and stays with you. A record that cannot be checked is \
        withheld and makes the exit status 1.

        Examples:
          medai deid records --output released --key keys/project.key --signing-key keys/signing.pem
          medai deid export.csv --encoding cp949 --output released --signing-key keys/signing.pem
          medai deid - --format text --quarantine withheld.ndjson --no-audit < note.txt > clean.txt
        The same with the subcommand's name: medai deid run records --output released
        """)
    @OptionGroup var common: CommonOptions
    @OptionGroup var audit: AuditOptions
    @OptionGroup var keeping: VaultOptions
    @OptionGroup var links: ReidentificationOptions
    @Argument(help: "Files or folders; - reads standard input.") var inputs: [String]
    @Option(help: "Folder for the released records.") var output: String?
    @Option(help: "auto, text, csv, tsv, ndjson or json.") var format = "auto"
    @Option(help: "auto, utf-8 or cp949.") var encoding = "auto"
    @Option(help: "Policy file or name (default kr-research).") var policy: String?
    @Option(help: "Pseudonym key; without one a random key serves this run only.") var key: String?
    @Option(help: "Workers; the output does not depend on it.") var jobs: String?
    @Option(help: "Folder for the evidence (default: the output's name + .evidence).")
    var evidence: String?
    @Option(help: "Write the spans that were found (NDJSON).") var spans: String?
    @Flag(help: "Put the identifiers' own text into --spans. Keep that file safe.")
    var spansWithText = false
    @Flag(help: "Find and count, release nothing.") var dryRun = false
    @Option(help: "File for withheld records (required with -).") var quarantine: String?
    @Option(help: "Known-patient table (CSV); its values are found in the records.")
    var patients: String?
    @Option(help: "The site's words, patterns and shapes of numbers (YAML).") var site: String?
    @Option(help: "Field of the record that holds the text.") var textField: String?
    @Option(help: "Field of the record that holds its id.") var idField: String?
    @Option(help: "Field of the record that names the patient.") var patientField: String?

    func validate() throws {
      let streams = inputs.contains("-")
      if streams, inputs.count > 1 {
        throw ValidationError("- (standard input) stands alone.")
      }
      if streams, quarantine == nil {
        throw ValidationError("A stream needs --quarantine FILE for records that are withheld.")
      }
      if !streams, output == nil, !dryRun {
        throw ValidationError("Missing --output DIR (or --dry-run).")
      }
    }

    func run() async throws {
      let own: [SettingKey: String?] = [.policy: policy, .pseudonymKey: key, .jobs: jobs]
      try await finish(common, own.merging(audit.settings) { $1 }.merging(keeping.settings) { $1 })
      {
        context in
        try await deidentify(
          DeidentifyRequest(
            inputs: inputs.map { FilePath($0) }, output: output.map { FilePath($0) },
            format: format, encoding: encoding, evidence: evidence.map { FilePath($0) },
            spans: spans.map { FilePath($0) }, spansWithText: spansWithText, dryRun: dryRun,
            quarantine: quarantine.map { FilePath($0) }, patients: patients.map { FilePath($0) },
            textField: textField, idField: idField,
            patientField: patientField, withoutAudit: audit.noAudit,
            subject: keeping.subject, site: site.map { FilePath($0) },
            reidentification: links.place),
          context: context)
      }
    }
  }
}
