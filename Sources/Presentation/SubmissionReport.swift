/// Everything a submission report shows, as plain values.
///
/// There is no clock in it: times are the text that the log's checkpoint carries, so that the same
/// log at the same size gives the same bytes.
public struct SubmissionReport: Sendable {
  /// The product the submission is about.
  public var productTitle: Bilingual
  /// Its version.
  public var productVersion: String
  /// The tool and its version that made the assessment.
  public var tool: String
  /// The overall verdict.
  public var verdict: ReportVerdict
  /// The verdict as a sentence.
  public var verdictSentence: Bilingual
  /// What was looked at, and how far the log vouches for it.
  public var scope: Scope
  /// Plain statements that bound the meaning of the report, such as "not an approval".
  public var statements: [Bilingual]
  /// What was not assessed, and why.
  public var notAssessed: [Bilingual]
  /// De-identification, where it was done.
  public var deidentification: DeidentificationFigures?
  /// The exam, where one was taken.
  public var exam: ExamFigures?
  /// The guidelines, in the order they were asked for.
  public var guidelines: [Guideline]
  /// The controls of all guidelines; the page sorts them worst first, stable within a verdict.
  public var controls: [Control]
  /// The submission in the ministry's order; see `MinistryOutline`.
  public var submission: [SubmissionSection]
  /// What a person has to settle and sign, beyond the controls that need one: the page adds a line
  /// for each control that needs a person or lacks evidence by itself.
  public var checklist: [Bilingual]
  /// What the tool cannot see, in words.
  public var limits: [Bilingual]
  /// How a reader verifies this report, one step a line.
  public var verification: [Bilingual]

  /// A report; lists may be filled later.
  public init(
    productTitle: Bilingual, productVersion: String, tool: String, verdict: ReportVerdict,
    verdictSentence: Bilingual, scope: Scope, statements: [Bilingual] = [],
    notAssessed: [Bilingual] = [], deidentification: DeidentificationFigures? = nil,
    exam: ExamFigures? = nil, guidelines: [Guideline] = [], controls: [Control] = [],
    submission: [SubmissionSection] = [], checklist: [Bilingual] = [], limits: [Bilingual] = [],
    verification: [Bilingual] = []
  ) {
    self.productTitle = productTitle
    self.productVersion = productVersion
    self.tool = tool
    self.verdict = verdict
    self.verdictSentence = verdictSentence
    self.scope = scope
    self.statements = statements
    self.notAssessed = notAssessed
    self.deidentification = deidentification
    self.exam = exam
    self.guidelines = guidelines
    self.controls = controls
    self.submission = submission
    self.checklist = checklist
    self.limits = limits
    self.verification = verification
  }
}

extension SubmissionReport {
  /// What `medai audit verify` says of a log.
  public enum LogVerdict: String, Sendable, CaseIterable {
    case intact
    case selfConsistent = "self-consistent"
    case tampered
    case rolledBackOrForked = "rolled-back-or-forked"
    case untrustedKey = "untrusted-key"
    case incomplete
  }

  /// What was looked at, and how far the log vouches for it.
  public struct Scope: Sendable {
    /// The claimed time of the first entry; empty where there is none.
    public var periodFrom: String
    /// The claimed time of the last entry.
    public var periodTo: String
    /// The origin line of the log.
    public var origin: String
    /// Entries that were read.
    public var entries: Int
    /// The size of the checkpoint.
    public var checkpointSize: Int
    /// The root in hexadecimal.
    public var checkpointRoot: String
    /// The short code a person can read aloud.
    public var checkpointCode: String
    /// The name of the signer's key; empty where nothing is signed.
    public var signerName: String
    /// The key hash in hexadecimal.
    public var signerKeyHash: String
    /// What the log's check said.
    public var logVerdict: LogVerdict
    /// Through which entry and by whom the log is anchored.
    public var anchoredThrough: Bilingual
    /// Where the guarantee ends.
    public var guaranteeEnds: Bilingual

    /// A scope.
    public init(
      periodFrom: String, periodTo: String, origin: String, entries: Int, checkpointSize: Int,
      checkpointRoot: String, checkpointCode: String, signerName: String, signerKeyHash: String,
      logVerdict: LogVerdict, anchoredThrough: Bilingual, guaranteeEnds: Bilingual
    ) {
      self.periodFrom = periodFrom
      self.periodTo = periodTo
      self.origin = origin
      self.entries = entries
      self.checkpointSize = checkpointSize
      self.checkpointRoot = checkpointRoot
      self.checkpointCode = checkpointCode
      self.signerName = signerName
      self.signerKeyHash = signerKeyHash
      self.logVerdict = logVerdict
      self.anchoredThrough = anchoredThrough
      self.guaranteeEnds = guaranteeEnds
    }
  }

  /// One guideline; its counts are taken from the controls that name it.
  public struct Guideline: Sendable {
    /// For example `mfds-genai-2025`.
    public var id: String
    /// Its title.
    public var title: Bilingual
    /// The edition.
    public var edition: String
    /// SHA-256 of the catalogue, in hexadecimal.
    public var digest: String
    /// Where the catalogue comes from and how far it was checked.
    public var sourceNote: Bilingual

    /// A guideline.
    public init(
      id: String, title: Bilingual, edition: String, digest: String, sourceNote: Bilingual
    ) {
      self.id = id
      self.title = title
      self.edition = edition
      self.digest = digest
      self.sourceNote = sourceNote
    }
  }

  /// One item of the submission form or its attachments.
  public struct SubmissionItem: Sendable {
    /// Whether the submission has it.
    public enum State: String, Sendable, CaseIterable { case present, missing, partial }
    /// Its number in the form, such as `3` or `2.1`; may be empty.
    public var number: String
    /// Its name in the ministry's words.
    public var title: Bilingual
    /// Whether the submission has it.
    public var state: State
    /// A remark; may be empty.
    public var note: Bilingual
    /// The ids of the controls that judge it.
    public var controls: [String]

    /// An item.
    public init(
      number: String, title: Bilingual, state: State, note: Bilingual = Bilingual(""),
      controls: [String] = []
    ) {
      self.number = number
      self.title = title
      self.state = state
      self.note = note
      self.controls = controls
    }
  }

  /// A part of the submission: the generative items, or the attachments of a notice.
  public struct SubmissionSection: Sendable {
    /// The heading.
    public var title: Bilingual
    /// Where the order comes from; may be empty.
    public var note: Bilingual
    /// Its items, in the ministry's order.
    public var items: [SubmissionItem]

    /// A section.
    public init(title: Bilingual, note: Bilingual = Bilingual(""), items: [SubmissionItem]) {
      self.title = title
      self.note = note
      self.items = items
    }
  }
}
