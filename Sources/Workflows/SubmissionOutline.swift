internal import Compliance
internal import MedaiCore
internal import Presentation
internal import Settings

/// Where a submission says what the ministry's form asks for.
enum SubmissionOutline {
  /// Paths of keys that serve each place of the outline; a place without any is not part of the
  /// submission format, so it is a person's to fill.
  private static let paths: [String: [[String]]] = [
    "form.principle": [["base_model", "principle"]],
    "form.structure": [["structure", "diagram"], ["structure", "compatible_software"]],
    "form.components": [["structure", "components"], ["structure", "environment"]],
    "form.performance": [
      ["structure", "inputs"], ["structure", "outputs"], ["performance", "metrics"],
      ["cloud", "kind"], ["cloud", "configuration"],
    ],
    "form.precautions": [["labelling", "precautions"]],
    "evidence.analytical": [["performance", "claims"], ["performance", "test_data"]],
    "evidence.clinical": [["clinical", "method"], ["clinical", "report"]],
    "attachment.1": [["intended_use", "statement"], ["base_model", "principle"]],
    "attachment.3": [["performance", "claims"], ["performance", "metrics"]],
    "attachment.4": [["clinical", "method"], ["clinical", "report"]],
    "attachment.5": [["security", "threats"], ["security", "protection"], ["security", "sbom"]],
    "attachment.6": [["users", "training"]],
    "attachment.7": [["users", "professional_use"], ["users", "qualifications"]],
    "attachment.8": [["change_plan", "items"], ["change_plan", "verification"]],
  ]

  /// Whether the submission has what a place asks for, and which controls judge it.
  static func item(
    _ place: MinistryOutline.Place, _ submission: SubmissionFile, _ assessment: Assessment
  ) -> (state: SubmissionReport.SubmissionItem.State, note: Bilingual, controls: [String]) {
    guard let wanted = paths[place.key] else {
      return (
        .missing,
        Bilingual(
          ko: "제출 파일 형식에 없는 항목: 담당자가 직접 붙인다.",
          en: "Not part of the submission file: a person attaches it."), []
      )
    }
    let missing = wanted.filter { submission.root[$0] == nil }
    let state: SubmissionReport.SubmissionItem.State =
      missing.isEmpty ? .present : missing.count == wanted.count ? .missing : .partial
    let names = missing.map { $0.joined(separator: ".") }.joined(separator: ", ")
    let note =
      missing.isEmpty
      ? Bilingual("") : Bilingual(ko: "없음: \(names)", en: "missing: \(names)")
    // Sections, not single keys, name the controls: a check reads a section as a whole.
    let sections = wanted.map { "submission.\($0[0])" }
    let controls = assessment.guidelines.flatMap(\.controls).filter { assessed in
      assessed.control.checks.contains { check in
        sections.contains { check.utf8.starts(with: $0.replacing("_", with: "-").utf8) }
      }
    }
    return (state, note, controls.map(\.control.id))
  }
}
