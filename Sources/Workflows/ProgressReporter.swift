internal import Presentation
internal import Settings

/// Says how far a job is: redrawn on a terminal, a line every few seconds elsewhere.
final class ProgressReporter {
  private let job: String
  private let context: JobContext
  private let started: Double
  private var lastSaid: Double
  private var hasDrawn = false
  private var latest: ProgressLine?

  /// Seconds between two lines of a log, and between two drawings.
  private static let logSeconds = 5.0
  private static let drawSeconds = 0.2

  /// A reporter that starts to count now.
  init(job: String, context: JobContext) {
    self.job = job
    self.context = context
    started = context.seconds()
    lastSaid = started
  }

  /// Tells that so many are done; speaks only when it is time to.
  ///
  /// - Parameters:
  ///   - done: Records or items so far.
  ///   - total: All of them, where that is known.
  func report(_ done: Int, of total: Int?) {
    let now = context.seconds()
    let line = ProgressLine(done: done, total: total, elapsedSeconds: now - started)
    latest = line
    guard now - lastSaid >= (context.isTerminal ? Self.drawSeconds : Self.logSeconds) else {
      return
    }
    lastSaid = now
    say(line)
  }

  /// Ends the line that was drawn.
  func finish() {
    guard context.isTerminal, let latest else { return }
    say(latest)
    if hasDrawn { writeStandardError("\n") }
  }

  private func say(_ line: ProgressLine) {
    if context.isTerminal {
      // Carriage return and "erase to the end of the line".
      writeStandardError("\r\(line.text(context.language))\u{1B}[K")
      hasDrawn = true
    } else if context.value(.logFormat) == "json" {
      writeStandardError(String(decoding: line.logJSON(job: job), as: UTF8.self) + "\n")
    } else {
      writeStandardError(line.logText(job: job) + "\n")
    }
  }
}
