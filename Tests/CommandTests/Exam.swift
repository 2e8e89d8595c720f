/// Exam files that tests are made of.
enum Exam {
  /// Two good items.
  static let items = """
    {"id":"q1","question":"one?","options":["a","b","c"],"answer":"B"}
    {"id":"q2","question":"two?","options":["d","e"],"answer":1}

    """

  /// One output record.
  static let output = "{\"id\":\"1\",\"prompt\":\"a\",\"output\":\"b\"}\n"

  /// Result lines of which the first `correct` are right.
  ///
  /// - Parameters:
  ///   - correct: How many are right.
  ///   - count: How many there are.
  ///   - subject: The subject of item number n, from 0.
  /// - Returns: NDJSON.
  static func results(
    _ correct: Int, of count: Int, subject: (Int) -> String? = { _ in nil }
  ) -> String {
    (0..<count).map { number in
      let prediction = number < correct ? "A" : "B"
      let subject = subject(number).map { "\"\($0)\"" } ?? "null"
      return """
        {"id":"q\(number)","subject":\(subject),"prediction":"\(prediction)","answer":"A"}

        """
    }.joined()
  }
}
