/// How a run ended.
public enum RunOutcome: String, Sendable, CaseIterable { case completed, failed, interrupted }

/// Whether a run was allowed to send anything off the machine.
public enum Egress: String, Sendable, CaseIterable { case none, allowed }

/// Whether a run works on files or on a stream.
public enum RunInput: String, Sendable, CaseIterable { case files, stream }

/// Whether a key outlives the run.
public enum KeyLifetime: String, Sendable, CaseIterable { case site, run }

/// Who computes.
public enum EngineKind: String, Sendable, CaseIterable { case native, endpoint }

/// How an exam item is asked.
public enum AnswerMethod: String, Sendable, CaseIterable { case loglikelihood, generate }

/// Why an answer ended.
public enum StopReason: String, Sendable, CaseIterable {
  case endToken = "end-token"
  case maxTokens = "max-tokens"
  case stopText = "stop-text"
  case error
  case withheld
}

/// Whether a prompt went through de-identification before it reached the model.
public enum PromptTreatment: String, Sendable, CaseIterable {
  case deidentified
  case asGiven = "as-given"
}

/// What a claim about a score turned out to be.
public enum ClaimVerdict: String, Sendable, CaseIterable {
  case supported, refuted
  case notShown = "not-shown"
}

/// What a pass rule turned out to be.
public enum RuleVerdict: String, Sendable, CaseIterable {
  case pass, fail
  case notEvaluable = "not-evaluable"
}

/// Why a log was closed for good.
public enum CloseReason: String, Sendable, CaseIterable { case successor, retirement, migration }

/// Why a key was replaced.
public enum RotationReason: String, Sendable, CaseIterable {
  case scheduled, compromise, staff, algorithm
}

/// Why content was erased.
public enum RedactReason: String, Sendable, CaseIterable {
  case subject = "subject-request"
  case retention
  case order = "court-or-authority"
  case error
}

/// What kind of outside evidence holds a checkpoint.
public enum AnchorKind: String, Sendable, CaseIterable { case rfc3161, cms, witness, printed }
