extension WordingRules {
  /// A phrase found in a text.
  package struct Match: Sendable {
    /// The rule.
    package let rule: String
    /// First Unicode scalar of the place in the original text.
    package let start: Int
    /// One past its last scalar.
    package let end: Int
  }

  /// The places where rules of a category hold, one a sentence and rule, in file order of rules.
  package func matches(of category: Category, in text: String) -> [Match] {
    let dense = NormalizedText(text, keepsSpaces: false)
    let spaced = NormalizedText(text, keepsSpaces: true)
    var matches: [Match] = []
    for rule in rules where rule.category == category {
      let view = rule.isKorean ? dense : spaced
      for phrase in rule.phrases {
        var position = 0
        while let place = phrase.first(in: view, from: position) {
          let sentence = view.sentence(around: place)
          position = max(place.upperBound, sentence.upperBound)
          let isTakenBack = rule.unless.contains {
            $0.first(in: view, from: sentence.lowerBound, until: sentence.upperBound) != nil
          }
          if isTakenBack { continue }
          matches.append(
            Match(
              rule: rule.id, start: view.origins[place.lowerBound],
              end: view.ends[place.upperBound - 1]))
        }
      }
    }
    return matches
  }
}
