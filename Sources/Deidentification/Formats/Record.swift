package import MedaiText

/// The form of an input file.
public enum RecordFormat: String, Sendable, CaseIterable {
  /// The whole file is one text.
  case text
  /// Comma-separated values (RFC 4180).
  case csv
  /// Tab-separated values, quoted as CSV is.
  case tsv
  /// One JSON value a line.
  case ndjson
  /// One JSON value, or an array of records.
  case json
}

/// One record as it was cut out of its file.
package struct RawRecord: Sendable {
  /// Bytes of the record in the file's encoding, without what separates it from the next.
  package var bytes: [UInt8]
  /// What lies between the record before and this one.
  package var before: [UInt8] = []
  /// What ends the record.
  package var after: [UInt8] = []
  /// Number of the record in its file, from 1.
  package var ordinal: Int
  /// Line on which it begins, from 1.
  package var line: Int
  /// A fault that the cutter saw; such a record is withheld.
  package var fault: WithheldReason?
  /// Whether these bytes are structure alone: no text in them, and never withheld.
  package var isStructure = false
  /// Whether what follows cannot be told apart any more, so that the whole file is withheld.
  package var breaksFile = false
}

/// Why a record or a file was not released.
public enum WithheldReason: String, Sendable, CaseIterable {
  /// Bytes that are no text in the file's encoding.
  case undecodable
  /// Longer than the largest record that is taken.
  case tooLarge = "too-large"
  /// It breaks its format.
  case malformed
  /// A row with more or fewer fields than the header.
  case columns
  /// No encoding fits the file.
  case noEncoding = "no-encoding"
  /// A kind of file that cannot be de-identified.
  case unsupported
  /// A symbolic link.
  case link
  /// Neither file nor folder.
  case notAFile = "not-a-file"
  /// The file cannot be read.
  case unreadable
  /// The file changed while it was read.
  case changed
}

/// What became of a record.
package struct RecordOutcome: Sendable {
  /// The record as it may be released; `nil` where it is withheld.
  package var released: RedactedText?
  /// Bytes before it, which are structure.
  package var before: [UInt8]
  /// Bytes after it.
  package var after: [UInt8]
  /// Why it is withheld, and at which byte of the record.
  package var withheld: (reason: WithheldReason, offset: Int)?
  /// The identifiers that were found.
  package var spans: [AppliedSpan] = []
  /// The tokens that were given, where they are wanted.
  package var links: [TokenLink] = []
  /// The record's id in the input; it may identify a person.
  package var reference: String
  /// Keyed token of the id.
  package var token: String
  /// Number in the file, from 1; 0 for structure and headers.
  package var ordinal: Int
  /// Line on which it begins.
  package var line: Int
  /// Whether the whole file is withheld for it.
  package var breaksFile = false
  /// Whether it is structure or a header, which no one counts.
  package var isStructure: Bool { ordinal == 0 }

  /// The bytes to write.
  ///
  /// - Parameter isFirst: Whether no record of the file was written yet: a comma before the first
  ///   element of a JSON array goes with the withheld elements before it.
  /// - Returns: Nothing for a withheld record.
  package func assembled(isFirst: Bool) -> [UInt8] {
    guard let released else { return [] }
    var lead = before
    if isFirst, let comma = lead.firstIndex(of: UInt8(ascii: ",")) { lead.remove(at: comma) }
    return lead + released.bytes + after
  }
}

/// Settings that a file's records share.
package struct RecordSettings: Sendable {
  /// The file's form.
  package var format: RecordFormat
  /// How its characters are written.
  package var encoding: TextEncoding
  /// Names of its fields.
  package var fields: FieldNames
  /// The largest record in bytes.
  package var maxRecordBytes: Int
  /// Stands for the file where a record has no id: its path as it was given.
  package var document: [UInt8]
  /// Whether spans carry identifiers.
  package var withText: Bool
  /// What a patient table tells, by patient id.
  package var patients: PatientTable
  /// Whether tokens are handed out with what they stand for.
  package var wantsLinks = false

  /// Settings of one file.
  package init(
    format: RecordFormat, encoding: TextEncoding, fields: FieldNames = FieldNames(),
    maxRecordBytes: Int = 16 << 20, document: [UInt8], withText: Bool = false,
    patients: PatientTable = PatientTable()
  ) {
    self.format = format
    self.encoding = encoding
    self.fields = fields
    self.maxRecordBytes = maxRecordBytes
    self.document = document
    self.withText = withText
    self.patients = patients
  }
}
