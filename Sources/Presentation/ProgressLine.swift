internal import MedaiCore

/// How far a job is, as a function of counts and seconds alone.
public struct ProgressLine: Sendable, Equatable {
  /// Records done.
  public var done: Int
  /// Records in all, where that is known.
  public var total: Int?
  /// Seconds since the start, by a monotonic clock of the caller.
  public var elapsedSeconds: Double
  /// Records that a resumed run found done; they do not count for the rate.
  public var doneBefore: Int

  /// A state.
  public init(done: Int, total: Int?, elapsedSeconds: Double, doneBefore: Int = 0) {
    self.done = max(0, done)
    self.total = total.map { max(0, $0) }
    self.elapsedSeconds =
      elapsedSeconds.isFinite ? min(max(0, elapsedSeconds), 1e9) : 0
    self.doneBefore = min(max(0, doneBefore), self.done)
  }

  /// Records a second since the start; 0 before anything can be said.
  public var recordsPerSecond: Double {
    elapsedSeconds > 0 ? Double(done - doneBefore) / elapsedSeconds : 0
  }

  /// Whole seconds still needed; `nil` where it cannot be told.
  public var remainingSeconds: Int? {
    guard let total else { return nil }
    if done >= total { return 0 }
    guard recordsPerSecond > 0 else { return nil }
    let seconds = (Double(total - done) / recordsPerSecond).rounded(.up)
    return seconds < 1e9 ? Int(seconds) : nil
  }
}

extension ProgressLine {
  /// The line for a terminal, without line end, such as
  /// `1,204 of 60,000 records  2.0 %  812.5 records/s  about 1 min 13 s left`.
  public func text(_ language: Language) -> String {
    var parts: [String] = []
    switch (language, total) {
    case (.korean, let total?):
      parts.append("기록 \(grouped(done)) / \(grouped(total))건")
    case (.korean, nil): parts.append("기록 \(grouped(done))건")
    case (.english, let total?):
      parts.append("\(grouped(done)) of \(grouped(total)) records")
    case (.english, nil): parts.append("\(grouped(done)) records")
    }
    if let total, total > 0 {
      // Cut, not rounded: 100 % must mean that everything is done.
      let tenths = Int(min(1, Double(done) / Double(total)) * 1000)
      parts.append("\(tenths / 10).\(tenths % 10) %")
    }
    let rate = fixedPoint(recordsPerSecond, decimals: 1)
    parts.append(language == .korean ? "초당 \(rate)건" : "\(rate) records/s")
    if let seconds = remainingSeconds {
      parts.append(
        language == .korean
          ? "남은 시간 약 \(spoken(seconds, language))" : "about \(spoken(seconds, language)) left")
    }
    return parts.joined(separator: "  ")
  }

  /// One structured line of `name=value` pairs, without line end, for a log file.
  ///
  /// - Parameter job: The job's name, such as `deid`; ASCII letters, digits, `.` and `-`.
  /// - Returns: For example `event=progress job=deid done=1204 total=unknown …`.
  public func logText(job: String) -> String {
    fields(job: job).map { name, value in
      switch value {
      case .null: "\(name)=unknown"
      case .number(let number): "\(name)=\(number.token)"
      default: "\(name)=\(visible(value.string ?? ""))"
      }
    }.joined(separator: " ")
  }

  /// The same as one JSON object, without line end.
  public func logJSON(job: String) -> [UInt8] {
    var object = JSONObject()
    for (name, value) in fields(job: job) { object[name] = value }
    return JSONValue.object(object).encoded(.compact)
  }

  private func fields(job: String) -> [(String, JSONValue)] {
    [
      ("event", .string("progress")),
      ("job", .string(job)),
      ("done", .integer(done)),
      ("total", total.map { .integer($0) } ?? .null),
      ("records_per_second", .number(JSONNumber(recordsPerSecond, decimals: 1))),
      ("elapsed_seconds", .number(JSONNumber(elapsedSeconds, decimals: 1))),
      ("remaining_seconds", remainingSeconds.map { .integer($0) } ?? .null),
    ]
  }
}

/// A length of time in its two largest units.
private func spoken(_ seconds: Int, _ language: Language) -> String {
  let korean = language == .korean
  let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
  if hours > 0 { return korean ? "\(hours)시간 \(minutes)분" : "\(hours) h \(minutes) min" }
  if minutes > 0 {
    return korean ? "\(minutes)분 \(seconds % 60)초" : "\(minutes) min \(seconds % 60) s"
  }
  return korean ? "\(seconds)초" : "\(seconds) s"
}
