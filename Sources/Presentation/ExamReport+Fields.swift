extension ExamReport {
  /// What the page `exam` shows.
  func fields(_ language: Language) throws(PresentationError) -> PageFields {
    var fields: PageFields = [
      "title": title[language], "version": false, "tool": tool,
      "verdict": verdict.fields(language), "verdictSentence": verdictSentence[language],
      "exam": try figures.fields(language),
      "facts": provenance.fields(language), "hasFacts": !provenance.isEmpty,
      "statements": sentences(statements, language), "hasStatements": !statements.isEmpty,
      "limits": sentences(limits, language), "hasLimits": !limits.isEmpty,
      "rule": false, "comparison": false,
    ]
    if let rule {
      let ruleFields: PageFields = [
        "name": rule.name, "verdict": rule.verdict.fields(language),
        "reason": rule.reason[language],
      ]
      fields["rule"] = ruleFields
    }
    if let comparison { fields["comparison"] = try comparison.fields() }
    return fields
  }
}

extension ExamReport.Rule.Verdict {
  func fields(_ language: Language) -> PageFields {
    switch self {
    case .pass: ReportVerdict.pass.fields(language)
    case .fail: ReportVerdict.fail.fields(language)
    case .notEvaluable:
      [
        "kind": "insufficient-evidence",
        "word": Bilingual(ko: "판정할 수 없음", en: "Not evaluable")[language],
      ]
    }
  }
}

extension ExamReport.Comparison {
  func fields() throws(PresentationError) -> PageFields {
    [
      "name": name, "score": try percent(score, "compared score"),
      "p": try pValue(mcnemarP, "McNemar p value"),
      "difference": try decimal(difference.low * 100, decimals: 1, "difference") + " … "
        + decimal(difference.high * 100, decimals: 1, "difference"),
      "ratio": try decimal(ratio, decimals: 3, "ratio"),
      "ratioInterval": try decimal(ratioInterval.low, decimals: 3, "ratio") + " … "
        + decimal(ratioInterval.high, decimals: 3, "ratio"),
    ]
  }
}
