internal import MedaiCore
internal import Settings

/// A section of the submission holds what it has to; whether it is adequate is for a person.
///
/// Sections have one shape of rule and differ in their fields, so they are a table.
struct SubmissionSectionCheck: Check {
  let id: String
  let version = 1
  let title: String
  let titleEnglish: String
  let reads: [EvidenceKind] = [.submission]
  /// Places of fields: `a.b`; `a[].b` for each element of a list; `a|b` for either; `@a` for a file
  /// that must exist with the declared digest.
  let fields: [String]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    guard let submission = evidence.submission else { return [] }
    let section = String(
      decoding: bytes(fields[0]).prefix { $0 != 0x2E && $0 != 0x5B }, as: UTF8.self)
    if submission.root[section] == nil {
      return [Finding(.fail, Reason(.sectionMissing, section))]
    }
    let findings = fields.flatMap { field -> [Finding] in
      if field.utf8.first == UInt8(ascii: "@") {
        return judge(reference: String(field.dropFirst()), in: submission)
      }
      let isFilled = field.utf8.split(separator: UInt8(ascii: "|")).contains { place in
        isPresent(place.split(separator: UInt8(ascii: "."))[...], in: submission.root)
      }
      return isFilled ? [] : [Finding(.fail, Reason(.fieldMissing, field))]
    }
    return findings.isEmpty ? [Finding(.pass, Reason(.sectionsComplete, section))] : findings
  }

  private func bytes(_ field: String) -> [UInt8] {
    Array(field.utf8.drop { $0 == UInt8(ascii: "@") })
  }

  private func isPresent(
    _ path: ArraySlice<Substring.UTF8View>, in node: YAMLNode
  ) -> Bool {
    guard let key = path.first else {
      switch node {
      case .scalar(let text, _): return !text.isEmpty
      case .sequence(let elements, _): return !elements.isEmpty
      case .mapping(let members, _): return !members.isEmpty
      }
    }
    let isList = key.suffix(2).elementsEqual("[]".utf8)
    let name = String(decoding: isList ? key.dropLast(2) : key[...], as: UTF8.self)
    guard let value = node[name] else { return false }
    guard isList else { return isPresent(path.dropFirst(), in: value) }
    let elements = value.elements ?? []
    return !elements.isEmpty && elements.allSatisfy { isPresent(path.dropFirst(), in: $0) }
  }

  private func judge(reference place: String, in submission: SubmissionFile) -> [Finding] {
    guard let reference = submission.reference(place) else {
      return [Finding(.fail, Reason(.fieldMissing, place))]
    }
    guard let actual = reference.actual else {
      return [Finding(.fail, Reason(.referenceMissing, place))]
    }
    guard let declared = reference.declared else {
      return [Finding(.insufficientEvidence, Reason(.referenceWithoutDigest, place))]
    }
    return declared == actual ? [] : [Finding(.fail, Reason(.referenceDiffers, place))]
  }
}
