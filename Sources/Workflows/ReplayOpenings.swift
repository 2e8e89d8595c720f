internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import SystemPackage

/// The keys that open commitments, from the files `…​.openings` and `openings.ndjson` among the
/// inputs.
///
/// A key proves itself: what it opens must come out as the log has it. So files of other logs and
/// other runs do no harm.
struct ReplayOpenings {
  /// The key of an answer.
  struct Answer: Sendable {
    /// Place of the openings file among the inputs.
    let file: Int
    /// The output record's id.
    let id: [UInt8]
    let key: [UInt8]
  }

  /// What opens the begin entry of a generation run.
  struct Inputs: Sendable {
    /// The begin entry, where the file says so.
    let entry: Int?
    let key: [UInt8]
    /// The system message as the model got it.
    let system: String?
  }

  /// Keys of answers by the entry that they say they open.
  private(set) var answers: [Int: [Answer]] = [:]
  /// Keys of begin entries by the place of their file.
  private(set) var inputs: [Int: Inputs] = [:]
  /// Keys of files and patient tables by commitment.
  private(set) var committed: [Digest: [UInt8]] = [:]

  private static let maxBytes = 256 << 20

  /// Reads every openings file; lines that hold no key are passed over.
  ///
  /// - Throws: `Failure` 77 where one can be read by others: who has key and text has the text.
  init(among files: ReplayFiles) throws {
    for (number, place) in files.named(endingIn: ".openings", "openings.ndjson").enumerated() {
      let bytes: [UInt8]
      do throws(KeyError) {
        bytes = try readSecretFile(files.files[place].path, maxBytes: Self.maxBytes)
      } catch {
        throw Self.failure(error, number: number + 1)
      }
      for line in bytes.split(separator: 0x0A) {
        guard let value = try? parseJSON(Array(line)),
          let key = value["key"]?.string.flatMap({ MedaiCore.bytes(fromHex: $0) })
        else { continue }
        take(value, key, file: place)
      }
    }
  }

  private mutating func take(_ value: JSONValue, _ key: [UInt8], file: Int) {
    if let commitment = value["commitment"]?.string.flatMap({ Digest(hex: $0) }) {
      committed[commitment] = key
      return
    }
    switch value["kind"]?.string {
    case "answer":
      guard let id = value["id"]?.string, let entry = value["entry"]?.int else { return }
      answers[entry, default: []].append(Answer(file: file, id: Array(id.utf8), key: key))
    case "inputs":
      inputs[file] = Inputs(
        entry: value["entry"]?.int, key: key, system: value["system"]?.string)
    default: return
    }
  }

  private static func failure(_ error: KeyError, number: Int) -> Failure {
    if case .readableByOthers = error {
      return Failure(
        .permission,
        Bilingual(
          ko: "--inputs 아래의 열쇠 파일(이름순 \(number)번째)을 다른 사용자가 읽을 수 있습니다.",
          en: "an openings file below --inputs (number \(number) by name) can be read by others."),
        hint: Bilingual(ko: "chmod 600 으로 닫으십시오.", en: "close it: chmod 600."))
    }
    return Failure(
      .inputOutput,
      Bilingual(
        ko: "--inputs 아래의 열쇠 파일(이름순 \(number)번째)을 읽지 못했습니다.",
        en: "an openings file below --inputs (number \(number) by name) could not be read."))
  }
}

/// The texts of output records among the inputs, found by the id that an opening names.
final class ReplayRecords {
  private let files: ReplayFiles
  /// The file that was read last, which is nearly always the one that is asked for next.
  private var read: (place: Int, records: [[UInt8]: [JSONValue]])?
  /// Files that hold a record of an id, once more than the file beside the openings is searched.
  private var places: [[UInt8]: [Int]]?

  private static let maxBytes = 256 << 20

  /// Records among files.
  init(among files: ReplayFiles) { self.files = files }

  /// The first record of an id that a test accepts.
  ///
  /// - Parameters:
  ///   - id: The id.
  ///   - place: The openings file that names it; the output file lies beside it, or anywhere.
  ///   - accepts: Whether the record is the one.
  /// - Returns: The record; `nil` where there is none.
  func first(
    id: [UInt8], besideOpenings place: Int, accepts: (JSONValue) -> Bool
  ) -> JSONValue? {
    if let beside = outputs(besideOpenings: place),
      let found = records(at: beside)[id]?.first(where: accepts)
    {
      return found
    }
    for place in located()[id] ?? [] {
      if let found = records(at: place)[id]?.first(where: accepts) { return found }
    }
    return nil
  }

  private func outputs(besideOpenings place: Int) -> Int? {
    let ending = ".openings"
    let path = files.files[place].path.string
    guard path.hasSuffix(ending) else { return nil }
    let outputs = path.dropLast(ending.utf8.count)
    return files.files.firstIndex { $0.path.string.utf8.elementsEqual(outputs.utf8) }
  }

  private func records(at place: Int) -> [[UInt8]: [JSONValue]] {
    if let read, read.place == place { return read.records }
    var records: [[UInt8]: [JSONValue]] = [:]
    if let bytes = try? readFile(files.files[place].path, maxBytes: Self.maxBytes) {
      for line in bytes.split(separator: 0x0A) {
        guard let value = try? parseJSON(Array(line)), let id = value["id"]?.string,
          value["prompt"]?.string != nil, value["output"]?.string != nil
        else { continue }
        records[Array(id.utf8), default: []].append(value)
      }
    }
    read = (place, records)
    return records
  }

  private func located() -> [[UInt8]: [Int]] {
    if let places { return places }
    var found: [[UInt8]: [Int]] = [:]
    for place in files.named(endingIn: ".ndjson", ".jsonl", ".json") {
      for id in records(at: place).keys { found[id, default: []].append(place) }
    }
    places = found
    return found
  }
}
