internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import MedaiText
internal import SystemPackage

/// What the first reading of a file tells.
struct InputSurvey: Sendable {
  var format: RecordFormat?
  var encoding: TextEncoding?
  var evidence: EncodingEvidence
  var digest: Digest
  var bytes: Int
  /// Whether the start tells of a kind of file that holds no text.
  var isBinary: Bool

  /// Reads a whole file once: its digest, and what encoding fits all of it.
  static func of(
    _ path: FilePath, name: String, settings: DeidentifySettings
  ) throws(FileError) -> InputSurvey {
    try of(ChunkReader(path), name: name, settings: settings)
  }

  /// The same of anything that can be read.
  static func of(
    _ input: consuming ChunkReader, name: String, settings: DeidentifySettings
  ) throws(FileError) -> InputSurvey {
    var reader = input
    var hash = SHA256()
    var detector = EncodingDetector()
    var head: [UInt8] = []
    var bytes = 0
    var hasNull = false
    while let chunk = try reader.next() {
      hash.update(chunk)
      if settings.encoding == nil { detector.append(chunk) }
      if head.count < 4096 { head += chunk.prefix(4096 - head.count) }
      if !hasNull { hasNull = chunk.contains(0) }
      bytes += chunk.count
    }
    let format = settings.format ?? Self.format(name: name, head: head)
    var encoding = settings.encoding
    var evidence = EncodingEvidence.given
    if encoding == nil {
      let verdict = detector.verdict()
      encoding = verdict.encoding
      evidence = verdict.evidence
      // JSON is UTF-8 by definition (RFC 8259 section 8.1): what does not fit is damage.
      if encoding == nil, format == .ndjson || format == .json {
        encoding = .utf8
        evidence = .lines
      }
    }
    return InputSurvey(
      format: format, encoding: encoding, evidence: evidence, digest: hash.finalize(),
      bytes: bytes, isBinary: hasNull || Self.isBinary(head))
  }

  /// The form of a file by its name, and for JSON by its start.
  static func format(name: String, head: [UInt8]) -> RecordFormat? {
    let lower = name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    func ends(_ suffix: String) -> Bool {
      lower.count > suffix.utf8.count && lower.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
    if ends(".csv") { return .csv }
    if ends(".tsv") || ends(".tab") { return .tsv }
    if ends(".ndjson") || ends(".jsonl") { return .ndjson }
    if ends(".json") { return sniffJSON(head) ?? .json }
    if ends(".txt") || ends(".text") || ends(".md") || ends(".log") || ends(".note") {
      return .text
    }
    // A name without an ending tells nothing; a known ending of another kind is not text.
    let hasEnding =
      lower.dropFirst().lastIndex(of: UInt8(ascii: ".")).map { dot in
        let ending = lower[(dot + 1)...]
        return (1...5).contains(ending.count)
          && ending.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 }
          && ending.contains { $0 &- 0x61 < 26 }
      } ?? false
    return hasEnding ? nil : sniff(head)
  }

  /// The form of a stream by its start.
  static func sniff(_ head: [UInt8]) -> RecordFormat { sniffJSON(head) ?? .text }

  private static func sniffJSON(_ head: [UInt8]) -> RecordFormat? {
    let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    let start = text.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    switch start.first {
    case UInt8(ascii: "["): return .json
    case UInt8(ascii: "{"):
      // One object a line, or one object over many lines.
      guard let end = start.firstIndex(of: 0x0A) else { return .ndjson }
      let line = start[..<end]
      return (try? parseJSON(Array(line))) != nil ? .ndjson : .json
    default: return nil
    }
  }

  /// Containers and images whose text no scan of bytes would see.
  private static func isBinary(_ head: [UInt8]) -> Bool {
    let marks: [[UInt8]] = [
      [0x50, 0x4B, 0x03, 0x04], [0x1F, 0x8B], [0x25, 0x50, 0x44, 0x46], [0x89, 0x50, 0x4E, 0x47],
      [0xFF, 0xD8, 0xFF], [0xD0, 0xCF, 0x11, 0xE0], [0x42, 0x5A, 0x68], [0xFD, 0x37, 0x7A, 0x58],
      [0xFF, 0xFE], [0xFE, 0xFF], [0x28, 0xB5, 0x2F, 0xFD], Array("{\\rtf".utf8),
    ]
    return marks.contains { head.starts(with: $0) }
  }
}

/// A batch of records that one worker takes.
struct RecordBatch: Sendable {
  var redactor: RecordRedactor
  /// The header and what stands above it, done already; records follow.
  var headers: [RecordOutcome]
  var records: [RawRecord]
  /// Input bytes that the batch stands for.
  var bytes: Int

  var isEmpty: Bool { headers.isEmpty && records.isEmpty }
}

/// Reads a file in bounded memory and cuts it into batches.
final class RecordSource {
  private var reader: ChunkReader
  private var cutter: any RecordCutter
  private var redactor: RecordRedactor
  private var hash: SHA256? = SHA256()
  private var isAtEnd = false
  private var pendingHead: [UInt8]
  /// Bytes read so far.
  private(set) var bytes = 0

  /// Bytes of records in a batch, at least.
  private static let batchBytes = 128 << 10
  private static let batchRecords = 256

  /// A source.
  ///
  /// - Parameters:
  ///   - reader: The file.
  ///   - head: Bytes that were taken from the reader already.
  ///   - redactor: Finds the header; a copy goes with each batch.
  ///   - settings: The form, and how long a record may be.
  init(
    _ reader: consuming ChunkReader, head: [UInt8] = [], redactor: RecordRedactor,
    settings: RecordSettings
  ) {
    self.reader = reader
    self.redactor = redactor
    cutter = recordCutter(for: settings.format, maxRecordBytes: settings.maxRecordBytes)
    pendingHead = head
  }

  /// The next batch; `nil` at the end.
  func next() throws(FileError) -> RecordBatch? {
    var batch = RecordBatch(redactor: redactor, headers: [], records: [], bytes: 0)
    var size = 0
    let before = bytes
    // While the header is looked for, rows are read of which nothing can be told yet.
    while batch.isEmpty || size < Self.batchBytes && batch.records.count < Self.batchRecords {
      if let record = cutter.next() {
        size += record.bytes.count
        if let headers = redactor.prepare(record) {
          batch.headers += headers
        } else {
          batch.records.append(record)
        }
        continue
      }
      if isAtEnd {
        batch.headers += redactor.finishPreparing()
        break
      }
      var chunk = takeHead()
      if chunk == nil { chunk = try reader.next() }
      if let chunk {
        hash?.update(chunk)
        bytes += chunk.count
        cutter.append(chunk)
      } else {
        isAtEnd = true
        cutter.finish()
      }
    }
    batch.redactor = redactor
    batch.bytes = bytes - before
    return batch.isEmpty ? nil : batch
  }

  private func takeHead() -> [UInt8]? {
    if pendingHead.isEmpty { return nil }
    defer { pendingHead = [] }
    return pendingHead
  }

  /// The digest of everything read.
  func digest() -> Digest { hash.take()?.finalize() ?? sha256([]) }
}
