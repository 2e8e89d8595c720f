internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
public import SystemPackage

/// Appends events of another system: each line of the answer is written when its entry is durable.
///
/// - Parameters:
///   - name: A type with a schema under `Guidelines/events`.
///   - source: A file of one object or NDJSON; `-` reads standard input as it comes.
///   - context: The settings.
/// - Returns: Nothing to print; the answers were printed one by one.
/// - Throws: `Failure` 64 for a type that cannot be appended, 65 with the line of what is refused.
///   What was acknowledged before stays.
public func appendEvents(
  type name: String, from source: FilePath, context: JobContext
) throws -> JobResult {
  let catalog = try eventCatalog()
  guard let type = Auditing.Identifier(name),
    let schema = try? catalog.newest(type), schema.isExternal
  else { throw unknownType(isOwn: EventType(rawValue: name) != nil, catalog) }
  let input: FileDescriptor
  if source == "-" {
    input = .standardInput
  } else {
    input = try openForReading(source)
  }
  defer { if input != .standardInput { try? input.close() } }
  var log = try openAuditLog(context, role: "external")
  var feed = EventFeed(input, type: type, catalog: catalog)
  var fault: EventFeed.Fault?
  var isLast = false
  while fault == nil, !isLast {
    let batch = feed.next()
    fault = try append(batch, to: &log) ?? batch.fault
    isLast = batch.isLast
  }
  try log.close()
  if let fault { throw fault }
  return JobResult()
}

/// Commits a batch and acknowledges each of its entries.
///
/// - Returns: The fault of an event that is too long for an entry: those before it are committed.
private func append(
  _ batch: EventBatch, to log: inout AuditLog
) throws -> EventFeed.Fault? {
  let entries: [AppendedEntry]
  do throws(AuditLogError) {
    entries = try log.append(batch.events)
  } catch {
    guard case .event(let cause, let index) = error, batch.lines.indices.contains(index) else {
      throw error
    }
    // The batch is whole or not at all, so what is sound goes again without the rest.
    try acknowledge(try log.append(Array(batch.events[..<index])))
    return .event(line: batch.lines[index], cause)
  }
  try acknowledge(entries)
  return nil
}

private func acknowledge(_ entries: [AppendedEntry]) throws {
  guard !entries.isEmpty else { return }
  var text = ""
  for entry in entries {
    text += "{\"entry\": \(entry.entry), \"leaf_sha256\": \"\(entry.leafDigest.hex)\"}\n"
  }
  do {
    try writeStandardOutput(Array(text.utf8))
  } catch {
    // What is in the log stays there: appended once more it would stand there twice.
    let last = entries[entries.count - 1].entry
    throw Failure(
      .inputOutput,
      Bilingual(
        ko: "\(entries[0].entry)번부터 \(last)번까지의 항목은 로그에 있으나, 그 확인을 표준 출력에 쓰지 못했습니다.",
        en: "entries \(entries[0].entry) to \(last) are in the log, but standard output did not "
          + "take their acknowledgement."),
      hint: Bilingual(
        ko: "다시 덧붙이지 마십시오. medai audit verify 로 항목 수를 확인하십시오.",
        en: "do not append them again; medai audit verify tells how many entries there are."))
  }
}

private func openForReading(_ path: FilePath) throws -> FileDescriptor {
  do {
    return try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
  } catch let code as Errno {
    throw FileError(.open, path, code)
  }
}

private func unknownType(isOwn: Bool, _ catalog: EventCatalog) -> Failure {
  let known = catalog.externalTypes.map(\.text).joined(separator: ", ")
  return Failure(
    .usage,
    isOwn
      ? Bilingual(
        ko: "이 종류는 프로그램 자신만 기록합니다.", en: "this type is the program's own; nobody appends it.")
      : Bilingual(ko: "그런 종류의 사건은 없습니다.", en: "there is no such type of event."),
    hint: Bilingual(
      ko: "덧붙일 수 있는 종류: \(known). 형식은 Guidelines/events 에 있습니다.",
      en: "types that can be appended: \(known); their schemas lie in Guidelines/events."))
}
