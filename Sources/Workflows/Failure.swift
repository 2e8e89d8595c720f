public import Presentation

/// Why a job stopped: one sentence and the next step, in both languages, with the exit status.
///
/// Sentences name files, records and reasons; they never quote input.
public struct Failure: Error, Sendable {
  /// How the program ends.
  public let status: ExitStatus
  /// What went wrong.
  public let sentence: Bilingual
  /// What to do now.
  public let hint: Bilingual?

  /// A failure with its sentence and, where there is one, the next step.
  public init(_ status: ExitStatus, _ sentence: Bilingual, hint: Bilingual? = nil) {
    self.status = status
    self.sentence = sentence
    self.hint = hint
  }
}
