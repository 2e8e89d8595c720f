internal import Auditing
internal import Cryptography
internal import MedaiCore

/// What kind of run an entry belongs to.
enum ReplayKind: Sendable {
  case exam, generation, deidentification

  /// The kind of an entry's type; `nil` where nothing is computed again.
  init?(type: String) {
    switch type {
    case "exam.run.begin", "exam.run.end": self = .exam
    case "generate.run.begin", "generate.answer", "generate.run.end": self = .generation
    case "deid.run.begin", "deid.file", "deid.run.end": self = .deidentification
    default: return nil
    }
  }
}

/// What is computed as one: one part of a run, or a whole run with its end.
enum ReplayUnit: Sendable, Equatable {
  /// One answer or one file.
  case part(entry: Int)
  /// Every part of a run, and what its end entries say of all of them.
  case run(begin: Int)
  /// An entry that holds nothing to compute.
  case nothing(entry: Int)
}

/// The runs of a log, gathered in one pass: numbers only, so that a long log fits.
struct ReplayIndex: Sendable {
  /// One run.
  struct Run: Sendable {
    let kind: ReplayKind
    /// Entries of answers or files, in order.
    var parts: [Int] = []
    /// Entries that end it: one, none after a crash.
    var ends: [Int] = []
    /// What the run computes, counted in items, answers or files.
    var weight = 0
  }

  private(set) var runs: [Int: Run] = [:]
  /// Begin entries in order.
  private(set) var begins: [Int] = []
  /// Entries whose content was erased on record.
  private(set) var erased: Set<Int> = []
  /// Count of the log's entries.
  private(set) var size = 0
  /// Entries that a sample is drawn from, in order: answers, files and ends of exams.
  private(set) var population: [Int] = []

  /// Takes the next entry.
  mutating func add(_ entry: LogEntry) {
    size = entry.sequence + 1
    let type = entry.type.text
    if type == "redact", case .list(let numbers)? = entry["entries"] {
      for case .count(let number) in numbers { erased.insert(number) }
    }
    guard let kind = ReplayKind(type: type) else { return }
    guard let begin = entry.pair else {
      begins.append(entry.sequence)
      var run = Run(kind: kind)
      if kind == .exam {
        run.weight = (entry.count("items") ?? 0) * (1 + (entry.count("permutations") ?? 0))
      }
      runs[entry.sequence] = run
      return
    }
    if type.utf8.elementsEqual("generate.answer".utf8) || type.utf8.elementsEqual("deid.file".utf8)
    {
      runs[begin]?.parts.append(entry.sequence)
      runs[begin]?.weight += 1
      population.append(entry.sequence)
    } else {
      runs[begin]?.ends.append(entry.sequence)
      if kind == .exam { population.append(entry.sequence) }
    }
  }

  /// Passes over an entry that cannot be read here.
  mutating func skip(_ number: Int) { size = number + 1 }

  /// What progress counts for a unit.
  func weight(of unit: ReplayUnit) -> Int {
    if case .run(let begin) = unit { max(1, runs[begin]?.weight ?? 1) } else { 1 }
  }

  /// The entries of a sample, in the order of the log.
  ///
  /// Each entry of the population has the rank SHA-256 of the ASCII text
  /// `medai-replay-sample/1:SEED:ENTRY`; those with the smallest ranks are taken. Anyone with the
  /// list of entries draws the same ones with `sha256sum`, and who does not know the seed when the
  /// log is written cannot keep an entry out.
  ///
  /// - Parameters:
  ///   - count: How many; all where there are fewer.
  ///   - seed: Chosen after the log was written.
  /// - Returns: Their numbers.
  func sample(_ count: Int, seed: UInt64) -> [Int] {
    let ranked = population.map { entry in
      (rank: sha256(Array("medai-replay-sample/1:\(seed):\(entry)".utf8)).bytes, entry: entry)
    }
    return ranked.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.prefix(count).map(\.entry)
      .sorted()
  }
}
