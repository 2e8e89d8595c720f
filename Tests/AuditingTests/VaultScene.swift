import Cryptography
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage

@testable import Auditing

/// A log with a vault beside it, as `generate` would leave them.
struct VaultScene {
  let folder: FilePath
  let key: VaultKey
  /// One for all openings: another would step back and add entries.
  let clock = TestClock()

  var log: FilePath { folder.appending("log") }
  var vault: FilePath { folder.appending("vault.db") }

  /// Runs a body in a fresh folder with a log of one begin entry.
  static func with(_ body: (VaultScene) throws -> Void) throws {
    try withScratchFolder { folder in
      let scene = VaultScene(folder: folder, key: try VaultKey(.random(32)))
      try scene.append(generateBegin)
      try body(scene)
    }
  }

  /// Appends an event and closes the log.
  @discardableResult
  func append(_ event: Event) throws -> Int {
    var log = try openLog(log, clock: clock)
    let entry = try log.append(event).entry
    try log.close()
    return entry
  }

  func open() throws -> Vault { try Vault.open(vault, key: key, log: log) }

  func read() throws -> Vault {
    var reader = try LogReader.open(folder: log)
    return try Vault.read(vault, key: key, log: &reader)
  }

  func check(withKey: Bool = true) throws -> VaultCheck {
    try checkVault(vault, key: withKey ? key : nil, log: log)
  }

  /// Keeps one answer: stage, append, bind.
  @discardableResult
  func keep(
    _ vault: Vault, prompt: String, output: String = "answer", subject: String? = nil
  ) throws -> Int {
    let staged = try stage(vault, prompt: prompt, output: output, subject: subject)
    let entry = try append(staged.event)
    try vault.bind(staged.content, to: entry)
    return entry
  }

  /// Prepares one answer; the event that commits to it comes along.
  func stage(
    _ vault: Vault, prompt: String, output: String = "answer", subject: String? = nil
  ) throws -> (content: [StagedContent], event: Event) {
    let secret = try randomBytes(32)
    let hash = KeyedHash(key: secret)
    let chain = digest(prompt)
    let contexts = ["one", "두 번째 \"context\""]
    let content = try vault.stage(
      [
        (.prompt, Array(prompt.utf8)), (.output, Array(output.utf8)),
        (.context, JSONValue.array(contexts.map { .string($0) }).encoded(.canonical)),
        (.logitsChain, chain.bytes), (.commitmentKey, secret),
      ], subject: subject.map { Array($0.utf8) })
    let event = Event.generateAnswer(
      begin: 1, ordinal: 0, prompt: hash.code(purpose: "prompt", [Array(prompt.utf8)]),
      output: hash.code(purpose: "output", [Array(output.utf8)]), promptTokens: 1,
      outputTokens: 1, stop: .endToken,
      context: hash.code(purpose: "context", contexts.map { Array($0.utf8) }),
      logits: hash.code(purpose: "logits", [chain.bytes]))
    return (content, event)
  }

  /// Appends a `redact` entry for entries without touching the vault.
  func order(_ entries: [Int]) throws -> Int {
    try append(.redact(entries: entries, reason: .subject, basis: name("PIPA-36")))
  }

  /// Erases entries in the way of `audit redact`.
  func redact(_ entries: [Int], in vault: Vault) throws {
    try vault.erase(entries, by: try order(entries))
    try vault.scrub()
  }

  /// Runs SQL on the vault as somebody without the key.
  func edit(_ sql: String) throws {
    let database = try Database.open(vault, .write)
    try database.execute(sql)
    try database.checkpointWriteAheadLog()
  }

  /// Every byte of the vault's file and write-ahead log.
  func raw() throws -> [UInt8] {
    var bytes = try readFile(vault)
    for tail in ["-wal", "-shm", ".lock"] {
      let path = FilePath(vault.string + tail)
      if fileExists(path) { bytes += try readFile(path) }
    }
    return bytes
  }

  /// One blob that a query gives.
  func blob(_ sql: String) throws -> [UInt8] {
    let database = try Database.open(vault, .read)
    var row = try database.prepare(sql)
    guard try row.step() else { throw VaultError.noVault }
    return try row.bytes(0)
  }
}

/// Whether bytes occur in bytes.
func occurs(_ needle: [UInt8], in haystack: [UInt8]) -> Bool {
  guard needle.count <= haystack.count, let first = needle.first else { return false }
  return unsafe haystack.withUnsafeBufferPointer { buffer in
    for start in 0...(haystack.count - needle.count) where unsafe buffer[start] == first {
      if needle.indices.allSatisfy({ unsafe buffer[start + $0] == needle[$0] }) { return true }
    }
    return false
  }
}
