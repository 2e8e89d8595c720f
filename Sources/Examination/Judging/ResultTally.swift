internal import MedaiCore

/// The counts of a results file.
struct ResultTally {
  let score: Score
  let invalid: Int
  let withoutSubject: Int
  let tied: Int
  let subjects: [Judgement.Subject]
  let letters: [Judgement.Letter]
  let random: Double?
  let majority: Double
  let orders: Judgement.OrderCheck?
  /// Whether the count of options had to be guessed from the letters that occur.
  let infersOptions: Bool
  let hasGroups: Bool
  let isSample: Bool

  init(_ results: [ExamResult]) {
    score = Score(count: results.count, correct: results.count { $0.isCorrect })
    invalid = results.count { $0.prediction == nil }
    withoutSubject = results.count { $0.subject == nil }
    tied = results.count { $0.isTied }
    hasGroups = results.contains { $0.group != nil }
    isSample = results.contains { ($0.exam ?? "").utf8.reversed().starts(with: "elpmas-".utf8) }

    var subjects: [(name: String, count: Int, correct: Int)] = []
    var places: [[UInt8]: Int] = [:]
    for result in results {
      guard let name = result.subject else { continue }
      let key = Array(name.utf8)
      let place = places[key] ?? subjects.count
      if place == subjects.count {
        subjects.append((name, 0, 0))
        places[key] = place
      }
      subjects[place].count += 1
      if result.isCorrect { subjects[place].correct += 1 }
    }
    self.subjects = subjects.map {
      Judgement.Subject(name: $0.name, score: Score(count: $0.count, correct: $0.correct))
    }

    var answers = Array(repeating: 0, count: maxOptions)
    var predictions = answers
    var free: [[UInt8]: Int] = [:]
    for result in results {
      if let option = optionIndex(result.answer) {
        answers[option] += 1
        if let prediction = result.prediction.flatMap(optionIndex) { predictions[prediction] += 1 }
      } else {
        free[Array(result.answer.utf8), default: 0] += 1
      }
    }
    letters = answers.indices.filter { answers[$0] + predictions[$0] > 0 }.map {
      Judgement.Letter(
        name: optionLetter($0), answers: answers[$0], predictions: predictions[$0])
    }
    let most = max(answers.max() ?? 0, free.values.max() ?? 0)
    majority = Double(most) / Double(results.count)

    // Without option scores the highest letter that occurs tells how many there are at least.
    let highest = (letters.last.flatMap { optionIndex($0.name) } ?? 0) + 1
    let lettered = results.filter { optionIndex($0.answer) != nil }
    infersOptions = lettered.contains { $0.optionCount == nil }
    if lettered.count == results.count {
      var byCount = Array(repeating: 0, count: maxOptions + 1)
      for result in lettered {
        byCount[min(maxOptions, max(2, result.optionCount ?? highest))] += 1
      }
      var sum = 0.0
      for (count, items) in byCount.enumerated() where items > 0 {
        sum += Double(items) / Double(count)
      }
      random = sum / Double(results.count)
    } else {
      random = nil
    }

    let reordered = results.filter { !$0.furtherPredictions.isEmpty }
    orders =
      reordered.isEmpty
      ? nil
      : Judgement.OrderCheck(
        items: reordered.count,
        consistent: reordered.count { result in
          result.furtherPredictions.allSatisfy { other in
            switch (other, result.prediction) {
            case (let other?, let own?): sameBytes(other, own)
            default: false
            }
          }
        })
  }
}
