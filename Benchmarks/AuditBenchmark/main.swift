// Appends, verifies and proves, and beside each figure what the machine could do at most: syncs,
// digests, signatures and bare SQLite rows a second. Ratios compare between machines; seconds do
// not.
//
//   AuditBenchmark [FOLDER] [ENTRIES]
//
// The big log is built in FOLDER (default /tmp), takes about 900 bytes an entry, and is removed.

import Auditing
import Cryptography
import MedaiCore
import Storage
import SystemPackage

func measure() throws {
  let arguments = CommandLine.arguments.dropFirst()
  let base = FilePath(arguments.first ?? "/tmp")
  let total = max(200_000, arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000)
  let folder = try BenchmarkFolder(in: base)
  defer { folder.remove() }

  // What the machine can do.
  let machine = try MachineRates(in: folder.path)
  say("machine: write 4 KiB and fsync", machine.syncs, "/s")
  say("machine: SHA-256 of a leaf", machine.leafDigests, "/s, one thread")
  say("machine: Ed25519 signatures", machine.signatures, "/s, one thread")

  // Appends beside a table that has neither tree nor signature, in turns: what one cannot do, the
  // other could not either.
  let bench = try LogBench(folder: folder.path.appending("log"))
  let rival = try BareTable(folder.path.appending("bare.db"))
  var single = Rounds()
  var bareSingle = Rounds()
  var batched = Rounds()
  var bareBatched = Rounds()
  var log = try bench.open()
  let run = try log.append(bench.begin()).entry
  for _ in 0..<8 {
    for ordinal in 0..<250 {
      try bareSingle.time(1) { try rival.insert(1) }
      try single.time(1) { _ = try log.append(bench.file(ordinal, begin: run)) }
    }
  }
  for round in 0..<10 {
    for start in 0..<100 {
      try bareBatched.time(100) { try rival.insert(100) }
      try batched.time(100) {
        let first = (round * 100 + start) * 100
        _ = try log.append((first..<(first + 100)).map { bench.file($0, begin: run) })
      }
    }
  }
  say("bare SQLite, one row a commit", bareSingle.medianRate, "/s at the median")
  say(
    "append, one a commit", single.medianRate, "/s at the median",
    of: bareSingle.medianRate, "bare SQLite")
  say("append, one: 99 of 100 within", single.percentile(0.99) * 1000, "ms")
  say("append, one: processor time", single.processor * 1e6, "µs an entry")
  say("bare SQLite, 100 rows a commit", bareBatched.medianRate, "/s at the median")
  say(
    "append, 100 a commit", batched.medianRate, "/s at the median",
    of: bareBatched.medianRate, "bare SQLite")
  say("append, 100: processor time", batched.processor * 1e6, "µs an entry")
  say("bare SQLite, 100: processor time", bareBatched.processor * 1e6, "µs a row")

  // A small log, then a big one: the peak of memory must not grow with it.
  let smallSize = log.checkpoint.size
  try log.close()
  let small = try bench.verify()
  print("verify of \(smallSize) entries: \(small.verdict), peak memory \(small.peak)")
  log = try bench.open()
  var ordinal = 0
  let grown = try rate(of: total - smallSize) {
    while log.checkpoint.size < total {
      let count = min(5000, total - log.checkpoint.size)
      _ = try bench.append(count, to: &log, &ordinal)
    }
  }
  say("append, up to 5000 a commit", grown, "/s, with a run for every 100 entries")
  try log.close()
  let big = try bench.verify()
  print("verify of \(total) entries: \(big.verdict), peak memory \(big.peak)")
  say("verify, all threads", Double(total) / big.seconds, "/s", of: machine.leafDigests, "SHA-256")
  let alone = try bench.verify(threads: 1)
  say("verify, one thread", Double(total) / alone.seconds, "/s", of: machine.leafDigests, "SHA-256")
  let proof = try bench.prove(from: total)
  say("proof from \(total) entries, median", proof.median * 1000, "ms")
  say("proof, 99 of 100 within", proof.slow * 1000, "ms")
  say("leaf", Double(bench.leaf.count), "bytes")
  say("database", try bench.databaseBytes() / Double(total), "bytes an entry")
}

try measure()
