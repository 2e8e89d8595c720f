internal import Auditing
internal import Compliance
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// Turns one assessment and its trail into the view model of the report.
struct ReportBuilder {
  let assessment: Assessment
  let material: ReportMaterial
  let trail: TrailReading

  private static let findingsShown = 20

  /// The whole report.
  var report: SubmissionReport {
    var report = SubmissionReport(
      productTitle: Bilingual(
        ko: text("product", "name") ?? "-",
        en: text("product", "name_en") ?? text("product", "name") ?? "-"),
      productVersion: text("product", "version") ?? "-", tool: "medai \(toolVersion)",
      verdict: ReportVerdict(rawValue: assessment.conclusion.rawValue) ?? .notAssessed,
      verdictSentence: conclusionSentence, scope: scope)
    report.statements = statements
    report.notAssessed = notAssessed
    report.deidentification = deidentification
    report.exam = material.exam.flatMap { ExamFigures(validation: $0.value) }
    report.guidelines = assessment.guidelines.map { guideline in
      SubmissionReport.Guideline(
        id: guideline.catalog.id,
        title: Bilingual(ko: guideline.catalog.title, en: guideline.catalog.titleEnglish),
        edition: guideline.catalog.edition, digest: guideline.catalog.sha256.hex,
        sourceNote: Bilingual(ko: guideline.catalog.notice, en: guideline.catalog.noticeEnglish))
    }
    report.controls = assessment.guidelines.flatMap { guideline in
      guideline.controls.map { control(of: $0, in: guideline.catalog.id) }
    }
    report.submission = MinistryOutline.sections { place in
      SubmissionOutline.item(place, material.submission, assessment)
    }
    report.limits = limits
    report.verification = verification
    return report
  }

  private func text(_ path: String...) -> String? { material.submission.root[path]?.text }

  private var conclusionSentence: Bilingual {
    switch assessment.conclusion {
    case .fail:
      Bilingual(
        ko: "법령에 근거한 항목 가운데 충족하지 못한 것이 있다.",
        en: "At least one requirement that binds by law is not met.")
    case .insufficientEvidence:
      Bilingual(
        ko: "판정에 필요한 증거가 모자라는 항목이 있다.",
        en: "Evidence is missing for at least one requirement.")
    case .needsPerson:
      Bilingual(
        ko: "사람이 판단해야 하는 항목이 남아 있다.",
        en: "Requirements remain that only a person can judge.")
    case .partial:
      Bilingual(
        ko: "일부만 충족한 항목이 있다.", en: "At least one requirement is met in part only.")
    case .pass:
      Bilingual(
        ko: "검사한 항목에서 어긋남을 찾지 못했다.",
        en: "Nothing contrary was found in what was checked.")
    case .notApplicable, .notAssessed:
      Bilingual(ko: "판정한 항목이 없다.", en: "Nothing was judged.")
    }
  }

  private var scope: SubmissionReport.Scope {
    let verdict = trail.verification.verdict
    let anchored = trail.verification.anchoredThrough
    return SubmissionReport.Scope(
      periodFrom: trail.period?.first.text ?? "", periodTo: trail.period?.last.text ?? "",
      origin: trail.origin, entries: trail.size, checkpointSize: trail.size,
      checkpointRoot: trail.root.hex, checkpointCode: shortCode(trail.root),
      signerName: trail.signer?.name ?? "",
      signerKeyHash: trail.signer.map { hexString($0.keyID) } ?? "",
      logVerdict: SubmissionReport.LogVerdict(rawValue: verdict.rawValue) ?? .incomplete,
      anchoredThrough: anchored == 0
        ? Bilingual(
          ko: "바깥에 고정(anchor)된 부분 없음: 시각과 순서는 기록자의 주장이다.",
          en: "Nothing is anchored outside: times and order are the recorder's claim.")
        : Bilingual(
          ko: "항목 \(anchored)개까지 바깥에 고정됨.", en: "Anchored outside through \(anchored) entries."),
      guaranteeEnds: Bilingual(
        ko: trail.verification.limits.map(\.sentence.ko).joined(separator: " "),
        en: trail.verification.limits.map { capitalised($0.sentence.en) }.joined(separator: " ")))
  }

