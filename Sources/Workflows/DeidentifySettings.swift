public import Cryptography
public import Deidentification
public import MedaiText
public import SystemPackage

/// What a de-identification run is asked to do.
public struct DeidentifySettings: Sendable {
  /// Files and folders; folders are read with everything below them, in byte order.
  public var inputs: [FilePath]
  /// Where the same relative paths appear.
  public var output: FilePath
  /// Where the evidence appears: beside the output, never inside it.
  public var evidence: FilePath
  /// The form of the inputs; `nil` tells by name and content.
  public var format: RecordFormat?
  /// The encoding of the inputs; `nil` decides on the whole of each file.
  public var encoding: TextEncoding?
  /// Names of fields beyond the known ones.
  public var fields = FieldNames()
  /// What is known of patients.
  public var patients = PatientTable()
  /// Digest of the file that tells it, which the run commits to; `nil` without one.
  public var patientsDigest: Digest?
  /// Workers; the output does not depend on it.
  public var jobs = 1
  /// The largest record in bytes.
  public var maxRecordBytes = 16 << 20
  /// Files up to this size are read as a whole by one worker, so that many small files run side by
  /// side; larger ones are cut into batches. The output does not depend on it.
  public var smallFileBytes = 1 << 20
  /// Where span lines go.
  public var spans: FilePath?
  /// Whether span lines carry the identifiers themselves.
  public var spansWithText = false
  /// Whether nothing is released: counts and evidence only.
  public var isDryRun = false
  /// Where quarantine lines go besides the evidence folder; required for a stream.
  public var quarantine: FilePath?

  /// Settings for these inputs.
  ///
  /// - Parameters:
  ///   - inputs: Files and folders.
  ///   - output: The output folder.
  ///   - evidence: The evidence folder; by default the output's name with `.evidence`.
  public init(inputs: [FilePath], output: FilePath, evidence: FilePath? = nil) {
    self.inputs = inputs
    self.output = output
    self.evidence = evidence ?? Self.defaultEvidence(for: output)
  }

  /// The evidence folder of an output folder.
  public static func defaultEvidence(for output: FilePath) -> FilePath {
    FilePath(output.string + ".evidence")
  }
}

/// Why a run was refused or stopped. Paths of inputs stand for themselves only where the caller
/// gave them; a file found in a folder is spoken of by its number.
public enum DeidentifyError: Error, Equatable, Sendable {
  /// An input that the caller named does not exist or cannot be opened.
  case input(number: Int, isMissing: Bool)
  /// Input and output are the same place, or one lies in the other.
  case outputIsInput
  /// Evidence lies in the output, or the output in the evidence, or evidence in an input.
  case evidenceInside
  /// The spans or quarantine file lies in the output folder.
  case sideFileInside
  /// The spans and the quarantine file are one, or one of them is a file of the evidence.
  case sideFilesMeet
  /// The evidence folder holds the evidence of an earlier run.
  case evidenceExists
  /// The records of a stream cannot be told apart any more from this one on.
  case brokenStream(record: Int)
  /// An output, evidence or spans file could not be written.
  case write(role: String, code: Errno)
  /// A stream needs a place for what is withheld.
  case quarantineRequired
  /// Tokens could not be kept in the re-identification vault.
  case links
  /// Random numbers cannot be had.
  case randomness
}
