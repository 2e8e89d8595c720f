import Cryptography
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

@Test(arguments: [
  (TilePath(.hashes(level: 0), index: 1_234_067), "tile/0/x001/x234/067"),
  (TilePath(.hashes(level: 2), index: 0, width: 1), "tile/2/000.p/1"),
  (TilePath(.entries, index: 273, width: 112), "tile/entries/273.p/112"),
  (TilePath(.entries, index: 999), "tile/entries/999"),
  (TilePath(.entries, index: 1000), "tile/entries/x001/000"),
])
func aTileHasThePathOfTheStandard(tile: TilePath, path: String) {
  #expect(tile.text == path)
  #expect(TilePath(path) == tile)
}

@Test(arguments: [
  "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/+0/000", "tile/8/000",
  "tile/-1/000", "tile/0/x000/000", "tile/0/X001/000", "tile/0/001/000", "tile/0/x001",
  "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/+1", "tile/0/000.p",
  "tile/0/000.p/", "tile/0/000/1", "tile/0/000.P/1", "tile/0//000", "tile/0/", "tile//000",
  "/tile/0/000", "tile/0/000/", "tile/data/000", "tile/Entries/000", "tiles/0/000", "tile/0/-01",
  "tile/0/x001/x234/x067", "tile/0/ 00", "tile/0/x1/000", "tile/entries/x000/x000/000",
])
func anyOtherSpellingIsNoTile(path: String) { #expect(TilePath(path) == nil) }

/// The example of the standard: 273 full tiles and one of 112; one full and one of 17; one of 1.
@Test func aTreeOfSeventyThousandHasTheTilesOfTheStandard() {
  let counts = (0...3).map { TilePath.tiles(.hashes(level: $0), size: 70_000) }
  #expect(counts.map(\.full) == [273, 1, 0, 0])
  #expect(counts.map { $0.partial?.width } == [112, 17, 1, nil])
  let entries = TilePath.tiles(.entries, size: 70_000)
  #expect(entries.full == 273 && entries.partial?.text == "tile/entries/273.p/112")
  let exact = TilePath.tiles(.hashes(level: 1), size: 256)
  #expect(exact.full == 0 && exact.partial?.text == "tile/1/000.p/1")
}

@Test func aPackHasTheseFilesAndNoKey() throws {
  try withScratchFolder { scratch in
    let (pack, _) = try makePack(scratch)
    #expect(
      try allFiles(pack) == [
        "VERIFY.md", "anchors/2.note", "anchors/2.tsr", "checkpoint", "checkpoints/2",
        "checkpoints/3", "consistency/2-4.txt", "consistency/3-4.txt", "manifest.json",
        "proofs/1.tlog-proof", "schemas.json", "tile/0/000.p/4", "tile/entries/000.p/4",
        "trust/log.vkey", "trust/policy", "trust/retired-2.vkey",
      ])
    for name in try allFiles(pack) {
      #expect(!holds(try bytes(pack, name), Array("PRIVATE KEY".utf8)))
      #expect(!holds(try bytes(pack, name), testSeed))
    }
    #expect(try bytes(pack, "trust/retired-2.vkey") == Array((testVerifier(7).line + "\n").utf8))
    #expect(try bytes(pack, "trust/log.vkey") == Array((testVerifier(8).line + "\n").utf8))
  }
}

/// Sizes around the edges of bundles, compared with roots made another way.
@Test(arguments: [1, 2, 255, 256, 257, 511, 512, 513, 700])
func aPackOfAnySizeVerifies(size: Int) throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    var log = try openLog(folder)
    if size > 1 { _ = try log.append((1..<size).map { _ in deidBegin() }) }
    try log.close()
    let pack = scratch.appending("pack")
    let exported = try exportPack(log: folder, to: pack, proofs: [0, size - 1])
    #expect(exported.checkpoint.size == size)
    #expect(exported.files == (try allFiles(pack).count))
    let result = try verifyPack(folder: pack, trustedKeys: [testVerifier()])
    #expect(result.verdict == .intact)
    #expect(result.problems == [])
    #expect(result.entries == size)
    var hashes: [Digest] = []
    for path in try allFiles(pack) where path.hasPrefix("tile/entries/") {
      let tile = try #require(TilePath(path))
      let bundle = PackFiles.entries(try bytes(pack, path), width: tile.width)
      #expect(bundle.isExact)
      hashes += bundle.entries.map(leafHash)
    }
    #expect(merkleRoot(of: hashes) == exported.checkpoint.root)
    // Each hash above the leaves is the root over the 256 below it.
    for path in try allFiles(pack) where path.hasPrefix("tile/1/") {
      let expected = stride(from: 0, to: size - 255, by: 256)
        .flatMap { merkleRoot(of: Array(hashes[$0..<($0 + 256)])).bytes }
      #expect(try bytes(pack, path) == expected)
    }
  }
}

