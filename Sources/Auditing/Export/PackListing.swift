internal import MedaiCore
internal import SystemPackage

/// Which files a pack of some size has, and in which order its manifest lists them.
struct PackListing {
  /// The size of its checkpoint.
  let size: Int

  /// The entry that a file under `proofs/` is about.
  static func proofEntry(_ name: String) -> Int? {
    let ending = ".tlog-proof"
    guard name.utf8.count > ending.utf8.count,
      name.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    else { return nil }
    return PackName.decimal(String(decoding: name.utf8.dropLast(ending.utf8.count), as: UTF8.self))
  }

  /// Whether a path is one that a pack of this size may have. Which keys, consistency proofs and
  /// earlier checkpoints it must have depends on the entries and is judged there.
  private func admits(_ path: String, below folder: String, _ name: String) -> Bool {
    switch folder {
    case "":
      [PackName.guide, PackName.checkpoint, PackName.manifest, PackName.schemas]
        .contains { sameBytes($0, name) }
    case PackName.anchors: PackName.anchoredSize(name).map { $0 <= size } ?? false
    case PackName.checkpoints:
      PackName.decimal(name).map { $0 > 0 && $0 < size } ?? false
    case PackName.consistency, PackName.trust: true
    case PackName.proofs: Self.proofEntry(name).map { $0 < size } ?? false
    default: TilePath(path)?.belongs(toSize: size) ?? false
    }
  }

  /// Everything in the folder that no pack of this size has, at most 100, in byte order.
  func strangers(in files: PackFiles) throws(PackError) -> [String] {
    var found: [String] = []
    try search("", in: files, &found)
    return found
  }

  private func search(
    _ folder: String, in files: PackFiles, _ found: inout [String]
  ) throws(PackError) {
    let names = try filing { () throws(FileError) in
      try folderEntries(folder.isEmpty ? files.folder : files.folder.pushing(FilePath(folder)))
    }
    // No pack has an empty folder.
    if names.isEmpty, !folder.isEmpty { found.append(visiblePath(folder)) }
    for name in names {
      guard found.count < 100 else { return }
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      // A name that is not UTF-8 leads nowhere once it is text; no pack has one.
      guard let status = try? fileStatus(files.folder.pushing(FilePath(path))) else {
        found.append(visiblePath(path))
        continue
      }
      let isAdmitted =
        switch status.kind {
        case .folder: isFolder(path, below: folder, name)
        case .file: admits(path, below: folder, name)
        case .link, .other: false
        }
      if !isAdmitted {
        found.append(visiblePath(path))
      } else if status.kind == .folder {
        try search(path, in: files, &found)
      }
    }
  }

  /// Folders are judged by their names; a tile's place is judged with the tile.
  private func isFolder(_ path: String, below folder: String, _ name: String) -> Bool {
    let known = [
      PackName.anchors, PackName.checkpoints, PackName.consistency, PackName.proofs,
      PackName.tile, PackName.trust,
    ]
    if folder.isEmpty { return known.contains { sameBytes($0, name) } }
    return folder.utf8.starts(with: PackName.tile.utf8) && path.utf8.count < 80
  }

  /// The files in the manifest's order: byte order of the parts, and tiles by number.
  func names(in files: PackFiles) throws(PackError) -> NameSequence {
    var before = [PackName.guide]
    func append(_ folder: String) throws(PackError) {
      before += try files.names(folder).map { "\(folder)/\($0)" }
    }
    try append(PackName.anchors)
    before.append(PackName.checkpoint)
    try append(PackName.checkpoints)
    try append(PackName.consistency)
    try append(PackName.proofs)
    before.append(PackName.schemas)
    let after = try files.names(PackName.trust).map { "\(PackName.trust)/\($0)" }
    return NameSequence(before: before, size: size, after: after)
  }

  /// The names one after another, without holding those of the tiles.
  struct NameSequence {
    private let before: [String]
    private let after: [String]
    private let size: Int
    private var place = 0
    private var content: TilePath.Content? = .hashes(level: 0)
    private var index = 0

    fileprivate init(before: [String], size: Int, after: [String]) {
      self.before = before
      self.size = size
      self.after = after
    }

    /// The next name.
    mutating func next() -> String? {
      if place < before.count {
        place += 1
        return before[place - 1]
      }
      while let content {
        let (full, partial) = TilePath.tiles(content, size: size)
        defer { index += 1 }
        if index < full { return TilePath(content, index: index).text }
        if index == full, let partial { return partial.text }
        index = -1
        switch content {
        case .hashes(let level) where level < TilePath.maxLevel:
          self.content = .hashes(level: level + 1)
        case .hashes: self.content = .entries
        case .entries: self.content = nil
        }
      }
      guard place < before.count + after.count else { return nil }
      place += 1
      return after[place - 1 - before.count]
    }
  }
}

/// A path as it may be shown: a name that no pack has may be anything.
func visiblePath(_ path: String) -> String {
  let isPlain = path.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  guard isPlain, path.utf8.count <= 200 else { return "(a name that is not shown)" }
  return path
}
