import Cryptography
import Glibc
import MedaiCore
import MedaiTestSupport
import Storage
import SystemPackage
import Testing

@testable import Auditing

private func link(_ number: Int, kind: String = "patient") -> ReidentificationLink {
  ReidentificationLink(
    kind: kind, token: Array("P-\(number)".utf8),
    original: Array("환자-\(String(repeating: "7", count: number))".utf8))
}

private func with(
  _ body: (FilePath, VaultKey, ReidentificationVault) throws -> Void
) throws {
  try withScratchFolder { folder in
    let key = try VaultKey.create(at: folder.appending("links.key"))
    let path = folder.appending("links.db")
    try body(path, key, try ReidentificationVault.open(path, key: key, mayCreate: true))
  }
}

private let kinds = ["patient", "record"]

@Test func linksComeBackByTokenAndKindAlone() throws {
  try with { path, key, vault in
    let links = (0..<70).map { link($0) }
    try vault.add(links)
    try vault.add(links)
    try vault.add([])
    #expect(try vault.count() == 70)
    for link in links {
      #expect(try vault.links(of: link.token, kinds: kinds) == [link])
      #expect(try vault.links(of: link.token, kinds: ["record"]).isEmpty)
    }
    try vault.add([link(3, kind: "record")])
    #expect(try vault.links(of: link(3).token, kinds: kinds).map(\.kind) == kinds)
    #expect(try vault.links(of: Array("P-700".utf8), kinds: kinds).isEmpty)
    try vault.close()
    let bytes = try readFile(path, maxBytes: 1 << 24)
    #expect(
      bytes.firstRange(of: Array("환자".utf8)) == nil
        && bytes.firstRange(of: Array("P-61".utf8)) == nil)
    #expect(try fileStatus(path).mode == 0o600)
    let again = try ReidentificationVault.open(path, key: key, mayCreate: false)
    #expect(try again.links(of: link(9).token, kinds: kinds) == [link(9)])
  }
}

@Test func lengthsAreTheSameUpToABlock() throws {
  try with { path, _, vault in
    try vault.add((0...16).map { link($0) })
    let database = try Database.open(path, .read)
    let lengths = try database.integer("SELECT count(DISTINCT length(sealed)) FROM link")
    #expect(lengths == 1)
  }
}

@Test func anErasedTokenIsGoneAndTheRestStays() throws {
  try with { path, _, vault in
    try vault.add([link(1), link(1, kind: "record"), link(2)])
    #expect(try vault.erase(link(1).token, kinds: kinds) == 2)
    #expect(try vault.erase(link(1).token, kinds: kinds) == 0)
    #expect(try vault.links(of: link(1).token, kinds: kinds).isEmpty)
    #expect(try vault.links(of: link(2).token, kinds: kinds) == [link(2)])
    #expect(try fileStatus(FilePath(path.string + "-wal")).bytes == 0)
  }
}

@Test func whatWasDestroyedOpensWithNoKey() throws {
  try with { path, key, vault in
    try vault.add((0..<300).map { link($0) })
    try vault.close()
    let before = try readFile(path, maxBytes: 1 << 24)
    #expect(try vault.destroy() == 300)
    #expect(throws: VaultError.destroyed) {
      try ReidentificationVault.open(path, key: key, mayCreate: true)
    }
    #expect(try fileStatus(path).bytes < before.count)
    let database = try Database.open(path, .read)
    let left = try database.integer("SELECT count(*) FROM link")
    #expect(left == 0)
  }
}

@Test func strangersAndDamageAreRefused() throws {
  try with { path, key, vault in
    try vault.add([link(1), link(2)])
    let folder = path.removingLastComponent()
    let other = try VaultKey.create(at: folder.appending("other.key"))
    #expect(throws: VaultError.wrongKey) {
      try ReidentificationVault.open(path, key: other, mayCreate: true)
    }
    #expect(throws: VaultError.noVault) {
      try ReidentificationVault.open(folder.appending("none.db"), key: key, mayCreate: false)
    }
    // One link's bytes in another's place open nothing.
    let database = try Database.open(path, .write)
    try database.execute(
      "UPDATE link SET sealed = (SELECT sealed FROM link ORDER BY place LIMIT 1)")
    var damaged = 0
    for number in 1...2 {
      do {
        _ = try vault.links(of: link(number).token, kinds: kinds)
      } catch VaultError.damagedLink {
        damaged += 1
      }
    }
    #expect(damaged == 1)
    try database.execute("UPDATE link SET sealed = x'00'")
    #expect(throws: VaultError.damagedLink) {
      try vault.links(of: link(1).token, kinds: kinds)
    }
    try database.execute("CREATE TABLE more (a INTEGER) STRICT")
    #expect(throws: VaultError.schemaChanged) {
      try ReidentificationVault.open(path, key: key, mayCreate: true)
    }
    unsafe chmod(path.string, 0o640)
    #expect(throws: VaultError.readableByOthers(mode: 0o640)) {
      try ReidentificationVault.open(path, key: key, mayCreate: true)
    }
  }
}