@Test func theSameLogAndSizeGiveTheSameBytes() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    var log = try openLog(folder)
    try fillLog(&log, rounds: 20)
    let kept = try log.keepCheckpoint()
    _ = try exportPack(log: folder, to: scratch.appending("a"), proofs: [7, 3, 7])
    try fillLog(&log, rounds: 20)
    try log.close()
    _ = try exportPack(log: folder, to: scratch.appending("b"), at: kept.size, proofs: [3, 7])
    let names = try allFiles(scratch.appending("a"))
    #expect(try names == allFiles(scratch.appending("b")))
    for name in names {
      #expect(try bytes(scratch.appending("a"), name) == bytes(scratch.appending("b"), name))
    }
  }
}

@Test func aPackAppearsWholeOrNotAtAll() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    let checkpoint = try makeLog(folder, rounds: 2)
    let pack = scratch.appending("pack")
    #expect(throws: PackError.unsignedSize(5, signed: [checkpoint.size])) {
      try exportPack(log: folder, to: pack, at: 5)
    }
    #expect(throws: PackError.unsignedSize(0, signed: [checkpoint.size])) {
      try exportPack(log: folder, to: pack, at: 0)
    }
    for entry in [-1, checkpoint.size, .max] {
      #expect(throws: PackError.noSuchEntry(entry, size: checkpoint.size)) {
        try exportPack(log: folder, to: pack, proofs: [0, entry])
      }
    }
    try createFolder(pack)
    #expect(throws: PackError.exists) { try exportPack(log: folder, to: pack) }
    #expect(throws: PackError.exists) { try exportPack(log: folder, to: ".") }
    #expect(throws: PackError.log(.noLog)) {
      try exportPack(log: scratch.appending("none"), to: scratch.appending("x"))
    }
    #expect(try folderEntries(scratch) == ["log", "pack"])
    #expect(try folderEntries(pack) == [])
  }
}

@Test func aLogThatDoesNotHoldIsNotExported() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    try makeLog(folder, rounds: 2)
    try edit(
      folder, "UPDATE leaf SET bytes = (SELECT bytes FROM leaf WHERE seq = 7) WHERE seq = 9")
    #expect(throws: PackError.brokenTree) {
      try exportPack(log: folder, to: scratch.appending("pack"))
    }
    #expect(try folderEntries(scratch) == ["log"])
  }
}

@Test func anchorsThatAreNoneStayOutAndKeysAreRefused() throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    let checkpoint = try makeLog(folder)
    let anchors = folder.appending("anchors")
    try createFolder(anchors)
    for name in [
      "\(checkpoint.size).note", "1.notary-a.cosig", "\(checkpoint.size + 1).note", "01.note",
      "1.cosig", "1.pem", "note", "1.", ".note", "1.tsr~", "-1.tsq",
    ] { try writeDurably([1], to: anchors.appending(name)) }
    let pack = scratch.appending("pack")
    let exported = try exportPack(log: folder, to: pack)
    #expect(exported.leftOut == 9)
    #expect(
      try folderEntries(pack.appending("anchors")) == [
        "1.notary-a.cosig", "\(checkpoint.size).note",
      ])
    #expect(try verifyPack(folder: pack, trustedKeys: [testVerifier()]).verdict == .intact)
    try writeDurably(
      Array("-----BEGIN PRIVATE KEY-----".utf8), to: anchors.appending("1.notary-b.cosig"))
    #expect(throws: PackError.holdsKey(index: 6)) {
      try exportPack(log: folder, to: scratch.appending("other"))
    }
    #expect(try folderEntries(scratch) == ["log", "pack"])
  }
}

@Test func aPackIsJudgedLikeItsLog() throws {
  try withScratchFolder { scratch in
    let (pack, key) = try makePack(scratch)
    let folder = scratch.appending("log")
    func both(_ keys: [VerifierKey], _ against: Checkpoint? = nil) throws -> [LogVerdict] {
      [
        try verifyLog(folder: folder, trustedKeys: keys, against: against).verdict,
        try verifyPack(folder: pack, trustedKeys: keys, against: against).verdict,
      ]
    }
    #expect(try both([key]) == [.intact, .intact])
    #expect(try both([]) == [.selfConsistent, .selfConsistent])
    #expect(try both([testVerifier(7)]) == [.intact, .intact])
    #expect(try both([testVerifier(9)]) == [.untrustedKey, .untrustedKey])
    let old = try Checkpoint.open(try bytes(pack, "checkpoints/2"), trusting: [testVerifier(7)])
    #expect(try both([key], old) == [.intact, .intact])
    let other = Checkpoint(origin: testOrigin, size: 2, root: digest("fork"))
    #expect(try both([key], other) == [.rolledBackOrForked, .rolledBackOrForked])
    let later = Checkpoint(origin: testOrigin, size: 9, root: digest("later"))
    #expect(try both([key], later) == [.rolledBackOrForked, .rolledBackOrForked])
    let result = try verifyPack(folder: pack, trustedKeys: [key], anchors: [old])
    #expect(result.anchoredThrough == 2)
    let tail = try verifyPack(
      folder: pack, trustedKeys: [key], anchors: [old], requireAnchored: true)
    #expect(tail.verdict == .incomplete)
    #expect(result.notes.map(\.code) == [.keyRotation, .beginWithoutEnd])
    #expect(result.signers == [key])
  }
}

