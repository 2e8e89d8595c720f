internal import Glibc
internal import Synchronization

/// Work that the members of a team do together, in steps.
protocol TeamJob: AnyObject, Sendable {
  /// The whole job as one member sees it.
  ///
  /// Every member takes the same steps in the same order; one that comes late passes through the
  /// steps that others have finished.
  func run(_ member: inout TeamMember)
}

/// One thread's place in a job.
struct TeamMember: ~Copyable {
  /// From 0 to the team's size - 1; 0 is the caller's thread.
  let index: Int
  /// Members of the team.
  var teamSize: Int { state.size }
  private let state: TeamState
  private var step = 0

  init(index: Int, state: TeamState) {
    self.index = index
    self.state = state
  }

  /// Takes part in the next step: its pieces 0..<total are done once each, and all are done when
  /// the call returns.
  ///
  /// Which member does a piece is left to timing, so a piece must be a whole output whose value
  /// does not depend on who computes it. Nobody waits for a member, only for pieces: a thread that
  /// the system has put aside holds the others up only while it has a piece in hand.
  ///
  /// - Parameters:
  ///   - total: Pieces.
  ///   - chunk: Pieces that are taken at once.
  ///   - body: Does a range of pieces.
  mutating func share(_ total: Int, chunk: Int = 1, _ body: (Range<Int>) -> Void) {
    state.share(step: step, total, chunk, body)
    step += 1
  }
}

/// A fixed number of threads that do one job at a time.
///
/// The threads start with the team and end with it. Between jobs they spin for a moment, then
/// sleep.
final class WorkerTeam: Sendable {
  private let state: TeamState
  private let threads: [pthread_t]
  private let running = Mutex<Void>(())

  /// Starts a team; the caller is one of its members. `nil` where the system refuses a thread.
  ///
  /// - Parameters:
  ///   - size: Members, at least 1.
  ///   - steps: Most steps of a job.
  init?(size: Int, steps: Int) {
    precondition(size >= 1, "a team has a member")
    let state = TeamState(size: size, steps: steps)
    self.state = state
    var threads: [pthread_t] = []
    for index in 1..<max(size, 1) {
      let argument = ThreadArgument(index: index, state: state)
      let opaque = unsafe Unmanaged.passRetained(argument)
      var thread = pthread_t()
      let code = unsafe pthread_create(&thread, nil, threadMain, opaque.toOpaque())
      guard code == 0 else {
        unsafe opaque.release()
        state.stop()
        for thread in threads { pthread_join(thread, nil) }
        return nil
      }
      threads.append(thread)
    }
    self.threads = threads
  }

  deinit {
    state.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Members.
  var size: Int { state.size }

  /// Does a job with all members and waits for its end; jobs of several callers queue up.
  ///
  /// - Returns: Whether every thread has IEEE default rounding and traps nothing. Where one does
  ///   not, the job's results must not be used.
  func run(_ job: any TeamJob) -> Bool {
    running.withLock { _ in
      state.open(job)
      state.work(0, job)
      return state.close()
    }
  }
}

private final class ThreadArgument: Sendable {
  let index: Int
  let state: TeamState

  init(index: Int, state: TeamState) {
    self.index = index
    self.state = state
  }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let own = unsafe Unmanaged<ThreadArgument>.fromOpaque(argument).takeRetainedValue()
  var seen = 0
  while let job = own.state.join(after: &seen) {
    own.state.work(own.index, job)
    own.state.leave()
  }
  return nil
}
