public import Cryptography
internal import MedaiCore

/// Why a policy file cannot be used; lines count from 1.
public enum PolicyFileError: Error, Equatable, Sendable {
  /// The file holds a control character, or does not end with a line feed.
  case forbiddenBytes
  /// A line of no known shape.
  case malformed(line: Int)
  /// A key of the wrong kind or shape.
  case badKey(line: Int)
  /// A key or a name that stands there already, or a member counted twice.
  case duplicate(line: Int)
  /// A name that no line before defines.
  case unknownName(line: Int)
  /// More or less than one quorum line.
  case notOneQuorum
  /// More than 64 logs, or more than 128 witnesses and groups.
  case tooMany(line: Int)
}

/// Which logs are known and how many witnesses must have cosigned (C2SP tlog-policy).
///
/// Names in the file are bytes without meaning outside of it.
public struct WitnessPolicy: Sendable {
  /// Keys of known logs.
  public let logs: [VerifierKey]
  /// Keys of witnesses.
  public let witnesses: [VerifierKey]
  private let nodes: [PolicyNode]
  private let quorum: Int?

  /// Any one of these witnesses is enough.
  public init(anyOf witnesses: [VerifierKey]) {
    logs = []
    self.witnesses = witnesses
    nodes =
      witnesses.indices.map(PolicyNode.witness)
      + [.group(needed: 1, members: Array(witnesses.indices))]
    quorum = witnesses.count
  }

  /// Reads a policy file.
  ///
  /// - Throws: `PolicyFileError`.
  public init(_ file: [UInt8]) throws(PolicyFileError) {
    var reader = PolicyReader()
    guard file.isEmpty || file.last == 0x0A,
      file.allSatisfy({ $0 == 0x09 || $0 == 0x0A || ($0 >= 0x20 && $0 != 0x7F) })
    else { throw .forbiddenBytes }
    let lines = file.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).map(Array.init)
      guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
      try reader.read(words, line: number + 1)
    }
    guard reader.quorums == 1 else { throw .notOneQuorum }
    logs = reader.logs
    witnesses = reader.witnesses
    quorum = reader.quorum
    nodes = reader.nodes
  }

  /// Whether these witnesses are enough. `quorum none` asks for none, but then still one known
  /// witness must have spoken for there to be outside evidence at all.
  public func isMet(by cosigners: [VerifierKey]) -> Bool {
    let spoke = witnesses.map(cosigners.contains)
    guard let quorum else { return spoke.contains(true) }
    // Every member stands before its group, so one pass settles all.
    var met: [Bool] = []
    for node in nodes {
      switch node {
      case .witness(let index): met.append(spoke[index])
      case .group(let needed, let members):
        met.append(members.count(where: { met[$0] }) >= needed)
      }
    }
    return met[quorum]
  }
}

/// A name of a policy: a witness, or a group of names before it.
private enum PolicyNode {
  case witness(Int)
  case group(needed: Int, members: [Int])
}

/// The lines of a policy file as they come.
private struct PolicyReader {
  var logs: [VerifierKey] = []
  var witnesses: [VerifierKey] = []
  var nodes: [PolicyNode] = []
  var quorum: Int?
  var quorums = 0
  private var names: [[UInt8]] = []
  private var taken: Set<Int> = []

  mutating func read(_ words: [[UInt8]], line: Int) throws(PolicyFileError) {
    switch String(decoding: words[0], as: UTF8.self) {
    case "log":
      guard (2...3).contains(words.count) else { throw .malformed(line: line) }
      let key = try key(words[1], .ed25519, line)
      guard !logs.contains(where: { $0.publicKey == key.publicKey }) else {
        throw .duplicate(line: line)
      }
      logs.append(key)
      guard logs.count <= 64 else { throw .tooMany(line: line) }
    case "witness":
      guard (3...4).contains(words.count) else { throw .malformed(line: line) }
      let key = try key(words[2], .cosignature, line)
      guard !witnesses.contains(where: { $0.publicKey == key.publicKey }) else {
        throw .duplicate(line: line)
      }
      try add(words[1], .witness(witnesses.count), line)
      witnesses.append(key)
    case "group": try readGroup(words, line)
    case "quorum":
      guard words.count == 2 else { throw .malformed(line: line) }
      quorums += 1
      quorum = words[1] == Self.none ? nil : try place(of: words[1], line)
    default: throw .malformed(line: line)
    }
  }

  private static let none = Array("none".utf8)

  private mutating func readGroup(_ words: [[UInt8]], _ line: Int) throws(PolicyFileError) {
    guard words.count >= 4 else { throw .malformed(line: line) }
    var members: [Int] = []
    for name in words[3...] {
      let member = try place(of: name, line)
      guard taken.insert(member).inserted else { throw .duplicate(line: line) }
      members.append(member)
    }
    let word = String(decoding: words[2], as: UTF8.self)
    let needed: Int
    switch word {
    case "all": needed = members.count
    case "any": needed = 1
    default:
      guard let count = Int(word), (1...members.count).contains(count),
        Array(String(count).utf8) == words[2]
      else { throw .malformed(line: line) }
      needed = count
    }
    try add(words[1], .group(needed: needed, members: members), line)
  }

  private func key(
    _ word: [UInt8], _ type: NoteSignatureType, _ line: Int
  ) throws(PolicyFileError) -> VerifierKey {
    do throws(KeyError) {
      return try VerifierKey(line: word, type: type)
    } catch {
      throw .badKey(line: line)
    }
  }

  private mutating func add(
    _ name: [UInt8], _ node: PolicyNode, _ line: Int
  ) throws(PolicyFileError) {
    guard name != Self.none else { throw .malformed(line: line) }
    guard !names.contains(name) else { throw .duplicate(line: line) }
    names.append(name)
    nodes.append(node)
    guard nodes.count <= 128 else { throw .tooMany(line: line) }
  }

  private func place(of name: [UInt8], _ line: Int) throws(PolicyFileError) -> Int {
    guard let index = names.firstIndex(of: name) else { throw .unknownName(line: line) }
    return index
  }
}
