/// The order in which the ministry asks for a submission of a generative device.
///
/// Known through the press release of 2025-01-24 (generative items) and through engineers'
/// outlines of notice 2026-6, article 24 (attachments); neither text was seen, and the notice was
/// amended on 2026-07-27, so the page says so.
public enum MinistryOutline {
  /// A place in the outline.
  public struct Place: Sendable {
    /// A stable key, such as `attachment.3`.
    public let key: String
    /// The number shown.
    public let number: String
    /// The ministry's words and a translation.
    public let title: Bilingual
  }

  /// The generative items, in the order of the press release.
  public static let generativeItems: [Place] = [
    Place(
      key: "form.principle", number: "1.1",
      title: Bilingual(ko: "모양 및 구조 – 작용원리", en: "Shape and structure: principle of operation")),
    Place(
      key: "form.structure", number: "1.2",
      title: Bilingual(
        ko: "모양 및 구조 – 구조 및 정보통신체계도 (호환 상용 소프트웨어)",
        en: "Shape and structure: structure and system diagram (compatible software)")),
    Place(
      key: "form.components", number: "2.1",
      title: Bilingual(
        ko: "부분품 또는 구성요소 등 – 부분품/구성요소 (버전, 운영환경)",
        en: "Components: parts (version, operating environment)")),
    Place(
      key: "form.performance", number: "2.2",
      title: Bilingual(
        ko: "부분품 또는 구성요소 등 – 성능(기능) 또는 특성 (입출력, 유효성 확인항목, 클라우드)",
        en: "Components: performance or characteristics (input, output, validation, cloud)")),
    Place(
      key: "form.precautions", number: "2.3",
      title: Bilingual(
        ko: "부분품 또는 구성요소 등 – 사용 시 주의사항", en: "Components: precautions for use")),
    Place(
      key: "evidence.analytical", number: "3.1",
      title: Bilingual(ko: "제출자료 – 분석적 성능 검증", en: "Evidence: analytical performance")),
    Place(
      key: "evidence.clinical", number: "3.2",
      title: Bilingual(ko: "제출자료 – 임상적 유효성 확인", en: "Evidence: clinical effectiveness")),
  ]

  /// The eight attachments for standalone software, notice 2026-6, article 24.
  public static let attachments: [Place] = [
    ("사용목적 및 작용원리", "Intended use and principle of operation"),
    ("국내외 현황 및 개발경위", "State of use at home and abroad, and history of development"),
    ("디지털의료기기소프트웨어 검증 및 유효성", "Verification and validation of the software"),
    ("임상시험 등 평가", "Clinical trials and other evaluation"),
    ("전자적 침해행위로부터의 보호 조치", "Protection against electronic intrusion"),
    ("사용적합성", "Usability"),
    ("전문가용 디지털의료기기소프트웨어", "Software for professional use"),
    ("변경관리 계획서", "Change management plan"),
  ].enumerated().map { index, words in
    Place(
      key: "attachment.\(index + 1)", number: "\(index + 1)",
      title: Bilingual(ko: words.0, en: words.1))
  }

  /// The sections of a report, in the ministry's order.
  ///
  /// - Parameter item: Says of a place whether the submission has it, with a remark and the ids of
  ///   the controls that judge it.
  /// - Returns: The generative items, then the attachments.
  public static func sections(
    _ item: (Place) -> (
      state: SubmissionReport.SubmissionItem.State, note: Bilingual, controls: [String]
    )
  ) -> [SubmissionReport.SubmissionSection] {
    func items(_ places: [Place]) -> [SubmissionReport.SubmissionItem] {
      places.map { place in
        let known = item(place)
        return SubmissionReport.SubmissionItem(
          number: place.number, title: place.title, state: known.state, note: known.note,
          controls: known.controls)
      }
    }
    return [
      SubmissionReport.SubmissionSection(
        title: Bilingual(ko: "생성형 인공지능 항목", en: "Generative items"),
        note: Bilingual(
          ko: "순서의 출처: 식품의약품안전처 보도자료 2025-01-24. 가이드라인 원문의 세부 제목은 확인하지 못했습니다.",
          en: "Order: ministry press release of 2025-01-24. The guideline's finer headings were "
            + "not seen."),
        items: items(generativeItems)),
      SubmissionReport.SubmissionSection(
        title: Bilingual(
          ko: "첨부자료 여덟 가지 (고시 제2026-6호 제24조)",
          en: "Eight attachments (notice 2026-6, article 24)"),
        note: Bilingual(
          ko: "독립형 소프트웨어 기준. 고시는 2026-07-27에 다시 개정되었으므로 조문 번호를 현행본과 대조하십시오.",
          en: "For standalone software. The notice was amended again on 2026-07-27: compare the "
            + "article numbers with the edition in force."),
        items: items(attachments)),
    ]
  }
}
