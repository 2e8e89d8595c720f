import Auditing
import Compliance
import Cryptography
import Deidentification
import Examination
import Inference
import MedaiCore
import Presentation
import Settings
import Storage
import SystemPackage
import Testing
import Workflows

/// Every error is explained in both languages, with its status and without input.
@Suite struct ExplainTests {
  private static let file = FileError(.open, "a.ndjson", .noSuchFileOrDirectory)

  private static let errors: [(any Error, Int32)] = [
    (file, 66), (FileError(.open, "a", .permissionDenied), 77),
    (FileError(.read, "a", .ioError), 74),
    (FileError(.read, "a", .fileTooLarge), 65), (FileError(.write, "a", .noSpace), 74),
    (FileError(.sync, "a", .diskQuotaExceeded), 74),
    (FileError(.create, "a", .permissionDenied), 73),
    (FileError(.create, "a", .readOnlyFileSystem), 73), (FileError(.rename, "a", .isDirectory), 73),
    (FileError(.create, "a", .notDirectory), 73), (FileError(.create, "a", .fileExists), 73),
    (FileError(.write, "a", .ioError), 74), (FileError(.list, "a", .notDirectory), 65),
    (LineError.file(file), 66), (LineError.tooLong(line: 3, maxBytes: 9), 65),
    (KeyError.readableByOthers(mode: 0o644), 77), (KeyError.unreadable, 4),
    (KeyError.wrongAlgorithm, 4), (KeyError.file(file), 66), (KeyError.notAFile, 77),
    (KeyError.malformedVerifierKey, 65), (KeyError.passphraseLength, 78),
    (PseudonymKeyError.readableByOthers(mode: 0o640), 77), (PseudonymKeyError.malformed, 78),
    (PseudonymKeyError.exists, 73), (PatientTableError.malformed(line: 4), 65),
    (PatientTableError.noPatientColumn, 65), (PolicyError.unknown(name: "김철수"), 64),
    (PolicyError.file(file), 66), (DeidentifyError.input(number: 2, isMissing: true), 66),
    (DeidentifyError.input(number: 2, isMissing: false), 74), (DeidentifyError.outputIsInput, 64),
    (DeidentifyError.evidenceInside, 64), (DeidentifyError.sideFileInside, 64),
    (DeidentifyError.quarantineRequired, 64), (DeidentifyError.randomness, 74),
    (DeidentifyError.write(role: "output", code: .noSpace), 74),
    (DeidentifyError.write(role: "output", code: .permissionDenied), 73),
    (DeidentifyError.write(role: "output", code: .ioError), 74),
    (AuditLogError.noLog, 66), (AuditLogError.databaseMissing, 3), (AuditLogError.schemaChanged, 3),
    (AuditLogError.untrustedHead, 4), (AuditLogError.brokenHead(.badSignature), 3),
    (AuditLogError.rolledBack, 3), (AuditLogError.replacedKey, 64),
    (AuditLogError.storage(.notAFile), 65), (VaultError.storage(.notAFile), 65),
    (AuditLogError.otherOrigin, 78), (AuditLogError.storage(.full), 74),
    (AuditLogError.storage(.locked), 74), (AuditLogError.storage(.corrupt), 3),
    (AuditLogError.storage(.readOnly), 73), (AuditLogError.storage(.cannotOpen), 73),
    (NoteError.noKnownKey, 4), (NoteError.badSignature, 3),
    (EvidenceError.duplicateID(line: 3, first: 1), 65), (EvidenceError.notAnObject(line: 3), 65),
    (EvidenceError.file(file), 66), (SubmissionError.outsideFolder(line: 3), 65),
    (ExamFileError(.unknownAnswer, record: 3, line: 4), 65), (ExamFileError(.empty), 65),
    (ExamFileError(.file(file)), 66), (ExamRunError.tooFewShots(wanted: 3, available: 1), 64),
    (ExamRunError.shotIsAsked(shot: 1, record: 2), 65),
    (JudgementError.answersDiffer(record: 2), 65), (JudgementError.ratioNeedsComparison, 64),
    (SessionError.emptyPrompt, 64), (SessionError.contextFull(needed: 9, capacity: 8), 65),
    (GuidelineError.unknownGuideline, 64), (GuidelineError.file(file), 66),
    (Surprise(text: "김철수"), 70),
  ]

  /// An error that nobody foresaw and that carries input.
  private struct Surprise: Error { let text: String }

  @Test func everyErrorHasAStatusAndTwoSentences() {
    for (error, status) in Self.errors {
      let failure = explain(error)
      #expect(failure.status.rawValue == status, "\(error)")
      for sentence in [failure.sentence, failure.hint].compactMap(\.self) {
        #expect(sentence.ko.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
        #expect(!sentence.en.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
        #expect(!sentence.ko.contains("김철수"))
        #expect(sentence.en.hasSuffix(".") || sentence.en.hasSuffix("trial key"), "\(sentence.en)")
      }
    }
  }

  @Test func placesAreNamed() {
    #expect(explain(Self.file).sentence.en.contains("a.ndjson"))
    #expect(explain(EvidenceError.duplicateID(line: 3, first: 1)).sentence.en.contains("line 3"))
    let item = explain(ExamFileError(.unknownAnswer, record: 3, line: 4)).sentence
    #expect(item.en.contains("record 3 (line 4)"))
    #expect(item.ko.contains("3번째 레코드(줄 4)"))
  }

  @Test func failureIsItsOwnExplanation() {
    let failure = Failure(.stopped, Bilingual(ko: "멈춤", en: "stopped"))
    #expect(explain(failure).status == .stopped)
    #expect(explain(failure).sentence.en == "stopped")
  }
}
