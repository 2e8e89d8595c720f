public import MedaiCore
public import SystemPackage

/// How long entries of some types must be kept.
public struct RetentionClass: Sendable, Equatable {
  /// Its name.
  public let id: Identifier
  /// Full years from the entry's time.
  public let years: Int
  /// The types of entries it is about.
  public let types: [Identifier]

  /// A class.
  public init(id: Identifier, years: Int, types: [Identifier]) {
    self.id = id
    self.years = years
    self.types = types
  }
}

/// Which prefix of a log could be pruned: a plan, nothing is removed.
///
/// Pruning as C2SP tlog-tiles defines it drops entry bundles and tiles that lie wholly below a
/// minimum index. The tree, its root, the checkpoints and every proof stay valid.
public struct RetentionPlan: Sendable, Equatable {
  /// What keeps the next entry.
  public struct Bar: Sendable, Equatable {
    /// The first entry that has to stay.
    public let entry: Int
    /// Its type.
    public let type: Identifier
    /// The class that keeps it; `nil` where no class names its type, or where its run goes on past
    /// the prefix.
    public let heldBy: Identifier?
    /// Until when, where a class says so.
    public let until: Timestamp?
  }

  /// Entries below this one could go.
  public let minimumIndex: Int
  /// Size of the log that was looked at.
  public let size: Int
  /// Full entry bundles below the minimum index; only these free space.
  public let bundles: Int
  /// Entries below the minimum index that have to be kept beside it, each with its proof: opening,
  /// keys, erasures, anchors and clock steps.
  public let stays: [Int]
  /// Why the prefix ends there; `nil` where it is the whole log.
  public let bar: Bar?
  /// Entries of each class below the minimum index, in the order of the classes.
  public let expired: [(id: Identifier, entries: Int)]

  /// Whether two plans say the same.
  public static func == (left: Self, right: Self) -> Bool {
    left.minimumIndex == right.minimumIndex && left.size == right.size
      && left.bundles == right.bundles && left.stays == right.stays && left.bar == right.bar
      && left.expired.map(\.id) == right.expired.map(\.id)
      && left.expired.map(\.entries) == right.expired.map(\.entries)
  }

  /// Types that verification needs whatever their age.
  private static let structural: [EventType] = [
    .logOpen, .logClose, .keyRotate, .redact, .checkpointAnchor, .clockStep,
  ]

  /// Looks at a log. Times are the machine's own claim.
  ///
  /// - Parameters:
  ///   - folder: The log's folder.
  ///   - classes: How long entries are kept; where several name a type, the longest holds. An entry
  ///     of a type that no class names is kept for ever.
  ///   - now: The day the plan is made for.
  ///   - catalog: Schemas of the events.
  /// - Throws: `PackError`.
  public init(
    log folder: FilePath, classes: [RetentionClass], now: Timestamp,
    catalog: EventCatalog = .builtIn
  ) throws(PackError) {
    var reader = try logging { () throws(AuditLogError) in
      try LogReader.open(folder: folder, catalog: catalog)
    }
    let size = reader.checkpoint.size
    func entry(_ number: Int) throws(PackError) -> LogEntry {
      try logging { () throws(AuditLogError) in try reader.entry(number) }
    }
    var limit = 0
    var bar: Bar?
    while limit < size, bar == nil {
      let next = try entry(limit)
      bar = Self.bar(next, classes, now)
      if bar == nil { limit += 1 }
    }
    // A run goes as a whole: what comes later may still speak of an entry in the prefix.
    var lowest = limit
    var start = limit
    var end = size
    while true {
      for number in start..<end {
        let later = try entry(number)
        for reference in [later.pair, later.count("resumes")] {
          if let reference, reference < lowest { lowest = reference }
        }
      }
      guard lowest < limit else { break }
      (start, end, limit) = (lowest, limit, lowest)
      bar = Bar(entry: lowest, type: try entry(lowest).type, heldBy: nil, until: nil)
    }
    var stays: [Int] = []
    var counts = [Int](repeating: 0, count: classes.count)
    for number in 0..<limit {
      let old = try entry(number)
      if Self.isStructural(old.type) {
        stays.append(number)
      } else if let held = Self.longest(old.type, classes) {
        counts[held] += 1
      }
    }
    minimumIndex = limit
    self.size = size
    bundles = limit / TilePath.fullWidth
    self.stays = stays
    self.bar = bar
    expired = classes.indices.map { (classes[$0].id, counts[$0]) }
  }

  private static func isStructural(_ type: Identifier) -> Bool {
    structural.contains { $0.identifier == type }
  }

  /// The class that keeps entries of a type longest.
  private static func longest(_ type: Identifier, _ classes: [RetentionClass]) -> Int? {
    classes.indices.filter { classes[$0].types.contains(type) }
      .max { classes[$0].years < classes[$1].years }
  }

  /// What keeps an entry; `nil` where nothing does any more.
  private static func bar(_ entry: LogEntry, _ classes: [RetentionClass], _ now: Timestamp) -> Bar?
  {
    if isStructural(entry.type) { return nil }
    guard let held = longest(entry.type, classes) else {
      return Bar(entry: entry.sequence, type: entry.type, heldBy: nil, until: nil)
    }
    // A year is taken as 366 days: never too short.
    let span = Int64(classes[held].years) * 366 * 86_400 * 1_000_000
    let until = Timestamp(microseconds: entry.time.microseconds + span)
    if until < now { return nil }
    return Bar(
      entry: entry.sequence, type: entry.type, heldBy: classes[held].id, until: until)
  }
}
