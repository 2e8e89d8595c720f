import MedaiCore
import MedaiTestSupport
import Settings
import SystemPackage
import Testing

@testable import Deidentification

@Suite struct SiteTests {
  private func additions(_ yaml: String) throws -> SiteAdditions {
    try SiteAdditions(node: parseYAML(Array(yaml.utf8)))
  }

  /// What a site's own rules find, as text.
  private func found(_ yaml: String, _ text: String) throws -> [String] {
    let bytes = Array(text.utf8)
    let page = Page(bytes)
    let search = try #require(try additions(yaml).search)
    return search.matches(on: page).map { match in
      let range = page.bytes(match.units.lowerBound, match.units.upperBound)
      return "\(match.type.rawValue) \(String(decoding: bytes[range], as: UTF8.self))"
    }
  }

  private static let words = """
    words:
      HOSPITAL: [한빛관, "HB Center"]
      ORG: [미래]
    patterns:
      - {type: ID, pattern: 'Q-[0-9]{4,}'}
      - {type: MRN, pattern: '[가-힣]{2}호실번호[0-9]+'}
    """

  @Test(arguments: [
    ("어제 한빛관에서 왔다", ["HOSPITAL 한빛관"]), ("hb center 경유", ["HOSPITAL hb center"]),
    ("xhb center", []), ("코드 Q-12345 확인", ["ID Q-12345"]), ("코드 Ｑ－１２３４ 확인", ["ID Ｑ－１２３４"]),
    ("코드 Q-123 확인", []), ("중앙호실번호77", ["MRN 중앙호실번호77"]),
    ("Q-1234\nQ-5678", ["ID Q-1234", "ID Q-5678"]),
    ("\u{1112}\u{1161}\u{11ab}빛관", ["HOSPITAL \u{1112}\u{1161}\u{11ab}빛관"]), ("", []),
    ("👩‍⚕️ 한빛\u{200B}관", ["HOSPITAL 한빛\u{200B}관"]),
  ])
  func wordsAndPatternsReadTheNormalisedText(text: String, expected: [String]) throws {
    #expect(try found(Self.words, text) == expected)
  }

  @Test(arguments: [
    ("patterns:\n  - type: ID\n    pattern: '(a)\\1'", 3, "backreferences"),
    ("patterns:\n  - type: ID\n    pattern: 'a(?=b)'", 3, "look-around"),
    ("patterns:\n  - type: ID\n    pattern: 'a(?!b)'", 3, "look-around"),
    ("patterns:\n  - {type: ID, pattern: '(?<=a)b'}", 2, "look-around"),
    ("patterns:\n  - {type: ID, pattern: '(?<!a)b'}", 2, "look-around"),
    ("patterns:\n  - {type: ID, pattern: '[a'}", 2, "RE2"),
    ("patterns:\n  - {type: ID, pattern: 'a*'}", 2, "empty"),
    ("patterns:\n  - {type: ID, pattern: '((a{1,900}){1,900}){1,900}'}", 2, "bytes"),
    ("patterns:\n  - {type: WARD, pattern: a}", 2, "NAME"), ("patterns: {a: b}", 1, ""),
    ("words:\n  ORG: [가]", 2, "two letters"), ("words:\n  ORG: 가나", 2, ""),
    ("words:\n  WARD: [가나]", 2, ""), ("mrn_shapes: [ab]", 1, "#"), ("other: 1", 1, ""),
  ])
  func faultsAreRefusedWithTheirLine(yaml: String, line: Int, says: String) throws {
    do throws(YAMLError) {
      _ = try SiteAdditions(node: parseYAML(Array(yaml.utf8)))
      Issue.record("accepted")
    } catch {
      #expect(error.line == line, "\(error)")
      if case .badValue(_, let allowed) = error.reason {
        #expect(says.isEmpty || allowed.contains(says), "\(allowed)")
      }
    }
  }

  /// Patterns that take exponential or quadratic time elsewhere, over one long line.
  @Test(arguments: ["(a+)+c", "(a|a)*b", "a.*b", "(x+x+)+y"])
  func timeIsLinearWhateverThePattern(pattern: String) throws {
    let yaml = "patterns:\n  - {type: ID, pattern: '\(pattern)'}"
    let search = try #require(try additions(yaml).search)
    func seconds(_ count: Int) -> Double {
      let page = Page([UInt8](repeating: UInt8(ascii: "a"), count: count))
      let clock = ContinuousClock()
      let start = clock.now
      #expect(search.matches(on: page).isEmpty)
      return Double((clock.now - start).components.attoseconds) / 1e18
    }
    _ = seconds(1000)
    // Generous bounds: a machine may be shared. Quadratic time would be a hundredfold.
    let (short, long) = (seconds(20_000), seconds(200_000))
    #expect(long < 40 * short + 0.5, "\(short) \(long)")
  }

  @Test func matchesAtTheSeamsOfWindowsAreFound() throws {
    let search = try #require(
      try additions("patterns:\n  - {type: ID, pattern: 'Q[0-9]{6,500}'}").search)
    for offset in [8185, 8191, 8192, 8193, 7168, 7167, 16384 - 1024] {
      var text = [UInt8](repeating: UInt8(ascii: "x"), count: 20_000)
      for (place, byte) in "Q123456789".utf8.enumerated() { text[offset + place] = byte }
      let page = Page(text)
      #expect(search.matches(on: page).map(\.units) == [offset..<offset + 10], "\(offset)")
    }
  }

  @Test func additionsEnterTheDigestAndAPolicyCarriesThem() throws {
    let folder = repositoryRoot().appending("Sources/Deidentification/Resources")
    var yaml = "policy: t\ntitle: t\nsite:\n  words: {ORG: [온미래재단]}\nrules:\n"
    for type in IdentifierType.allCases {
      yaml += "  \(type.rawValue): {action: tag, follows: x}\n"
    }
    let policy = try Policy(yaml: Array(yaml.utf8))
    let own = try Detectors(resources: folder, policy: policy)
    let plain = detectors
    #expect(own.digest != plain.digest)
    #expect(
      try Detectors(resources: folder, policy: shippedPolicy("kr-chat")).digest == plain.digest)
    let tool = Deidentifier(policy: policy, key: try PseudonymKey(bytes: testKey), detectors: own)
    #expect(try tool.text("온미래재단") == "[ORG]")
  }
}
