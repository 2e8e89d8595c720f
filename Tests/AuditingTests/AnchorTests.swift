import Auditing
import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// Time stamps and seals that the openssl command made, good and bad, over the golden checkpoint.
@Suite struct AnchorTests {
  @Test(
    "A time stamp is what it is",
    arguments: [
      ("good", .valid), ("good-ec", .valid), ("injected", .valid), ("signed-as-cms", .valid),
      ("early", .valid), ("late", .valid),
      ("good-again", .invalid(.otherNonce)), ("other-checkpoint", .invalid(.otherContent)),
      ("other-authority", .untrusted(.unknownIssuer)),
      ("no-certificate", .invalid(.certificateMissing)), ("refused", .invalid(.notGranted)),
      ("rejected", .invalid(.malformed)), ("past", .invalid(.notValidThen)),
      ("soft-use", .invalid(.wrongUse)), ("more-uses", .invalid(.wrongUse)),
      ("no-use", .invalid(.wrongUse)), ("no-name", .invalid(.otherCertificate)),
      ("weak-digest", .invalid(.weakAlgorithm)), ("two-signers", .invalid(.notOneSigner)),
      ("no-such-day", .invalid(.malformed)),
    ] as [(String, CheckedAnchor.State)])
  func stamps(name: String, state: CheckedAnchor.State) throws {
    try withAnchors { folder in
      try put(name + ".tsr", as: "14.tsr", folder)
      try put("request.tsq", as: "14.tsq", folder)
      let anchor = try #require(try judge(folder).first)
      #expect(anchor.state == state)
      #expect(anchor.kind == .rfc3161 && anchor.size == 14 && anchor.file == "14.tsr")
      guard state == .valid else { return }
      #expect(anchor.root?.hex == goldenRoot)
      #expect(anchor.timeBasis == .timestamp)
      #expect(anchor.timestampPolicy == "1.2.410.200004.9.1")
      let file = try anchorFile(name + ".tsr")
      #expect(anchor.evidence == sha256(file))
      if name == "good" {
        #expect(anchor.holder == "CN=TSA,O=시험 시점확인,C=KR")
        let time = try #require(anchor.time)
        #expect(time.text.hasPrefix("2026-") || time.text > "2026")
      }
      if name == "early" { #expect(anchor.time?.text == "2020-06-15T12:00:00.000000Z") }
      if name == "late" { #expect(anchor.time?.text == "2099-06-15T12:00:00.000000Z") }
    }
  }

  @Test(
    "A seal is what it is",
    arguments: [
      ("good", .valid), ("good-ec", .valid), ("plain", .valid), ("pss", .valid),
      ("injected", .valid), ("stream", .invalid(.attached)),
      ("sha1", .invalid(.weakAlgorithm)), ("attached", .invalid(.attached)),
      ("other-content", .invalid(.badSignature)), ("no-attributes", .invalid(.otherContent)),
      ("no-certificate", .invalid(.certificateMissing)),
      ("two-signers", .invalid(.notOneSigner)),
      ("other-authority", .untrusted(.unknownIssuer)), ("past", .invalid(.notValidThen)),
      ("stamper", .invalid(.wrongUse)),
      ("cipher", .invalid(.wrongUse)), ("silent", .invalid(.wrongUse)),
      ("weak-key", .invalid(.weakAlgorithm)), ("rogue", .invalid(.brokenChain)),
      ("pem", .invalid(.malformed)),
    ] as [(String, CheckedAnchor.State)])
  func seals(name: String, state: CheckedAnchor.State) throws {
    try withAnchors { folder in
      try put(name + ".p7s", as: "14.p7s", folder)
      let anchor = try #require(try judge(folder).first)
      #expect(anchor.state == state)
      #expect(anchor.kind == .cms && anchor.size == 14)
      guard state == .valid else { return }
      #expect(anchor.timeBasis == .claimed)
      if name == "good" { #expect(anchor.holder == "CN=Seal,O=시험병원,C=KR") }
    }
  }

  @Test func sealsAreJudgedAtTheStampsMoment() throws {
    try withAnchors { folder in
      try put("good.p7s", as: "14.p7s", folder)
      try put("early.tsr", as: "14.tsr", folder)
      let anchors = try judge(folder)
      #expect(anchors.map(\.kind) == [.rfc3161, .cms])
      #expect(anchors.map(\.isValid) == [true, true])
      #expect(anchors[1].time == anchors[0].time && anchors[1].timeBasis == .timestamp)
      // The sealing certificate that ended in 2016 was good in 2015 only.
      try put("past.p7s", as: "14.p7s", folder)
      #expect(try judge(folder)[1].state == .invalid(.notValidThen))
    }
  }

  @Test func trustIsGivenNotAssumed() throws {
    try withAnchors { folder in
      try put("good.p7s", as: "14.p7s", folder)
      try put("good.tsr", as: "14.tsr", folder)
      let anchors = try checkAnchors(in: folder, trust: AnchorTrust())
      #expect(anchors.map(\.state) == [.untrusted(.unknownIssuer), .untrusted(.unknownIssuer)])
      #expect(anchoredCheckpoints(anchors).isEmpty)
      let trusted = anchoredCheckpoints(try judge(folder))
      #expect(trusted.map(\.size) == [14])
      // One authority's trust is not the other's.
      let seals = AnchorTrust(sealAuthorities: try certificates("root.pem"))
      #expect(try checkAnchors(in: folder, trust: seals).map(\.isValid) == [false, true])
      // Without the intermediate inside, a partial chain may end in it.
      try put("good-ec.tsr", as: "14.tsr", folder)
      let middle = AnchorTrust(timestampAuthorities: try certificates("middle.pem"))
      #expect(try checkAnchors(in: folder, trust: middle)[0].state == .valid)
    }
  }

  @Test func notesAreNeeded() throws {
    try withAnchors { folder in
      try put("good.tsr", as: "14.tsr", folder)
      try put("good.tsr", as: "15.tsr", folder)
      try put("good.tsr", as: "16.tsr", folder)
      try copyNote(as: "16.note", folder)
      #expect(
        try judge(folder).map(\.state) == [
          .valid, .invalid(.noteMissing), .invalid(.noteMalformed),
        ])
      var trust = try testTrust()
      trust.logKeys = [try testVerifier()]
      #expect(try checkAnchors(in: folder, trust: trust)[0].state == .valid)
      trust.logKeys = [try testVerifier(8)]
      #expect(try checkAnchors(in: folder, trust: trust)[0].state == .invalid(.noteNotSigned))
      // A witness's key of the same bytes vouches for no note.
      trust.logKeys = [
        try VerifierKey(
          name: testOrigin.text, publicKey: testKey().publicKey, type: .cosignature)
      ]
      #expect(try checkAnchors(in: folder, trust: trust)[0].state == .invalid(.noteNotSigned))
    }
  }

  @Test func strangeNamesArePassedOver() throws {
    try withAnchors { folder in
      for name in ["README", "14.tsr.part", "014.tsr", "-1.tsr", ".14.tsr", "14.x.p7s", "x.cosig"] {
        try writeDurably([1, 2, 3], to: folder.appending(name))
      }
      #expect(try judge(folder).isEmpty)
      #expect(try checkAnchors(in: folder.appending("none"), trust: testTrust()).isEmpty)
    }
  }

  @Test func whatIsNoFileIsNotRead() throws {
    try withAnchors { folder in
      // Reading a pipe that nobody writes to would never end.
      for name in ["14.tsr", "14.w.cosig"] {
        try makePipe(folder.appending(name))
      }
      try createFolder(folder.appending("14.p7s"))
      #expect(
        try judge(folder).map(\.state) == [
          .invalid(.malformed), .invalid(.malformed), .invalid(.malformed),
        ])
      try put("good.tsr", as: "15.tsr", folder)
      try makePipe(folder.appending("15.note"))
      #expect(try judge(folder).last?.state == .invalid(.noteMalformed))
    }
  }

  @Test func oversizedAndEmptyFiles() throws {
    try withAnchors { folder in
      try writeDurably([UInt8](repeating: 0x30, count: 1 << 20 + 1), to: folder.appending("14.tsr"))
      try writeDurably([], to: folder.appending("14.p7s"))
      try writeDurably([], to: folder.appending("14.w.cosig"))
      #expect(
        try judge(folder).map(\.state) == [
          .invalid(.tooLarge), .invalid(.malformed), .invalid(.malformed),
        ])
    }
  }

