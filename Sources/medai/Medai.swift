import ArgumentParser
import Workflows

/// The command. Parses, runs one job, prints; everything else is in `Workflows`.
@main
struct Medai: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "medai",
    abstract: "De-identify records, examine medical language models, prove both. / 의료 AI 규제 대응 도구",
    discussion: """
      Examples / 예:
        medai key new signing --output keys/signing.pem
        medai deid records --output released --signing-key keys/signing.pem
        medai exam run items.ndjson --model model.gguf --output results.ndjson
        medai audit report --submission medai.submission.yaml --output report.ko.html --lang ko

      Exit status: 0 done, 1 negative verdict, 2 evidence insufficient, 3 integrity broken, \
      4 key not trusted, 5 incomplete, 64 usage, 65 malformed input, 66 missing input, \
      69 unavailable, 70 internal error, 73/74 output or I/O, 75 resumable, 77/78 permission or \
      configuration.
      """,
    version: toolVersion,
    subcommands: [
      KeyCommand.self, DeidCommand.self, ModelCommand.self, GenerateCommand.self,
      ExamCommand.self, CheckCommand.self, AuditCommand.self, GuidelineCommand.self,
      ConfigCommand.self, DoctorCommand.self,
    ])
}
