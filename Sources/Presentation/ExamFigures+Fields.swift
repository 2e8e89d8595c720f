extension ExamFigures {
  /// What the parts `figures-exam` and `chart-exam` show.
  func fields(_ language: Language) throws(PresentationError) -> PageFields {
    var rows: [PageFields] = []
    for subject in subjects {
      let share = subject.n > 0 ? Double(subject.correct) / Double(subject.n) : 0
      rows.append([
        "name": subject.name, "n": grouped(subject.n), "correct": grouped(subject.correct),
        "score": subject.n > 0 ? try percent(share, "subject score") : "–",
        "wilson": try range(subject.wilson, "subject interval"),
      ])
    }
    return [
      "name": name, "n": grouped(n), "correct": grouped(correct), "invalid": grouped(invalid),
      "score": try percent(score, "score"),
      "wilson": try range(wilson, "interval"),
      "clopper": try clopperPearson.map { interval throws(PresentationError) -> Any in
        try range(interval, "exact interval")
      } ?? false,
      "random": try percent(randomBaseline, "random baseline"),
      "majority": try share(majorityBaseline, "majority baseline"),
      "claim": try share(claim, "claim"),
      "claimVerdict": claimVerdict.map { $0.fields(language) } ?? false,
      "human": try share(human, "human mean"),
      "humanP": try humanPValue.map { value throws(PresentationError) -> Any in
        try pValue(value, "p value")
      } ?? false,
      "subjects": rows, "hasSubjects": !rows.isEmpty,
      "chart": try chart(),
    ]
  }

  private func share(_ value: Double?, _ figure: String) throws(PresentationError) -> Any {
    guard let value else { return false }
    return try percent(value, figure)
  }

  /// Positions in per cent of the chart's width; a mark outside 0 to 1 stands at the edge.
  private func chart() throws(PresentationError) -> PageFields {
    func place(_ share: Double, _ figure: String) throws(PresentationError) -> String {
      try decimal(min(1, max(0, share)) * 100, decimals: 2, figure)
    }
    var y = 98
    var marks: PageFields = [:]
    for (name, value) in [
      ("randomMark", Optional(randomBaseline)), ("claimMark", claim), ("humanMark", human),
    ] {
      guard let value else {
        marks[name] = false
        continue
      }
      let mark: PageFields = [
        "x": try place(value, name), "y": String(y), "labelY": String(y - 12),
        "value": try percent(value, name),
      ]
      marks[name] = mark
      y += 44
    }
    let low = try place(wilson.low, "interval")
    let high = try place(wilson.high, "interval")
    let width = min(1, max(0, wilson.high)) - min(1, max(0, wilson.low))
    return [
      "low": low, "high": high, "width": try decimal(max(0, width) * 100, decimals: 2, "interval"),
      "score": try place(score, "score"), "marks": marks, "bottom": String(y - 50),
      "axisY": String(y - 26), "height": String(y - 22),
    ]
  }
}

extension ExamFigures.ClaimVerdict {
  /// The word and the icon of the verdict.
  func fields(_ language: Language) -> PageFields {
    switch self {
    case .supported:
      ["kind": "pass", "word": Bilingual(ko: "뒷받침됨", en: "Supported")[language]]
    case .refuted: ["kind": "fail", "word": Bilingual(ko: "반박됨", en: "Refuted")[language]]
    case .notShown:
      [
        "kind": "insufficient-evidence",
        "word": Bilingual(ko: "입증되지 않음", en: "Not shown")[language],
      ]
    }
  }
}

/// An interval as percentages, such as `83.9–88.1 %`.
func range(_ interval: ScoreInterval, _ figure: String) throws(PresentationError) -> String {
  try decimal(interval.low * 100, decimals: 1, figure) + "–"
    + percent(interval.high, figure)
}
