import Cryptography
import Foundation
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Auditing

/// The fenced blocks of one language in a document, in order.
private func blocks(_ language: String, in text: String) -> [String] {
  var blocks: [String] = []
  var open: [String]?
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if let lines = open {
      if line == "```" {
        blocks.append(lines.joined(separator: "\n") + "\n")
        open = nil
      } else {
        open = lines + [String(line)]
      }
    } else if line == "```\(language)" {
      open = []
    }
  }
  return blocks
}

private func document() throws -> String {
  String(decoding: try readFile(repositoryRoot().pushing("docs/verify.md")), as: UTF8.self)
}

/// Runs a shell script in a folder. Missing programs fail the test: it is no use without them.
private func shell(_ script: String, in folder: FilePath) throws -> (status: Int32, text: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-euo", "pipefail", "-c", script]
  process.currentDirectoryURL = URL(fileURLWithPath: folder.string)
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// Certificates and evidence made by the openssl command alone.
private let authorities = """
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out hospital-ca.pem -days 30 \
    -subj '/CN=Hospital' 2>/dev/null
  openssl req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa-root.pem -days 30 \
    -subj '/CN=TSA' -addext 'extendedKeyUsage=critical,timeStamping' 2>/dev/null
  printf '%s\\n' '[tsa]' 'default_tsa = one' '[one]' 'serial = serial' 'default_policy = 1.2.3' \
    'digests = sha256' 'signer_digest = sha256' 'ess_cert_id_alg = sha256' > tsa.cnf
  echo 01 > serial
  openssl ts -query -data log/anchors/1000.note -sha256 -cert -out log/anchors/1000.tsq
  openssl ts -reply -config tsa.cnf -section one -queryfile log/anchors/1000.tsq \
    -signer tsa-root.pem -inkey tsa.key -out log/anchors/1000.tsr
  openssl cms -sign -binary -in log/anchors/1000.note -signer hospital-ca.pem -inkey ca.key \
    -md sha256 -outform DER -out log/anchors/1000.p7s
  """

/// Makes what the document supposes: a pack with anchors at size 1000, and the key.
private func makeMaterial(_ scratch: FilePath) throws {
  let folder = scratch.appending("log")
  var log = try openLog(folder)
  try fillLog(&log, rounds: 2)
  _ = try log.append((log.checkpoint.size..<1000).map { _ in deidBegin() })
  try createFolder(folder.appending("anchors"))
  try writeDurably(log.note, to: folder.appending("anchors").appending("1000.note"))
  try fillLog(&log, rounds: 4)
  try log.close()
  try writeDurably(Array((testVerifier().line + "\n").utf8), to: scratch.appending("audit.vkey"))
  let made = try shell(authorities, in: scratch)
  try #require(made.status == 0, "\(made.text)")
  _ = try exportPack(log: folder, to: scratch.appending("pack"), proofs: [5])
}

/// An auditor follows docs/verify.md to the letter.
@Test func theCommandsOfTheDocumentVerifyAPack() throws {
  let text = try document()
  let scripts = blocks("python", in: text)
  try #require(scripts.count == 1)
  #expect(scripts[0].utf8.count { $0 == 0x0A } <= 60)
  let commands = blocks("sh", in: text)
  try #require(commands.count == 6)
  try withScratchFolder { scratch in
    try makeMaterial(scratch)
    try writeDurably(Array(scripts[0].utf8), to: scratch.appending("check_entry.py"))
    let run = try shell(commands.joined(), in: scratch)
    #expect(run.status == 0, "\(run.text)")
    let verified = run.text.split(separator: "\n").filter {
      $0.hasSuffix("Signature Verified Successfully")
    }
    #expect(verified.count == 2, "\(run.text)")
    #expect(run.text.contains("Verification: OK"), "\(run.text)")
    #expect(run.text.contains("files as listed"), "\(run.text)")
    #expect(run.text.contains(#""type": "deid.run.end""#), "\(run.text)")

    // And where something is not as it was signed, the same commands say so.
    let setting = commands[0]
    let entry = setting + commands[2]
    #expect(try shell(entry, in: scratch).status == 0)
    // A byte of entry 5 itself, after its length.
    let before = PackFiles.entries(
      try bytes(scratch.appending("pack"), "tile/entries/000"), width: 256
    ).entries.prefix(5).reduce(0) { $0 + 2 + $1.count }
    let inside = before + 2 + 100
    for (name, place) in [("tile/entries/000", inside), ("tile/0/000", 7 * 32), ("checkpoint", 30)]
    {
      let pack = scratch.appending("pack")
      let whole = try bytes(pack, name)
      var changed = whole
      changed[place] ^= 1
      try put(changed, pack, name)
      #expect(try shell(entry, in: scratch).status != 0, "\(name)")
      #expect(try shell(setting + commands[1], in: scratch).status != 0, "\(name)")
      try put(whole, pack, name)
    }
    // Certificates of somebody else.
    let swapped = "TSA=hospital-ca.pem\nCA=tsa-root.pem\n"
    for check in [commands[4], commands[5]] {
      #expect(try shell(setting + commands[3] + check, in: scratch).status == 0)
      #expect(try shell(setting + commands[3] + swapped + check, in: scratch).status != 0)
    }
    try writeDurably(
      Array((testVerifier(9).line + "\n").utf8), to: scratch.appending("audit.vkey"))
    #expect(try shell(entry, in: scratch).status != 0)
  }
}

/// Every entry of a pack with more than one level of tiles, by the document's script.
@Test func theScriptProvesEveryKindOfEntry() throws {
  let script = try #require(blocks("python", in: try document()).first)
  try withScratchFolder { scratch in
    let folder = scratch.appending("log")
    var log = try openLog(folder)
    _ = try log.append((1..<777).map { _ in deidBegin() })
    try log.close()
    _ = try exportPack(log: folder, to: scratch.appending("pack"))
    try writeDurably(Array(script.utf8), to: scratch.appending("check_entry.py"))
    try writeDurably(
      Array((testVerifier().line + "\n").utf8), to: scratch.appending("audit.vkey"))
    let run = try shell(
      """
      for entry in 0 1 255 256 511 512 767 768 775 776; do
        python3 check_entry.py pack $entry audit.vkey | grep '"seq": '$entry, >/dev/null
      done
      for entry in -1 777 1000; do
        ! python3 check_entry.py pack $entry audit.vkey 2>/dev/null
      done
      """, in: scratch)
    #expect(run.status == 0, "\(run.text)")
  }
}

/// What lies in every pack says the same as the document.
@Test func theGuideInAPackHasTheCommandsOfTheDocument() throws {
  let guide = String(decoding: packGuide, as: UTF8.self)
  let text = try document()
  #expect(blocks("python", in: guide) == blocks("python", in: text))
  #expect(blocks("sh", in: guide) == blocks("sh", in: text))
}
