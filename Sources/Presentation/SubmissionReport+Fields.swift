internal import MedaiCore

extension SubmissionReport {
  /// What the page `submission` shows.
  func fields(_ language: Language) throws(PresentationError) -> PageFields {
    let ordered = anchoredControls()
    var fields: PageFields = [
      "title": productTitle[language], "version": unlessEmpty(productVersion), "tool": tool,
      "verdict": verdict.fields(language), "verdictSentence": verdictSentence[language],
      "scope": scope.fields(language),
      "statements": sentences(statements, language), "hasStatements": !statements.isEmpty,
      "notAssessed": sentences(notAssessed, language), "hasNotAssessed": !notAssessed.isEmpty,
      "guidelines": try guidelineFields(language), "hasGuidelines": !guidelines.isEmpty,
      "groups": groupFields(ordered, language), "hasControls": !controls.isEmpty,
      "controlCount": grouped(controls.count),
      "rows": countRows(language), "tally": tally(language),
      "submission": submission.map { sectionFields($0, ordered, language) },
      "hasSubmission": !submission.isEmpty,
      "persons": ordered.filter { $0.control.verdict.awaitsPerson }.map { anchored -> PageFields in
        [
          "anchor": anchored.anchor, "id": anchored.control.id,
          "title": anchored.control.title[language],
          "reason": unlessEmpty(anchored.control.reason[language]),
          "verdict": anchored.control.verdict.fields(language),
        ]
      },
      "checklist": sentences(checklist, language),
      "limits": sentences(limits, language), "hasLimits": !limits.isEmpty,
      "verification": sentences(verification, language), "hasVerification": !verification.isEmpty,
      "deidentification": false, "exam": false,
    ]
    if let deidentification {
      fields["deidentification"] = try deidentification.fields(language)
    }
    if let exam { fields["exam"] = try exam.fields(language) }
    return fields
  }

  /// A control with the name it has inside the page; ids may hold anything.
  private struct Anchored {
    let control: Control
    let anchor: String
  }

  private func anchoredControls() -> [Anchored] {
    ReportVerdict.worstFirst.flatMap { verdict in controls.filter { $0.verdict == verdict } }
      .enumerated().map { Anchored(control: $1, anchor: "c\($0 + 1)") }
  }

  private func guidelineFields(_ language: Language) throws(PresentationError) -> [PageFields] {
    var list: [PageFields] = []
    for (index, guideline) in guidelines.enumerated() {
      let own = controls.filter { sameBytes($0.guideline, guideline.id) }
      list.append([
        "anchor": "chart\(index + 1)", "id": guideline.id, "title": guideline.title[language],
        "edition": guideline.edition, "digest": guideline.digest,
        "sourceNote": unlessEmpty(guideline.sourceNote[language]), "total": grouped(own.count),
        "hasControls": !own.isEmpty, "counts": verdictCounts(own, language),
        "segments": try segments(own),
      ])
    }
    return list
  }

  /// The table of counts: a row for each verdict, a cell for each guideline.
  private func countRows(_ language: Language) -> [PageFields] {
    ReportVerdict.worstFirst.map { verdict in
      let matching = controls.filter { $0.verdict == verdict }
      let cells = guidelines.map { guideline in
        grouped(matching.count { sameBytes($0.guideline, guideline.id) })
      }
      return [
        "kind": verdict.rawValue, "word": verdict.word[language], "cells": cells,
        "count": grouped(matching.count),
      ]
    }
  }

  /// The verdicts that occur, worst first, with what stands between two of them.
  private func tally(_ language: Language) -> [PageFields] {
    let occurring = verdictCounts(controls, language).filter { $0["some"] as? Bool == true }
    return occurring.enumerated().map { index, count in
      count.merging(["separator": index < occurring.count - 1 ? " ·" : false]) { _, new in new }
    }
  }

  /// The bar of a guideline, worst first; positions in per cent of its width.
  private func segments(_ controls: [Control]) throws(PresentationError) -> [PageFields] {
    var before = 0
    var list: [PageFields] = []
    for verdict in ReportVerdict.worstFirst {
      let count = controls.count { $0.verdict == verdict }
      if count == 0 { continue }
      let scale = 100 / Double(controls.count)
      let width = Double(count) * scale
      let start = Double(before) * scale
      list.append([
        "kind": verdict.rawValue, "x": try decimal(start, decimals: 3, "bar"),
        "width": try decimal(width, decimals: 3, "bar"),
        "middle": try decimal(start + width / 2, decimals: 3, "bar"),
        // On a phone a number and its plate need about 7 % of the width.
        "label": width >= 7 ? String(count) : false,
        "plate": count > 99 ? "30" : "20", "halfPlate": count > 99 ? "15" : "10",
      ])
      before += count
    }
    return list
  }

  private func groupFields(_ ordered: [Anchored], _ language: Language) -> [PageFields] {
    ReportVerdict.worstFirst.compactMap { verdict in
      let members = ordered.filter { $0.control.verdict == verdict }
      if members.isEmpty { return nil }
      return [
        "kind": verdict.rawValue, "word": verdict.word[language], "count": grouped(members.count),
        "controls": members.map {
          $0.control.fields($0.anchor, language, namesGuideline: guidelines.count > 1)
        },
      ]
    }
  }

  private func sectionFields(
    _ section: SubmissionSection, _ ordered: [Anchored], _ language: Language
  ) -> PageFields {
    let items = section.items.map { item -> PageFields in
      let links = item.controls.map { id -> PageFields in
        let anchored = ordered.first { sameBytes($0.control.id, id) }
        return [
          "id": id, "anchor": anchored?.anchor ?? false,
          "verdict": anchored?.control.verdict.fields(language) ?? false,
        ]
      }
      return [
        "number": item.number, "title": item.title[language],
        "state": item.state.fields(language), "note": unlessEmpty(item.note[language]),
        "links": links, "hasLinks": !links.isEmpty,
      ]
    }
    return [
      "title": section.title[language], "note": unlessEmpty(section.note[language]),
      "items": items,
    ]
  }
}

/// How many controls have each verdict, worst first, zeros included.
private func verdictCounts(
  _ controls: [SubmissionReport.Control], _ language: Language
) -> [PageFields] {
  ReportVerdict.worstFirst.map { verdict in
    let count = controls.count { $0.verdict == verdict }
    return [
      "kind": verdict.rawValue, "word": verdict.word[language], "count": grouped(count),
      "some": count > 0,
    ]
  }
}

extension ReportVerdict {
  /// Whether a person has to settle it before signing.
  fileprivate var awaitsPerson: Bool { self == .needsPerson || self == .insufficientEvidence }
}

extension SubmissionReport.SubmissionItem.State {
  /// The word and the icon of a state.
  func fields(_ language: Language) -> PageFields {
    switch self {
    case .present: ["kind": "pass", "word": Bilingual(ko: "있음", en: "Present")[language]]
    case .missing: ["kind": "fail", "word": Bilingual(ko: "없음", en: "Missing")[language]]
    case .partial: ["kind": "partial", "word": Bilingual(ko: "일부", en: "Partial")[language]]
    }
  }
}
