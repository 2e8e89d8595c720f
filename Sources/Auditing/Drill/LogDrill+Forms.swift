internal import Cryptography
internal import MedaiCore

/// Forms of entries, checkpoints and proofs that must not pass.
extension LogDrill {
  /// The same entry by somebody in another role.
  static func otherRole(_ leaf: [UInt8]) -> [UInt8]? {
    let lead = Array("{\"actor\":{\"role\":\"".utf8)
    guard leaf.starts(with: lead), leaf.count > lead.count else { return nil }
    var changed = leaf
    changed[lead.count] =
      leaf[lead.count] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
    return changed
  }

  /// The same entry some years earlier or later.
  static func time(movedBy years: Int) -> ([UInt8]) -> [UInt8]? {
    { leaf in
      let lead = Array("\"time\":\"".utf8)
      guard leaf.count > lead.count + 4,
        let start = (0..<(leaf.count - lead.count - 4)).first(where: {
          leaf[$0...].starts(with: lead)
        })
      else { return nil }
      let digits = (start + lead.count)..<(start + lead.count + 4)
      guard let year = Int(String(decoding: leaf[digits], as: UTF8.self)),
        (1000...9999).contains(year + years)
      else { return nil }
      var changed = leaf
      changed.replaceSubrange(digits, with: "\(year + years)".utf8)
      // A leap day has no counterpart in most years.
      guard let found = changed[digits.lowerBound...].firstIndex(of: UInt8(ascii: "\"")),
        Timestamp(text: String(decoding: changed[digits.lowerBound..<found], as: UTF8.self)) != nil
      else { return nil }
      return changed
    }
  }

  /// JSON that means the same to a lenient reader: spaced, with a number as `1.0`, with a key twice,
  /// in another order, with an escape, behind a byte order mark.
  static let jsonForms: [@Sendable ([UInt8]) -> [UInt8]?] = [
    { changed($0, "{\"actor\"", "{ \"actor\"") },
    { changed($0, "\"v\":1,", "\"v\":1.0,") },
    { changed($0, "{\"actor\":{\"role\":", "{\"actor\":{\"role\":\"a\",\"role\":") },
    { changed($0, "\"v\":1,\"values\"", "\"values\":{},\"v\":1,\"values\"") },
    { changed($0, "\"actor\"", "\"\\u0061ctor\"") },
    { [0xEF, 0xBB, 0xBF] + $0 },
  ]

  private static func changed(_ leaf: [UInt8], _ old: String, _ new: String) -> [UInt8]? {
    let result = replacing(Array(old.utf8), by: Array(new.utf8), in: leaf)
    return result == leaf ? nil : result
  }

  /// Notes that look like the log's checkpoint and are none.
  static func malformed(_ note: SignedNote) -> [[UInt8]] {
    let bytes = note.bytes
    let lines = note.text.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    guard lines.count == 4 else { return [] }
    func with(_ lines: [[UInt8]]) -> [UInt8] {
      SignedNote(text: Array(lines.joined(separator: [0x0A])), signatures: note.signatures).bytes
    }
    let strangers = (0..<16).map { number in
      SignedNote.Signature(
        name: "stranger", keyID: [0, 0, 0, UInt8(number)], bytes: [UInt8](repeating: 0, count: 64))
    }
    return [
      with([lines[0], [UInt8(ascii: "0")] + lines[1], lines[2], []]),
      with([lines[1], lines[2], []]), with([lines[0], lines[2], []]),
      with([lines[0], lines[1], []]),
      Array(bytes.map { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }.joined()),
      with([lines[0] + [0xFF], lines[1], lines[2], []]),
      SignedNote(text: note.text, signatures: strangers + note.signatures).bytes,
    ]
  }

  /// Proofs of one entry that do not lead to the signed root.
  func brokenProofs() throws -> [Trial] {
    var reader = try LogReader.open(folder: copy.path, catalog: catalog)
    let entry = before.entries / 2
    let good = try reader.proof(of: entry)
    let leaf = try reader.leaf(entry)
    var paths: [[Digest]] = [
      good.path + [Digest(repeating: 0)], [Digest(repeating: 0)] + good.path,
    ]
    if let first = good.path.first {
      paths += [Array(good.path.dropFirst()), Array(good.path.dropLast())]
      paths.append([Digest(repeating: 0)] + good.path.dropFirst())
      let swapped = Array(good.path.dropFirst().prefix(1)) + [first] + good.path.dropFirst(2)
      if swapped != good.path { paths.append(swapped) }
    }
    let indices = [entry + 1, before.entries, before.entries + entry]
    return paths.map { trial(EntryProof(index: entry, path: $0, note: good.note), leaf) }
      + indices.map { trial(EntryProof(index: $0, path: good.path, note: good.note), leaf) }
  }

  /// The two hashes below an inner node shown as an entry's bytes.
  func secondPreimage() throws -> [Trial] {
    guard before.entries >= 2 else { return [] }
    var reader = try LogReader.open(folder: copy.path, catalog: catalog)
    let good = try reader.proof(of: 0)
    var pair: [UInt8] = []
    for index in 0..<2 { pair += try reader.node(NodePlace(level: 0, index: index)).bytes }
    let short = EntryProof(index: 0, path: Array(good.path.dropFirst()), note: good.note)
    return [trial(short, pair), trial(short, [0x01] + pair), trial(good, pair)]
  }

  private func trial(_ proof: EntryProof, _ leaf: [UInt8]) -> Trial {
    let isAccepted =
      (try? EntryProof(proof.bytes).verify(leaf: leaf, trusting: before.signers)) != nil
    return Trial(found: isAccepted ? .accepted : .refused)
  }
}
