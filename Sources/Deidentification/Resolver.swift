/// Makes candidates disjoint: the surer wins, then the longer, then the type that matters more.
struct Resolver {
  /// What became of the candidates.
  struct Outcome {
    /// Disjoint, in the order of the text.
    var kept: [Candidate] = []
    /// Candidates that a kept one overlaps.
    var outranked: [Candidate] = []
  }

  /// Sorts once by rank and once by place; each unit is marked at most once.
  ///
  /// - Parameters:
  ///   - candidates: At or above the threshold.
  ///   - count: Units of the page.
  /// - Returns: The kept and the outranked.
  static func resolve(_ candidates: [Candidate], count: Int) -> Outcome {
    var outcome = Outcome()
    var taken = [Bool](repeating: false, count: count)
    let ranked = candidates.sorted(by: outranks)
    for candidate in ranked {
      // Only ends and the marks between can collide; a stretch is short.
      if (candidate.start..<candidate.end).contains(where: { taken[$0] }) {
        outcome.outranked.append(candidate)
        continue
      }
      for index in candidate.start..<candidate.end { taken[index] = true }
      outcome.kept.append(candidate)
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
