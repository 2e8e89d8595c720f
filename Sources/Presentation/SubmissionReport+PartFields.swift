extension SubmissionReport.Scope {
  /// What the part `scope` shows.
  func fields(_ language: Language) -> PageFields {
    [
      "from": unlessEmpty(periodFrom), "to": unlessEmpty(periodTo), "origin": origin,
      "entries": grouped(entries), "size": grouped(checkpointSize), "root": checkpointRoot,
      "code": unlessEmpty(checkpointCode), "signer": unlessEmpty(signerName),
      "keyHash": unlessEmpty(signerKeyHash), "log": logVerdict.fields(language),
      "anchored": anchoredThrough[language], "ends": guaranteeEnds[language],
    ]
  }
}

extension SubmissionReport.LogVerdict {
  /// The word, the icon and one sentence on a log verdict.
  func fields(_ language: Language) -> PageFields {
    let known: (kind: ReportVerdict, word: Bilingual, sentence: Bilingual) =
      switch self {
      case .intact:
        (
          .pass, Bilingual(ko: "온전함", en: "Intact"),
          Bilingual(
            ko: "신뢰하는 키로 서명되었고 모든 항목이 체크포인트와 맞습니다.",
            en: "Signed by a trusted key, and every entry fits the checkpoint.")
        )
      case .selfConsistent:
        (
          .insufficientEvidence, Bilingual(ko: "내부 일관성만 확인", en: "Self-consistent"),
          Bilingual(
            ko: "항목끼리는 맞지만 신뢰하는 키가 주어지지 않았습니다.",
            en: "The entries fit each other, but no trusted key was given.")
        )
      case .tampered:
        (
          .fail, Bilingual(ko: "변조됨", en: "Tampered"),
          Bilingual(
            ko: "저장된 항목이 체크포인트와 맞지 않습니다.",
            en: "Stored entries do not fit the checkpoint.")
        )
      case .rolledBackOrForked:
        (
          .fail, Bilingual(ko: "되돌려졌거나 갈라짐", en: "Rolled back or forked"),
          Bilingual(
            ko: "전에 본 체크포인트의 연장이 아닙니다.",
            en: "It does not extend a checkpoint that was seen before.")
        )
      case .untrustedKey:
        (
          .fail, Bilingual(ko: "신뢰하지 않는 키", en: "Untrusted key"),
          Bilingual(
            ko: "체크포인트를 서명한 키를 신뢰하지 않습니다.",
            en: "The key that signed the checkpoint is not trusted.")
        )
      case .incomplete:
        (
          .partial, Bilingual(ko: "불완전함", en: "Incomplete"),
          Bilingual(
            ko: "고정되지 않은 끝부분이 있거나 증인이 없습니다.",
            en: "A part at the end is not anchored, or a witness is missing.")
        )
      }
    return [
      "kind": known.kind.rawValue, "word": known.word[language],
      "sentence": known.sentence[language],
    ]
  }
}

extension SubmissionReport.Control {
  /// What the part `controls` shows of one control.
  func fields(_ anchor: String, _ language: Language, namesGuideline: Bool) -> PageFields {
    [
      "anchor": anchor, "id": id, "title": title[language],
      "guideline": namesGuideline ? guideline : false,
      "statement": statement[language], "strength": unlessEmpty(strength[language]),
      "source": unlessEmpty(sourceClass[language]), "who": unlessEmpty(who[language]),
      "citation": unlessEmpty(citation[language]), "verdict": verdict.fields(language),
      "reason": unlessEmpty(reason[language]),
      "findings": findings.map { $0.fields(language) }, "hasFindings": findingCount > 0,
      "findingCount": grouped(findingCount),
      "moreFindings": findingCount > findings.count
        ? grouped(findingCount - findings.count) : false,
      "evidence": evidence.map { $0.fields() }, "hasEvidence": !evidence.isEmpty,
      "evidenceCount": grouped(evidence.count),
      "steps": sentences(checkByHand, language), "hasSteps": !checkByHand.isEmpty,
      "hasDetails": isQuiet || findingCount > 0 || !evidence.isEmpty || !checkByHand.isEmpty,
      "isQuiet": isQuiet,
    ]
  }
}

extension SubmissionReport.Control {
  /// Whether a reader has nothing to do here, so that less of it stands open.
  private var isQuiet: Bool { verdict == .pass || verdict == .notApplicable }
}

extension SubmissionReport.Finding {
  fileprivate func fields(_ language: Language) -> PageFields {
    [
      "record": record, "check": check, "severity": severity[language],
      "reason": reason[language],
    ]
  }
}

extension SubmissionReport.Evidence {
  fileprivate func fields() -> PageFields {
    [
      "entry": String(entry), "type": type, "leaf": leafSHA256, "size": String(treeSize),
      "hashes": proof, "hashCount": String(proof.count), "hasHashes": !proof.isEmpty,
    ]
  }
}