  private var statements: [Bilingual] {
    var lines = [
      Bilingual(
        ko: "이 보고서는 식품의약품안전처의 허가나 승인을 뜻하지 않으며 법률 자문이 아니다.",
        en: "This report is not an approval by the ministry and not legal advice."),
      Bilingual(
        ko: "가이드라인(안내서-1416-01)의 원문은 읽지 못했다. 항목은 보도자료, 법령, 2차 자료에서 뽑은 후보이며, "
          + "각 항목에 출처와 확신의 정도를 적었다.",
        en: "The guideline's own text (안내서-1416-01) was not read. Controls are candidates drawn "
          + "from the press release, statutes and secondary sources; each says which, and how sure."
      ),
      Bilingual(
        ko: "소프트웨어가 판단할 수 없는 것은 사람에게 넘겼고, 통과로 보이지 않는다.",
        en: "What software cannot judge is handed to a person and never shown as passed."),
    ]
    if text("product", "fictitious") == "true" {
      lines.append(
        Bilingual(
          ko: "제품은 보기로 지어낸 것이다.", en: "The product is fictitious, made up as an example."))
    }
    return lines
  }

  private var notAssessed: [Bilingual] {
    var lines: [Bilingual] = []
    for guideline in assessment.guidelines {
      if let reason = guideline.reason {
        lines.append(
          Bilingual(
            ko: "\(guideline.catalog.title): \(reason.korean)",
            en: "\(guideline.catalog.titleEnglish): \(reason.english)"))
      }
      if guideline.controls.isEmpty { continue }
      func count(_ verdict: Verdict) -> Int {
        guideline.controls.count { $0.verdict == verdict }
      }
      lines.append(
        Bilingual(
          ko: "\(guideline.catalog.id): 사람의 판단 \(count(.needsPerson))건, 증거 부족 "
            + "\(count(.insufficientEvidence))건, 판정하지 않음 \(count(.notAssessed))건",
          en: "\(guideline.catalog.id): \(count(.needsPerson)) for a person, "
            + "\(count(.insufficientEvidence)) without evidence, \(count(.notAssessed)) not assessed"
        ))
    }
    return lines
  }

  /// Figures of the runs that the trail itself records.
  private var deidentification: DeidentificationFigures? {
    let ends = trail.entries.filter {
      $0.type.text == "deid.run.end" && $0.text("outcome") == "completed"
    }
    guard !ends.isEmpty else { return nil }
    var records = 0
    var withheld = 0
    var counts: [String: Int] = [:]
    for end in ends {
      records += max(0, (end.count("records") ?? 0) - (end.count("withheld") ?? 0))
      withheld += end.count("withheld") ?? 0
      for (name, count) in end.counts("counts") ?? [] { counts[name.text, default: 0] += count }
    }
    let types = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return DeidentificationFigures(
      records: records, withheld: withheld,
      types: types.map {
        DeidentificationFigures.TypeCount(
          type: $0.key, count: $0.value, action: actionOfPolicy($0.key))
      })
  }

  /// What the manifest says was done with a type; the policy's name where it does not say.
  private func actionOfPolicy(_ type: String) -> Bilingual {
    if let action = material.manifest?.value["actions"]?[type]?.string {
      return Bilingual(action)
    }
    let begin = trail.entries.last { $0.type.text == "deid.run.begin" }
    return Bilingual(begin?.text("policy") ?? "-")
  }

  private func control(
    of assessed: ControlAssessment, in guideline: String
  ) -> SubmissionReport.Control {
    let control = assessed.control
    let open = assessed.findings.filter { $0.verdict != .pass }
    return SubmissionReport.Control(
      id: control.id, guideline: guideline,
      title: Bilingual(ko: control.title, en: control.titleEnglish),
      statement: Bilingual(ko: control.statement, en: control.statementEnglish),
      strength: control.strength.label, sourceClass: control.source.label,
      who: Bilingual(
        ko: control.actors.map(\.label.ko).joined(separator: ", "),
        en: control.actors.map(\.label.en).joined(separator: ", ")),
      citation: Bilingual(control.citations.joined(separator: "; ")),
      verdict: ReportVerdict(rawValue: assessed.verdict.rawValue) ?? .notAssessed,
      reason: Bilingual(
        ko: assessed.reasons.map(\.korean).joined(separator: " "),
        en: assessed.reasons.map(\.english).joined(separator: " ")),
      findings: open.prefix(Self.findingsShown).map { finding in
        SubmissionReport.Finding(
          record: finding.finding.record ?? "-", check: finding.check,
          severity: finding.severity.label,
          reason: Bilingual(
            ko: finding.finding.reason.korean, en: finding.finding.reason.english))
      }, findingCount: open.count,
      evidence: assessed.entries.prefix(Self.findingsShown).compactMap(evidence),
      checkByHand: assessed.checkByHand)
  }