@Test func aFolderThatIsNoPackIsSaidToBeNone() throws {
  try withScratchFolder { scratch in
    #expect(throws: PackError.noPack) { try verifyPack(folder: scratch, trustedKeys: []) }
    #expect(throws: PackError.self) {
      try verifyPack(folder: scratch.appending("none"), trustedKeys: [])
    }
    try writeDurably([1], to: scratch.appending("file"))
    #expect(throws: PackError.noPack) {
      try verifyPack(folder: scratch.appending("file"), trustedKeys: [])
    }
  }
}

/// Another system's schema travels with the pack; the entries name its digest.
@Test func aPackBringsTheSchemasOfOtherSystems() throws {
  try withScratchFolder { scratch in
    let schema = try EventSchema(
      file: Array(
        #"""
        {"type": "ward.round", "v": 1, "fields": [
          {"name": "beds", "kind": "count", "required": true},
          {"name": "outcome", "kind": "choice", "required": true, "values": ["done", "late"]},
          {"name": "notes", "kind": "list", "of": "digest", "required": false}]}
        """#.utf8))
    let catalog = try EventCatalog.builtIn.adding([schema])
    let folder = scratch.appending("log")
    var log = try openLog(folder, catalog: catalog)
    let round: JSONValue = .object(["beds": .integer(12), "outcome": .string("done")])
    _ = try log.append(catalog.event(name("ward.round"), round))
    try log.close()
    let pack = scratch.appending("pack")
    _ = try exportPack(log: folder, to: pack, catalog: catalog)
    #expect(try verifyPack(folder: pack, trustedKeys: [testVerifier()]).verdict == .intact)
    // Without the schema the entry is unknown; with another one it is not judged either.
    _ = try exportPack(log: folder, to: scratch.appending("bare"))
    let bare = try verifyPack(folder: scratch.appending("bare"), trustedKeys: [testVerifier()])
    #expect(bare.verdict == .incomplete)
    let text = String(decoding: try bytes(pack, "schemas.json"), as: UTF8.self)
    try put(Array(text.utf8) + [0x0A], pack, "schemas.json")
    try repairManifest(pack)
    #expect(try verifyPack(folder: pack, trustedKeys: [testVerifier()]).verdict == .tampered)
  }
}

/// Tiles and roots as `Scripts/audit/make_tiles.py` made them with pymerkle and hashlib.
@Test func tilesAreThoseOfForeignCode() throws {
  let golden = try parseJSON(try readFile(goldenFolder().appending("tiles.json")))
  let cases = try #require(golden["cases"]?.array)
  #expect(cases.count == 9)
  for expected in cases {
    let size = try #require(expected["size"]?.int)
    var hasher = TreeHasher()
    var edge = RightEdge()
    var gatherer = TileGatherer()
    var tiles: [TileGatherer.Tile] = []
    for number in 0..<size {
      var completed = [(level: 0, hash: hasher.leaf(Array("leaf \(number)".utf8)))]
      edge.append(completed[0].hash, &hasher) { place, hash in
        if place.level.isMultiple(of: 8) { completed.append((place.level / 8, hash)) }
      }
      tiles += completed.compactMap { gatherer.append($0.hash, level: $0.level) }
    }
    tiles += gatherer.partials
    #expect(edge.root(&hasher).hex == expected["root"]?.string)
    #expect(tiles.count == expected["count"]?.int)
    #expect(tiles.allSatisfy { $0.path.belongs(toSize: size) })
    let lines = tiles.map { (path: $0.path, line: "\($0.path.text) \(sha256($0.hashes).hex)") }
      .sorted { ($0.path.entriesPerHash, $0.path.index) < ($1.path.entriesPerHash, $1.path.index) }
    let together = lines.map { "\($0.line)\n" }.joined()
    #expect(digest(together).hex == expected["all"]?.string, "\(size)")
    for member in try #require(expected["tiles"]?.object).members {
      #expect(lines.contains { $0.line == "\(member.key) \(member.value.string ?? "")" })
    }
  }
}
