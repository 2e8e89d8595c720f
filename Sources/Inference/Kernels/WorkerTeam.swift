internal import CKernels
internal import Glibc
internal import Synchronization

/// Work that every member of a team runs together, meeting at barriers.
protocol TeamJob: AnyObject, Sendable {
  /// The whole job as one member sees it.
  ///
  /// Every member must pass the same barriers in the same order.
  func run(_ member: TeamMember)
}

/// One thread's place in a team during a job.
struct TeamMember {
  /// From 0 to the team's size - 1; 0 is the caller's thread.
  let index: Int
  fileprivate let state: TeamState

  /// Members of the team.
  var teamSize: Int { state.size }

  /// Takes the next `chunk` of the pieces 0..<total; `nil` when all are taken.
  ///
  /// The count starts again at each barrier. Which member takes a piece is left to timing, so a
  /// piece must be a whole output whose value does not depend on who computes it.
  func claim(_ chunk: Int, of total: Int) -> Range<Int>? {
    let start = state.next.add(chunk, ordering: .relaxed).oldValue
    return start < total ? start..<min(start + chunk, total) : nil
  }

  /// Waits for all members.
  func barrier() { state.barrier() }
}

/// A fixed number of threads that run one job at a time.
///
/// The threads start with the team and end with it. Between jobs they spin for a moment, then
/// sleep.
final class WorkerTeam: Sendable {
  private let state: TeamState
  private let threads: [pthread_t]
  private let running = Mutex<Void>(())

  /// Starts a team; the caller is one of its members.
  ///
  /// - Returns: `nil` where the system refuses a thread.
  init?(size: Int) {
    precondition(size >= 1, "a team has a member")
    let state = TeamState(size: size)
    self.state = state
    var threads: [pthread_t] = []
    for index in 1..<max(size, 1) {
      let argument = ThreadArgument(member: TeamMember(index: index, state: state))
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

  /// Runs a job on all members and waits for its end; jobs of several callers queue up.
  ///
  /// - Returns: Whether every thread has IEEE default rounding and traps nothing. Where one does
  ///   not, the job's results must not be used.
  func run(_ job: any TeamJob) -> Bool {
    running.withLock { _ in
      state.start(job)
      state.work(TeamMember(index: 0, state: state), job)
      return state.finish()
    }
  }
}

private final class ThreadArgument: Sendable {
  let member: TeamMember
  init(member: TeamMember) { self.member = member }
}

extension TeamMember: Sendable {}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let member = unsafe Unmanaged<ThreadArgument>.fromOpaque(argument).takeRetainedValue().member
  var seen = 0
  while let job = member.state.waitForJob(after: &seen) {
    member.state.work(member, job)
  }
  return nil
}

/// What the members share.
@safe private final class TeamState: @unchecked Sendable {
  // Sendable: `job` and `stopped` are written under `lock` while no member works; the rest is
  // atomic.
  let size: Int
  let next = Atomic<Int>(0)
  private let arrived = Atomic<Int>(0)
  private let phase = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let oddEnvironments = Atomic<Int>(0)
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  private var job: (any TeamJob)?
  private var stopped = false

  init(size: Int) {
    self.size = size
    unsafe lock = .allocate(capacity: 1)
    unsafe wake = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(wake, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(lock)
    unsafe pthread_cond_destroy(wake)
    unsafe lock.deallocate()
    unsafe wake.deallocate()
  }

  func start(_ job: any TeamJob) {
    unsafe pthread_mutex_lock(lock)
    self.job = job
    next.store(0, ordering: .relaxed)
    oddEnvironments.store(0, ordering: .relaxed)
    generation.add(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(wake)
    unsafe pthread_mutex_unlock(lock)
  }

  func finish() -> Bool {
    unsafe pthread_mutex_lock(lock)
    job = nil
    unsafe pthread_mutex_unlock(lock)
    return oddEnvironments.load(ordering: .acquiring) == 0
  }

  func stop() {
    unsafe pthread_mutex_lock(lock)
    stopped = true
    generation.add(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(wake)
    unsafe pthread_mutex_unlock(lock)
  }

  func work(_ member: TeamMember, _ job: any TeamJob) {
    if medai_float_environment_is_default() == 0 {
      oddEnvironments.add(1, ordering: .relaxed)
    }
    job.run(member)
    barrier()
  }

  /// The next job; `nil` when the team ends.
  func waitForJob(after seen: inout Int) -> (any TeamJob)? {
    var spins = 0
    while generation.load(ordering: .acquiring) == seen, spins < 4_000 {
      medai_pause()
      spins += 1
    }
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    while generation.load(ordering: .acquiring) == seen, !stopped {
      unsafe pthread_cond_wait(wake, lock)
    }
    seen = generation.load(ordering: .acquiring)
    return stopped ? nil : job
  }

  func barrier() {
    let current = phase.load(ordering: .relaxed)
    if arrived.add(1, ordering: .acquiringAndReleasing).newValue == size {
      arrived.store(0, ordering: .relaxed)
      next.store(0, ordering: .relaxed)
      phase.store(current + 1, ordering: .releasing)
      return
    }
    var spins = 0
    while phase.load(ordering: .acquiring) == current {
      medai_pause()
      spins += 1
      // Where another program has the processor, let it run: a member may be waiting for it.
      if spins > 2_000 { sched_yield() }
    }
  }
}