  private func evidence(_ entry: Int) -> SubmissionReport.Evidence? {
    guard trail.entries.indices.contains(entry) else { return nil }
    return SubmissionReport.Evidence(
      entry: entry, type: trail.entries[entry].type.text, leafSHA256: trail.leafHashes[entry].hex,
      treeSize: trail.size, proof: trail.proofs[entry].map(\.hex))
  }

  private var limits: [Bilingual] {
    [
      Bilingual(
        ko: "규칙으로 하는 비식별화는 모든 식별자를 찾지 못한다. 표본을 사람이 검수해야 한다.",
        en: "De-identification by rules does not find every identifier; a person has to inspect a "
          + "sample."),
      Bilingual(
        ko: "국가시험 형식의 점수는 임상적 유효성의 증거가 아니다.",
        en: "A score on exam items is no evidence of clinical effectiveness."),
      Bilingual(
        ko: "제출자료 검사는 있음과 서로 맞음만 확인하며 내용의 적절성은 보지 않는다.",
        en: "Checks over the submission see presence and agreement, not adequacy."),
      Bilingual(
        ko: "암호 기능은 시스템의 OpenSSL 이며 KCMVP 검증필 모듈이 아니다.",
        en: "Cryptography is the system's OpenSSL, which is not a KCMVP-validated module."),
    ]
  }

  private var verification: [Bilingual] {
    [
      Bilingual(
        ko: "로그 검증: medai audit verify --audit-log DIR --public-key FILE.vkey",
        en: "Verify the log: medai audit verify --audit-log DIR --public-key FILE.vkey"),
      Bilingual(
        ko: "항목 하나의 증명: medai audit prove N --output N.tlog-proof (C2SP tlog-proof 형식)",
        en: "Prove one entry: medai audit prove N --output N.tlog-proof (C2SP tlog-proof)"),
      Bilingual(
        ko: "손으로: 항목의 해시는 SHA-256(0x00 ‖ 항목 바이트), 마디는 SHA-256(0x01 ‖ 왼쪽 ‖ 오른쪽)이다 (RFC 6962).",
        en: "By hand: an entry's hash is SHA-256(0x00 ‖ bytes), a node's SHA-256(0x01 ‖ left ‖ "
          + "right) (RFC 6962)."),
    ]
  }

  /// What the command prints after it wrote the report.
  func summary(_ language: Language, report path: FilePath) -> String {
    let verdicts = assessment.guidelines.map { guideline in
      guideline.controls.isEmpty
        ? guideline.catalog.id + ": not-assessed"
        : guideline.catalog.id + ": "
          + guideline.counts.filter { $0.count > 0 }.map { "\($0.verdict.rawValue) \($0.count)" }
          .joined(separator: ", ")
    }
    let log = trail.verification.verdict.rawValue
    let lines =
      [
        Bilingual(ko: "보고서: ", en: "report: ")[language] + visible(path.string),
        Bilingual(ko: "결론: ", en: "conclusion: ")[language] + assessment.conclusion.rawValue,
      ] + verdicts + [
        Bilingual(
          ko: "로그: \(log), 크기 \(trail.size), 루트 \(trail.root.hex)",
          en: "log: \(log), size \(trail.size), root \(trail.root.hex)")[language]
      ]
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A code of the root that a person can read aloud: its first 64 bits in four groups.
private func shortCode(_ root: Digest) -> String {
  let digits = root.hex.prefix(16)
  return stride(from: 0, to: 16, by: 4).map { start in
    String(digits.dropFirst(start).prefix(4))
  }.joined(separator: "-")
}

private func capitalised(_ sentence: String) -> String {
  sentence.prefix(1).uppercased() + sentence.dropFirst()
}
