/// Makes candidates disjoint: the surer wins, then the longer, then the type that matters more.
struct Resolver {
  /// What became of the candidates.
  struct Outcome {
    /// Disjoint, in the order of the text.
    var kept: [Candidate] = []
    /// Candidates that a kept one overlaps.
    var outranked: [Candidate] = []

    mutating func keep(_ candidate: Candidate, _ owners: inout [Int32]) {
      for index in candidate.start..<candidate.end { owners[index] = Int32(kept.count) }
      kept.append(candidate)
    }

    /// Keeps each free stretch of a candidate from its first letter or digit to its last.
    mutating func keepRemainders(
      of candidate: Candidate, _ owners: inout [Int32], _ isContent: (Int) -> Bool
    ) {
      var start = candidate.start
      while start < candidate.end {
        guard owners[start] < 0, isContent(start) else {
          start += 1
          continue
        }
        var end = start
        var last = start
        while end < candidate.end, owners[end] < 0 {
          if isContent(end) { last = end }
          end += 1
        }
        if (start...last).count(where: isContent) >= 2 {
          var remainder = candidate
          remainder.start = start
          remainder.end = last + 1
          keep(remainder, &owners)
        }
        start = end
      }
    }
  }

  /// Sorts once by rank and once by place; each unit is marked at most once.
  ///
  /// A candidate that holds a surer one inside it keeps what the surer one leaves of it: an address
  /// with a clinic's name in its brackets is still an address around the clinic.
  ///
  /// - Parameters:
  ///   - candidates: At or above the threshold.
  ///   - count: Units of the page.
  ///   - isContent: Whether a unit is a letter or digit; a remainder without two of them says
  ///     nothing about anybody.
  /// - Returns: The kept and the outranked.
  static func resolve(
    _ candidates: [Candidate], count: Int, isContent: (Int) -> Bool
  ) -> Outcome {
    var outcome = Outcome()
    // The kept candidate that owns each unit, by its place in `kept`.
    var owners = [Int32](repeating: -1, count: count)
    for candidate in candidates.sorted(by: outranks) {
      // Only ends and the marks between can collide; a stretch is short.
      let own = candidate.start..<candidate.end
      guard own.contains(where: { owners[$0] >= 0 }) else {
        outcome.keep(candidate, &owners)
        continue
      }
      outcome.outranked.append(candidate)
      let holdsAll = own.allSatisfy { unit in
        let owner = Int(owners[unit])
        return owner < 0
          || outcome.kept[owner].start >= own.lowerBound
            && outcome.kept[owner].end <= own.upperBound
      }
      if holdsAll { outcome.keepRemainders(of: candidate, &owners, isContent) }
    }
    outcome.kept.sort { $0.start < $1.start }
    return outcome
  }

  private static func outranks(_ left: Candidate, _ right: Candidate) -> Bool {
    if left.permille != right.permille { return left.permille > right.permille }
    let lengths = (left.end - left.start, right.end - right.start)
    if lengths.0 != lengths.1 { return lengths.0 > lengths.1 }
    if left.type != right.type { return priority(left.type) < priority(right.type) }
    return left.start < right.start
  }

  /// The stronger identifier first.
  private static func priority(_ type: IdentifierType) -> Int {
    switch type {
    case .rrn: 0
    case .passport: 1
    case .driver: 2
    case .card: 3
    case .email: 4
    case .url: 5
    case .phone: 6
    case .mrn: 7
    case .insurance: 8
    case .account: 9
    case .name: 10
    case .address: 11
    case .id: 12
    case .plate: 13
    case .ip: 14
    case .device: 15
    case .license: 16
    case .sns: 17
    case .hospital: 18
    case .org: 19
    case .date: 20
    case .age: 21
    }
  }
}
