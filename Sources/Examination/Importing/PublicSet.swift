internal import MedaiCore

/// A public set of questions whose own files can be turned into items.
///
/// Texts are copied as they are. What a set calls by a name that means something else here is
/// renamed: KorMedMCQA's `subject` is a profession, not a subject of the examination, so it
/// becomes the exam's name and the items carry no subject.
public enum PublicSet: String, Sendable, CaseIterable {
  case kormedmcqa
  case kmmlu
  case click
  case medqa
  case medmcqa

  /// Items made from a file, and the records that could not be made one.
  public struct Imported: Sendable {
    /// Items in the form of `docs/exam.md`, one a line.
    public let ndjson: [UInt8]
    /// How many items there are.
    public let count: Int
    /// Records that were left out, each with its reason.
    public let refused: [ExamFileError]
  }

  /// Turns a set's own file, CSV, NDJSON or a JSON array, into items.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - name: Stands before the record's number in the id of a set without ids.
  /// - Returns: The items, and the records left out: a set may hold an item whose options repeat,
  ///   and one such item must neither be asked nor hide the others.
  /// - Throws: `ExamFileError` where the file as a whole cannot be read.
  public func items(from bytes: [UInt8], name: String) throws(ExamFileError) -> Imported {
    let records = try SetRecord.read(bytes)
    let firstAnswer = try self == .medmcqa ? Self.firstAnswer(in: records) : 1
    var ndjson: [UInt8] = []
    var count = 0
    var refused: [ExamFileError] = []
    var firstRecord: [[UInt8]: Int] = [:]
    for record in records {
      do throws(ExamFileError) {
        let line = try item(record, name: name, firstAnswer: firstAnswer)
        let bytes = JSONValue.object(line).encoded()
        let item: Item
        do throws(ExamFileError) {
          item = try Exam(bytes, format: .ndjson).items[0]
        } catch {
          throw ExamFileError(error.reason, record: record.number, line: record.line)
        }
        if let first = firstRecord[Array(item.id.utf8)] {
          throw record.fault(.duplicateID(firstRecord: first))
        }
        firstRecord[Array(item.id.utf8)] = record.number
        ndjson += bytes + [0x0A]
        count += 1
      } catch {
        refused.append(error)
      }
    }
    return Imported(ndjson: ndjson, count: count, refused: refused)
  }

  /// MedMCQA counts its answers from 1 in its own files and from 0 in copies of them; a file that
  /// holds neither a 0 nor a 4 does not tell which.
  private static func firstAnswer(in records: [SetRecord]) throws(ExamFileError) -> Int {
    if records.contains(where: { $0.integer("cop") == 0 }) { return 0 }
    if records.contains(where: { $0.integer("cop") == 4 }) { return 1 }
    throw ExamFileError(.unknownAnswer)
  }

  private func item(
    _ record: SetRecord, name: String, firstAnswer: Int
  ) throws(ExamFileError) -> JSONObject {
    let numbered = "\(name)-\(record.number)"
    switch self {
    case .kormedmcqa:
      let profession = try record.text("subject")
      let year = try record.text("year")
      let place = [profession, year, try record.text("period"), try record.text("q_number")]
      return [
        "id": .string("kormedmcqa-" + place.joined(separator: "-")),
        "question": .string(try record.text("question")),
        "options": try record.texts(["A", "B", "C", "D", "E"]),
        "answer": .integer(try record.required("answer")),
        "exam": .string("kormedmcqa-" + profession),
        "year": Int(year).map(JSONValue.integer) ?? .string(year),
      ]
    case .kmmlu:
      var item: JSONObject = [
        "id": .string(numbered), "question": .string(try record.text("question")),
        "options": try record.texts(["A", "B", "C", "D"]),
        "answer": .integer(try record.required("answer")),
        "exam": .string("kmmlu"),
      ]
      if let category = record["Category"]?.string { item["subject"] = .string(category) }
      return item
    case .click:
      let choices = record["choices"]?.array ?? []
      let answer = try record.text("answer")
      let places = choices.indices.filter {
        choices[$0].string.map { sameBytes($0, answer) } ?? false
      }
      guard places.count == 1 else { throw record.fault(.unknownAnswer) }
      var item: JSONObject = [
        "id": .string(try record.text("id")), "question": .string(try record.text("question")),
        "options": .array(choices), "answer": .integer(places[0] + 1), "exam": .string("click"),
      ]
      if let passage = record["paragraph"]?.string { item["paragraph"] = .string(passage) }
      return item
    case .medqa:
      return [
        "id": record["id"]?.string.map(JSONValue.string) ?? .string(numbered),
        "question": .string(try record.text("sent1")),
        "options": try record.texts(["ending0", "ending1", "ending2", "ending3"]),
        "answer": .integer(try record.required("label") + 1), "exam": .string("medqa"),
      ]
    case .medmcqa:
      var item: JSONObject = [
        "id": .string(try record.text("id")), "question": .string(try record.text("question")),
        "options": try record.texts(["opa", "opb", "opc", "opd"]),
        "answer": .integer(try record.required("cop") + 1 - firstAnswer),
        "exam": .string("medmcqa"),
      ]
      if let subject = record["subject_name"]?.string { item["subject"] = .string(subject) }
      return item
    }
  }
}
