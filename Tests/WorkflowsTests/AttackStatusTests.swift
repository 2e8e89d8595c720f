import Auditing
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

@testable import Workflows

/// docs/attacks.md states exit statuses: each is the one that the program gives for its verdict.
@Test func statedExitStatusesAreTheProgramsOwn() throws {
  let text = String(
    decoding: try readFile(repositoryRoot().appending("docs/attacks.md")), as: UTF8.self)
  var checked = 0
  for line in text.split(separator: "\n") where line.hasPrefix("| ") {
    let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != "`" && $0 != " " } }
    guard cells.count == 9 else { continue }
    for (verdict, status) in [(cells[3], cells[4]), (cells[5], cells[6])] {
      guard let verdict = LogVerdict(rawValue: verdict) else { continue }
      #expect(String(verdict.status.rawValue) == status, "\(cells[1])")
      checked += 1
    }
  }
  #expect(checked > 120)
}
