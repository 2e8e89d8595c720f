internal import Cryptography
public import MedaiCore
public import SystemPackage

/// Checks every piece of outside evidence in a folder.
///
/// Reads no clock: a certificate is judged at the moment of the time stamp, or at the one that the
/// seal claims. Says nothing of the log itself: hand the checkpoints of those that are valid to
/// `verifyLog(anchors:)`.
///
/// - Parameters:
///   - folder: The folder `anchors` of a log or a pack; one that is missing holds nothing.
///   - trust: Whom to believe.
/// - Returns: One item a file, smallest size first; time stamps before seals before cosignatures.
/// - Throws: `FileError` where the folder or a file in it cannot be read.
public func checkAnchors(
  in folder: FilePath, trust: AnchorTrust
) throws(FileError) -> [CheckedAnchor] {
  guard fileExists(folder) else { return [] }
  var places: [(size: Int, kind: AnchorKind, name: String)] = []
  for name in try folderEntries(folder) {
    guard let place = AnchorFolder.place(name) else { continue }
    places.append((place.size, place.kind, name))
  }
  let order: [AnchorKind] = [.rfc3161, .cms, .witness, .printed]
  let rank = { (kind: AnchorKind) in order.firstIndex(of: kind) ?? order.count }
  places.sort { left, right in
    guard left.size == right.size else { return left.size < right.size }
    guard left.kind == right.kind else { return rank(left.kind) < rank(right.kind) }
    return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
  var anchors: [CheckedAnchor] = []
  var judge: AnchorJudge?
  for place in places {
    if judge?.size != place.size {
      if let done = judge { anchors += done.finished() }
      judge = try AnchorJudge(AnchorFolder(folder), size: place.size, trust: trust)
    }
    try judge?.add(place.kind, name: place.name)
  }
  if let done = judge { anchors += done.finished() }
  return anchors
}

/// The checkpoints that valid evidence speaks of, each once, smallest first.
public func anchoredCheckpoints(_ anchors: [CheckedAnchor]) -> [Checkpoint] {
  var checkpoints: [Checkpoint] = []
  for checkpoint in anchors.filter(\.isValid).compactMap(\.checkpoint)
  where !checkpoints.contains(checkpoint) {
    checkpoints.append(checkpoint)
  }
  return checkpoints
}
