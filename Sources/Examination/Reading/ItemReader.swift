internal import MedaiCore

/// Collects the items of one file and refuses what two readers could understand differently.
struct ItemReader {
  private(set) var items: [Item] = []
  private var firstRecord: [[UInt8]: Int] = [:]
  private var record = 0

  /// Reads NDJSON: one object a line, empty lines skipped.
  mutating func readLines(_ bytes: [UInt8]) throws(ExamFileError) {
    var lines = JSONLines(bytes)
    while let (value, line) = try lines.next() {
      record = lines.record
      try add(try item(value, line: line), line: line)
    }
  }

  /// Reads one JSON array of objects.
  mutating func readArray(_ bytes: [UInt8]) throws(ExamFileError) {
    let value: JSONValue
    do throws(JSONError) { value = try parseJSON(bytes) } catch {
      throw ExamFileError(.json(error.reason, offset: error.offset))
    }
    guard let elements = value.array else { throw ExamFileError(.wrongKind(field: "/")) }
    for element in elements {
      record += 1
      try add(try item(element, line: 0), line: 0)
    }
  }

  /// Reads a table with a header.
  mutating func readTable(_ bytes: [UInt8]) throws(ExamFileError) {
    var table = try ItemTable(bytes)
    while let row = try table.next() {
      record += 1
      try add(try item(row), line: row.line)
    }
  }

  private mutating func add(_ item: Item, line: Int) throws(ExamFileError) {
    let key = Array(item.id.utf8)
    if let first = firstRecord[key] { throw fault(.duplicateID(firstRecord: first), line) }
    firstRecord[key] = record
    items.append(item)
  }

  private func fault(_ reason: ExamFileError.Reason, _ line: Int) -> ExamFileError {
    ExamFileError(reason, record: record, line: line)
  }

  // MARK: JSON

  private func item(_ value: JSONValue, line: Int) throws(ExamFileError) -> Item {
    guard let object = value.object else { throw fault(.notAnObject, line) }
    func text(_ field: String, required: Bool) throws(ExamFileError) -> String? {
      switch object[field] {
      case .string(let text):
        if isBlank(text) {
          if required { throw fault(.blank(field: field), line) }
          return nil
        }
        return text
      case nil, .null:
        if required { throw fault(.missing(field: field), line) }
        return nil
      default: throw fault(.wrongKind(field: field), line)
      }
    }
    func label(_ field: String) throws(ExamFileError) -> ItemLabel? {
      switch object[field] {
      case .string(let text): return isBlank(text) ? nil : .text(text)
      case .number(let number):
        guard let value = number.int else { throw fault(.wrongKind(field: field), line) }
        return .integer(value)
      case nil, .null: return nil
      default: throw fault(.wrongKind(field: field), line)
      }
    }
    func required(_ field: String) throws(ExamFileError) -> String {
      try text(field, required: true) ?? ""
    }
    let id: String
    if let number = object["id"]?.int { id = String(number) } else { id = try required("id") }
    let question = try required("question")
    let options = try options(object, line: line)
    return Item(
      id: id, question: question, options: options,
      answer: try answer(object, optionCount: options.count, line: line),
      paragraph: try text("paragraph", required: false),
      subject: try text("subject", required: false), exam: try text("exam", required: false),
      year: try label("year"), group: try label("group"))
  }

  private func options(_ object: JSONObject, line: Int) throws(ExamFileError) -> [String] {
    guard let value = object["options"] else { return [] }
    guard let elements = value.array else { throw fault(.wrongKind(field: "options"), line) }
    var options: [String] = []
    for element in elements {
      guard let text = element.string else { throw fault(.wrongKind(field: "options"), line) }
      options.append(text)
    }
    try check(options, line: line)
    return options
  }

  private func answer(
    _ object: JSONObject, optionCount: Int, line: Int
  ) throws(ExamFileError) -> ItemAnswer {
    switch object["answer"] {
    case nil, .null: throw fault(.missing(field: "answer"), line)
    case .string(let text): return try answer(text, optionCount: optionCount, line: line)
    case .number(let number):
      guard optionCount > 0 else { throw fault(.optionsMissing, line) }
      guard let value = number.int else { throw fault(.unknownAnswer, line) }
      return try option(numbered: value, of: optionCount, line: line)
    default: throw fault(.wrongKind(field: "answer"), line)
    }
  }

  // MARK: Table

  private func item(_ row: ItemTable.Row) throws(ExamFileError) -> Item {
    func text(_ field: String) -> String? {
      guard let text = row[field], !isBlank(text) else { return nil }
      return text
    }
    func required(_ field: String) throws(ExamFileError) -> String {
      guard let text = text(field) else { throw fault(.blank(field: field), row.line) }
      return text
    }
    func label(_ field: String) -> ItemLabel? {
      guard let text = text(field) else { return nil }
      guard let value = Int(text), String(value) == text else { return .text(text) }
      return .integer(value)
    }
    var options = row.options
    // Rows with fewer options than the widest row leave the last fields empty.
    while let last = options.last, last.isEmpty { options.removeLast() }
    if !options.isEmpty { try check(options, line: row.line) }
    return Item(
      id: try required("id"), question: try required("question"), options: options,
      answer: try answer(try required("answer"), optionCount: options.count, line: row.line),
      paragraph: text("paragraph"), subject: text("subject"), exam: text("exam"),
      year: label("year"), group: label("group"))
  }

  // MARK: Both

  private func check(_ options: [String], line: Int) throws(ExamFileError) {
    guard (2...maxOptions).contains(options.count) else {
      throw fault(.optionCount(options.count), line)
    }
    let trimmed = options.map { Array(trimmedText($0).utf8) }
    for (index, option) in trimmed.enumerated() {
      if option.isEmpty { throw fault(.blankOption(index + 1), line) }
      if let first = trimmed[..<index].firstIndex(of: option) {
        throw fault(.duplicateOptions(first + 1, index + 1), line)
      }
    }
  }

  private func answer(
    _ text: String, optionCount: Int, line: Int
  ) throws(ExamFileError) -> ItemAnswer {
    if isBlank(text) { throw fault(.blank(field: "answer"), line) }
    let letter = optionIndex(text)
    if optionCount == 0 {
      // A lone letter is an answer to options that are not there, more likely than a free text.
      if letter != nil { throw fault(.optionsMissing, line) }
      return .free(text)
    }
    if let letter { return try option(letter, of: optionCount, line: line) }
    guard let number = Int(text), String(number) == text else { throw fault(.unknownAnswer, line) }
    return try option(numbered: number, of: optionCount, line: line)
  }

  private func option(
    numbered number: Int, of count: Int, line: Int
  ) throws(ExamFileError) -> ItemAnswer {
    // Checked before the subtraction, which would trap on the least integer.
    guard number >= 1 else { throw fault(.answerOutOfRange(options: count), line) }
    return try option(number - 1, of: count, line: line)
  }

  private func option(
    _ index: Int, of count: Int, line: Int
  ) throws(ExamFileError) -> ItemAnswer {
    guard (0..<count).contains(index) else {
      throw fault(.answerOutOfRange(options: count), line)
    }
    return .option(index)
  }
}
