extension DeidentificationFigures {
  /// Identifiers in all; counts that no run can have must not stop the page.
  private var total: Int {
    types.reduce(0) { sum, type in
      let (next, overflow) = sum.addingReportingOverflow(max(0, type.count))
      return overflow ? .max : next
    }
  }

  /// What the parts `figures-deidentification` and `chart-identifiers` show.
  func fields(_ language: Language) throws(PresentationError) -> PageFields {
    let largest = max(1, types.map(\.count).max() ?? 1)
    var rows: [PageFields] = []
    for (index, type) in types.enumerated() {
      let width = Double(max(0, type.count)) / Double(largest) * 62
      rows.append([
        "type": type.type, "label": unlessEmpty(type.label[language]),
        "count": grouped(type.count), "action": type.action[language],
        "y": String(index * 24 + 4), "textY": String(index * 24 + 18),
        "width": try decimal(width, decimals: 2, "bar"),
        "end": try decimal(24 + width, decimals: 2, "bar"),
      ])
    }
    return [
      "records": grouped(records), "withheld": grouped(withheld), "types": rows,
      "hasTypes": !rows.isEmpty, "total": grouped(total),
      "height": String(types.count * 24 + 4),
    ]
  }
}

extension DeidentificationReport {
  /// What the page `deidentification` shows.
  func fields(_ language: Language) throws(PresentationError) -> PageFields {
    [
      "title": title[language], "version": false, "tool": tool,
      "verdict": verdict.fields(language), "verdictSentence": verdictSentence[language],
      "deidentification": try figures.fields(language),
      "facts": provenance.fields(language), "hasFacts": !provenance.isEmpty,
      "files": files.map { file -> PageFields in
        [
          "name": file.name, "records": grouped(file.records), "withheld": grouped(file.withheld),
          "input": file.inputSHA256, "output": file.outputSHA256,
        ]
      },
      "hasFiles": !files.isEmpty,
      "withheldReasons": withheldReasons.map { reason -> PageFields in
        ["reason": reason.reason[language], "count": grouped(reason.count)]
      },
      "hasWithheld": !withheldReasons.isEmpty,
      "statements": sentences(statements, language), "hasStatements": !statements.isEmpty,
      "limits": sentences(limits, language), "hasLimits": !limits.isEmpty,
    ]
  }
}
