import Glibc
import MedaiCore

/// Seconds of the monotonic clock.
func seconds() -> Double { seconds(of: CLOCK_MONOTONIC) }

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Times a body and gives the rate of `count` things.
func rate(of count: Int, _ body: () throws -> Void) rethrows -> Double {
  let start = seconds()
  try body()
  return Double(count) / (seconds() - start)
}

/// Many short measurements of one thing: the median stands where neighbours on the machine
/// disturb the mean.
struct Rounds {
  private var times: [Double] = []
  private var things = 0
  private var processorSeconds = 0.0

  /// Times a body that does `count` things.
  mutating func time(_ count: Int, _ body: () throws -> Void) rethrows {
    let processor = seconds(of: CLOCK_PROCESS_CPUTIME_ID)
    let start = seconds()
    try body()
    times.append((seconds() - start) / Double(count))
    processorSeconds += seconds(of: CLOCK_PROCESS_CPUTIME_ID) - processor
    things += count
  }

  /// Things a second at the median.
  var medianRate: Double { 1 / percentile(0.5) }

  /// Processor seconds a thing.
  var processor: Double { processorSeconds / Double(things) }

  /// Seconds a thing that a share of the measurements stays within.
  func percentile(_ share: Double) -> Double {
    times.sorted()[min(times.count - 1, Int(share * Double(times.count)))]
  }
}

/// Prints one figure, with its ratio to what the machine can do.
func say(
  _ name: String, _ value: Double, _ unit: String, of limit: Double? = nil, _ what: String = ""
) {
  let padding = String(repeating: " ", count: max(1, 40 - name.utf8.count))
  let ratio = limit.map { "   \(fixedPoint(value / $0, decimals: 3)) of \(what)" } ?? ""
  print("\(name)\(padding)\(fixedPoint(value, decimals: 2)) \(unit)\(ratio)")
}
