/// Renders a submission report as one self-contained HTML file.
///
/// - Parameters:
///   - report: The values.
///   - language: The language of the page.
/// - Returns: UTF-8, the same bytes for the same values.
/// - Throws: `PresentationError`.
public func html(
  _ report: SubmissionReport, _ language: Language
) throws(PresentationError) -> [UInt8] {
  try PageTemplates.load().page("submission", report.fields(language), language)
}

/// Renders an exam report as one self-contained HTML file.
///
/// - Throws: `PresentationError`.
public func html(_ report: ExamReport, _ language: Language) throws(PresentationError) -> [UInt8] {
  try PageTemplates.load().page("exam", report.fields(language), language)
}

/// Renders a de-identification report as one self-contained HTML file.
///
/// - Throws: `PresentationError`.
public func html(
  _ report: DeidentificationReport, _ language: Language
) throws(PresentationError) -> [UInt8] {
  try PageTemplates.load().page("deidentification", report.fields(language), language)
}
