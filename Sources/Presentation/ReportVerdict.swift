/// The seven words a check may end with; there is no Boolean for "compliant".
public enum ReportVerdict: String, Sendable, Hashable, CaseIterable {
  case fail
  case partial
  case insufficientEvidence = "insufficient-evidence"
  case needsPerson = "needs-person"
  case notAssessed = "not-assessed"
  case pass
  case notApplicable = "not-applicable"

  /// All seven, worst first: the order in which a reader should meet them.
  public static let worstFirst = allCases

  /// The word for a reader.
  public var word: Bilingual {
    switch self {
    case .fail: Bilingual(ko: "부적합", en: "Fail")
    case .partial: Bilingual(ko: "일부 충족", en: "Partial")
    case .insufficientEvidence: Bilingual(ko: "증거 부족", en: "Insufficient evidence")
    case .needsPerson: Bilingual(ko: "사람 확인 필요", en: "Needs a person")
    case .notAssessed: Bilingual(ko: "평가하지 않음", en: "Not assessed")
    case .pass: Bilingual(ko: "적합", en: "Pass")
    case .notApplicable: Bilingual(ko: "해당 없음", en: "Not applicable")
    }
  }
}
