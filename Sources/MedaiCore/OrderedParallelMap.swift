/// Maps inputs on several workers and hands the results on in input order.
///
/// At most `2 × width` inputs are under way at once, so memory is bounded whatever the input's
/// length. The result does not depend on `width`.
///
/// - Parameters:
///   - width: Workers, at least 1.
///   - next: Gives the next input; `nil` at the end. Called on the calling task only.
///   - transform: The work; runs concurrently.
///   - consume: Takes each result in input order, on the calling task only.
/// - Throws: The first error of `next`, `transform` or `consume` in input order; work under way is
///   awaited and dropped.
public func orderedParallelMap<Input: Sendable, Output: Sendable>(
  width: Int,
  next: () async throws -> Input?,
  transform: @escaping @Sendable (Input) async throws -> Output,
  consume: (Output) async throws -> Void
) async throws {
  precondition(width > 0, "at least one worker")
  try await withThrowingTaskGroup(of: (Int, Result<Output, any Error>).self) { group in
    var nextIndex = 0
    var nextToConsume = 0
    var waiting: [Int: Result<Output, any Error>] = [:]
    var running = 0
    var atEnd = false
    while true {
      while !atEnd, running < width, nextIndex - nextToConsume < 2 * width {
        guard let input = try await next() else {
          atEnd = true
          break
        }
        let index = nextIndex
        nextIndex += 1
        running += 1
        group.addTask {
          do {
            return (index, .success(try await transform(input)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      guard let (index, result) = try await group.next() else { break }
      running -= 1
      waiting[index] = result
      while let ready = waiting.removeValue(forKey: nextToConsume) {
        try await consume(ready.get())
        nextToConsume += 1
      }
    }
  }
}