  /// Random changes of several bytes, cuts and insertions: never valid with another meaning, and
  /// never a crash.
  @Test func mangledFiles() throws {
    try withAnchors { folder in
      try put("request.tsq", as: "14.tsq", folder)
      let trust = try testTrust()
      let all = try folderEntries(goldenFolder(beside: #filePath).appending("anchors"))
      var state: UInt64 = 14
      func random(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
      }
      for name in all where name.hasSuffix(".tsr") || name.hasSuffix(".p7s") {
        let place = folder.appending("14." + (name.split(separator: ".").last ?? ""))
        let whole = try anchorFile(name)
        try writeDurably(whole, to: place)
        let before = try #require(try checkAnchors(in: folder, trust: trust).first)
        for _ in 0..<8 {
          var bytes = whole
          for _ in 0...random(4) {
            let index = random(bytes.count)
            switch random(3) {
            case 0: bytes[index] = UInt8(random(256))
            case 1: bytes.removeSubrange(index..<min(bytes.count - 1, index + random(8)))
            default: bytes.insert(UInt8(random(256)), at: index)
            }
          }
          try rewrite(place, bytes)
          let after = try #require(try checkAnchors(in: folder, trust: trust).first)
          guard after.isValid else { continue }
          #expect(before.isValid && after.time == before.time, "\(name)")
          #expect(after.holderIdentifier == before.holderIdentifier, "\(name)")
        }
        try removeFile(place)
      }
    }
  }

  /// Whatever bit is changed: the file is refused, or says exactly the same.
  @Test(
    "No changed bit gives evidence another meaning",
    arguments: ["good.tsr", "good-ec.tsr", "good.p7s", "good-ec.p7s", "request.tsq"])
  func changedBits(name: String) throws {
    try withAnchors { folder in
      try put("good.tsr", as: "14.tsr", folder)
      try put("request.tsq", as: "14.tsq", folder)
      let place = folder.appending("14." + (name.split(separator: ".").last ?? ""))
      let bytes = try anchorFile(name)
      try writeDurably(bytes, to: place)
      func meaning(_ anchor: CheckedAnchor) -> [String] {
        [
          anchor.holder ?? "", anchor.holderIdentifier?.text ?? "", anchor.time?.text ?? "",
          anchor.root?.hex ?? "", anchor.timestampPolicy ?? "",
        ]
      }
      let kind: AnchorKind = name.hasSuffix("p7s") ? .cms : .rfc3161
      let trust = try testTrust()
      func found() throws -> CheckedAnchor {
        try #require(try checkAnchors(in: folder, trust: trust).first { $0.kind == kind })
      }
      let whole = try found()
      #expect(whole.isValid)
      var accepted = 0
      // One bit of every fourth byte, another each time: all bits would take 32 times as long.
      for index in stride(from: 0, to: bytes.count, by: bytes.count > 1000 ? 4 : 1) {
        var changed = bytes
        changed[index] ^= 1 << UInt8(index / 4 % 8)
        try rewrite(place, changed)
        let anchor = try found()
        guard anchor.isValid else { continue }
        accepted += 1
        #expect(meaning(anchor) == meaning(whole), "\(name) byte \(index)")
      }
      #expect(accepted < 20, "\(accepted) of \(bytes.count)")
    }
  }
}

/// Writes without a sync: thousands of variants follow one another.
func rewrite(_ path: FilePath, _ bytes: [UInt8]) throws {
  let file = try FileDescriptor.open(path, .writeOnly, options: [.truncate])
  defer { try? file.close() }
  try file.writeAll(bytes)
}

/// Root of the golden checkpoint.
let goldenRoot = "9ebccde72e5e200a79139c2be6997139c89ad009482fed2fd2a841b6ad5798da"

/// A file that make_anchors.sh made.
func anchorFile(_ name: String) throws -> [UInt8] {
  try readFile(goldenFolder(beside: #filePath).appending("anchors").appending(name))
}

func certificates(_ names: String...) throws -> [Certificate] {
  try names.flatMap { try Certificate.read(pem: anchorFile($0)) }
}

/// Trust in the golden authorities.
func testTrust() throws -> AnchorTrust {
  AnchorTrust(
    timestampAuthorities: try certificates("root.pem"),
    sealAuthorities: try certificates("root.pem"))
}

/// Puts a golden file among the anchors.
func put(_ name: String, as target: String, _ folder: FilePath) throws {
  try writeDurably(anchorFile(name), to: folder.appending(target))
}

/// Puts the golden checkpoint among the anchors.
func copyNote(as target: String, _ folder: FilePath) throws {
  let note = goldenFolder(beside: #filePath).appending("log").appending("checkpoint")
  try writeDurably(readFile(note), to: folder.appending(target))
}

/// Runs a body with a folder of anchors that holds the golden checkpoint of size 14.
func withAnchors(_ body: (FilePath) throws -> Void) throws {
  try withScratchFolder { scratch in
    let folder = scratch.appending("anchors")
    try createFolder(folder)
    try copyNote(as: "14.note", folder)
    try body(folder)
  }
}

func judge(_ folder: FilePath) throws -> [CheckedAnchor] {
  try checkAnchors(in: folder, trust: testTrust())
}
