internal import MedaiCore

/// The answer is in the language its record declares.
///
/// Korean clinical text is full of Latin terms, so a fifth of Hangul letters is enough for `ko`.
struct LanguageCheck: Check {
  let id = "output.language"
  let version = 1
  let title = "선언한 언어와 출력 언어"
  let titleEnglish = "Output language against the declared one"
  let reads: [EvidenceKind] = [.outputs]

  func run(_ evidence: Evidence, _ tools: CheckTools) -> [Finding] {
    perRecord(evidence) { record in
      guard let language = record.language,
        let isKorean = ["ko": true, "en": false][language]
      else {
        return [Finding(.insufficientEvidence, Reason(.languageUndeclared), record: record.id)]
      }
      var hangul = 0
      var latin = 0
      var other = 0
      for scalar in record.output.unicodeScalars {
        switch scalar.value {
        case 0xAC00...0xD7A3, 0x3131...0x318E: hangul += 1
        case 0x1100...0x1112: hangul += 1
        case 0x1161...0x11FF: break
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: latin += 1
        case 0x370...0x3FF: break
        case 0x400...0x10FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x3FFFF: other += 1
        default: break
        }
      }
      let letters = hangul + latin + other
      let fits =
        isKorean
        ? hangul * 5 >= letters && other * 4 <= letters : latin * 10 >= letters * 7
      if letters > 0, fits { return [] }
      return [
        Finding(.fail, Reason(.languageDiffers, isKorean ? "ko" : "en"), record: record.id)
      ]
    }
  }
}
