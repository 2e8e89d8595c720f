internal import Cryptography
internal import MedaiCore
internal import Storage
public import SystemPackage

/// Checks a vault against its log: what it claims is there and opens, what the log calls erased is
/// gone, and content is what the entries committed to.
///
/// Reads only. Call `verifyLog` first: what is said here rests on the log's entries. Without the
/// vault key, presence and erasure are compared and nothing is opened; then a change of what the
/// vault says of itself does not show.
///
/// - Parameters:
///   - path: The vault.
///   - key: The vault key.
///   - folder: The log's folder.
///   - catalog: Schemas of the log's entries.
/// - Returns: What was found.
/// - Throws: `VaultError` where there is no vault, its key is another, or it cannot be read at all.
public func checkVault(
  _ path: FilePath, key: VaultKey?, log folder: FilePath, catalog: EventCatalog = .builtIn
) throws -> VaultCheck {
  do {
    return try readSettled(path, otherwise: VaultError.storage(.locked) as any Error) { access in
      let vault = try Vault.connect(path, access, key: key)
      // The vault's state first: an entry is in the log before the vault speaks of it.
      try guarding { try vault.database.beginReading() }
      defer { vault.database.rollBack() }
      var log = try LogReader.open(folder: folder, catalog: catalog)
      return try guarding { try check(vault, &log) }
    }
  } catch let error as VaultError {
    return try found(error)
  }
}

private func found(_ error: VaultError) throws -> VaultCheck {
  var result = VaultCheck()
  switch error {
  case .schemaChanged, .broken: result.add(.broken)
  case .otherLog: result.add(.otherLog)
  case .storage(.corrupt), .storage(.wrongKind), .storage(.other): result.add(.broken)
  default: throw error
  }
  return result
}

private func check(_ vault: Vault, _ log: inout LogReader) throws -> VaultCheck {
  try vault.attach(to: &log)
  var result = VaultCheck()
  let acts = try vault.acts()
  judgeChain(acts, vault, &result)
  var lastActs: [Place: VaultAct] = [:]
  for act in acts { lastActs[Place(act.entry, act.role)] = act }
  let records = try vault.records()
  judgePresence(records, lastActs, vault, size: log.checkpoint.size, &result)
  judgeAbsence(records, lastActs, vault, &log, &result)
  if vault.key != nil { try openAll(records, vault, &log, &result) }
  return result
}

/// One piece of content of one entry.
private struct Place: Hashable {
  let entry: Int
  let role: VaultRole

  init(_ entry: Int, _ role: VaultRole) {
    self.entry = entry
    self.role = role
  }
}

private func judgeChain(_ acts: [VaultAct], _ vault: Vault, _ result: inout VaultCheck) {
  var previous = [UInt8](repeating: 0, count: 32)
  var holds = acts.count == vault.head.acts
  for (number, act) in acts.enumerated() {
    if act.sequence != number { holds = false }
    if let key = vault.key, !vault.isVouched(act, after: previous, key) { holds = false }
    previous = act.proof
  }
  if !holds || previous != vault.head.last { result.add(.broken) }
}

/// Looks at each piece that lies there.
private func judgePresence(
  _ records: [VaultRecord], _ lastActs: [Place: VaultAct], _ vault: Vault, size: Int,
  _ result: inout VaultCheck
) {
  for record in records {
    if record.entry < 0 {
      result.waiting += 1
      continue
    }
    result.records += 1
    let act = lastActs[Place(record.entry, record.role)]
    if vault.redacted[record.entry] != nil {
      result.add(.presentAfterRedaction, entry: record.entry, role: record.role)
    } else if act?.kind == .erase {
      result.add(.resurrected, entry: record.entry, role: record.role)
    } else if act?.name != record.name {
      result.add(.unclaimed, entry: record.entry, role: record.role)
    } else if record.entry >= size {
      result.add(.logBehind, entry: record.entry, role: record.role)
    }
  }
}

/// Looks at each piece that the vault claims or claims to have erased.
private func judgeAbsence(
  _ records: [VaultRecord], _ lastActs: [Place: VaultAct], _ vault: Vault, _ log: inout LogReader,
  _ result: inout VaultCheck
) {
  let present = Set(records.map { Place($0.entry, $0.role) })
  var erased = Set<Int>()
  let claimed = lastActs.values.sorted { $0.sequence < $1.sequence }
  for act in claimed where !present.contains(Place(act.entry, act.role)) {
    if vault.redacted[act.entry] != nil {
      erased.insert(act.entry)
    } else {
      result.add(
        act.kind == .erase ? .erasedWithoutRecord : .missing, entry: act.entry, role: act.role)
    }
  }
  let kept = Set(records.map(\.entry))
  result.erased = erased.filter { !kept.contains($0) }.sorted()
}

/// Decrypts everything and compares it with the commitments.
private func openAll(
  _ records: [VaultRecord], _ vault: Vault, _ log: inout LogReader, _ result: inout VaultCheck
) throws {
  var keys: [Int: [UInt8]] = [:]
  for record in records where record.role == .commitmentKey && record.entry >= 0 {
    keys[record.entry] = try? whole(vault.open(record), maxBytes: 32)
  }
  var entry: LogEntry?
  for record in records where record.entry >= 0 {
    if entry?.sequence != record.entry {
      entry = record.entry < log.checkpoint.size ? try? log.entry(record.entry) : nil
    }
    do {
      let content = try vault.open(record)
      guard let entry, let key = keys[record.entry],
        let form = ContentCommitment.of(entry.type, record.role)
      else {
        while try content.next() != nil {}
        result.read += 1
        continue
      }
      let code = try form.code(of: content, key: key)
      result.read += 1
      if code != nil, code == entry.digest(form.field) {
        result.opened += 1
      } else {
        result.add(.otherContent, entry: record.entry, role: record.role)
      }
    } catch let error as VaultError {
      switch error {
      case .missing:
        // A redaction that was cut short is named already.
        if vault.redacted[record.entry] == nil {
          result.add(.missing, entry: record.entry, role: record.role)
        }
      case .damaged, .broken: result.add(.damaged, entry: record.entry, role: record.role)
      default: throw error
      }
    }
  }
}

private func whole(_ content: ContentStream, maxBytes: Int) throws -> [UInt8]? {
  guard content.bytes <= maxBytes else { return nil }
  var bytes: [UInt8] = []
  while let piece = try content.next() { bytes += piece }
  return bytes
}
