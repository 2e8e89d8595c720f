import Testing
import Workflows

/// The order of exit statuses where several hold.
@Suite struct ExitStatusTests {
  /// Worst first, as the contract has it.
  private static let order: [Int32] = [70, 3, 4, 78, 77, 74, 73, 69, 66, 65, 64, 75, 1, 2, 5, 0]

  @Test func everyStatusIsOrdered() {
    #expect(Self.order.sorted() == ExitStatus.allCases.map(\.rawValue).sorted())
  }

  @Test func theWorstOfAPairWins() throws {
    for (place, worse) in Self.order.enumerated() {
      for better in Self.order[place...] {
        let pair = try [better, worse].map { try #require(ExitStatus(rawValue: $0)) }
        #expect(ExitStatus.worst(pair).rawValue == worse)
        #expect(ExitStatus.worst(pair.reversed()).rawValue == worse)
      }
    }
  }

  @Test func nothingMeansDone() {
    #expect(ExitStatus.worst([]) == .done)
    #expect(ExitStatus.worst(ExitStatus.allCases) == .internalError)
  }
}
