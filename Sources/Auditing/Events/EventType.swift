/// The types of entries that this program writes itself.
public enum EventType: String, Sendable, CaseIterable {
  case logOpen = "log.open"
  case logClose = "log.close"
  case keyRotate = "key.rotate"
  case clockStep = "clock.step"
  case redact = "redact"
  case checkpointAnchor = "checkpoint.anchor"
  case deidRunBegin = "deid.run.begin"
  case deidFile = "deid.file"
  case deidRunEnd = "deid.run.end"
  case examRunBegin = "exam.run.begin"
  case examRunEnd = "exam.run.end"
  case examValidate = "exam.validate"
  case generateRunBegin = "generate.run.begin"
  case generateAnswer = "generate.answer"
  case generateRunEnd = "generate.run.end"
  case checkRun = "check.run"
  case reportIssue = "report.issue"
  case replayRun = "replay.run"
  case vaultOpen = "vault.open"
  case reidentifyReveal = "reidentify.reveal"
  case reidentifyErase = "reidentify.erase"

  /// The name as entries carry it.
  public var identifier: Identifier { Identifier(unchecked: rawValue) }
}
