internal import CKernels
internal import Glibc
internal import Synchronization

/// What the members of a team share.
@safe final class TeamState: @unchecked Sendable {
  // Sendable: `job`, `stopped` and `used` are written under `lock` while no member works; the rest
  // is atomic.

  /// Members.
  let size: Int
  private let steps: Int
  /// For each step the next piece and, one cache line further, the number of finished pieces.
  private let counters: UnsafeMutablePointer<Atomic<Int>>
  private let used = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let inside = Atomic<Int>(0)
  private let oddEnvironments = Atomic<Int>(0)
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  private var job: (any TeamJob)?
  private var stopped = false

  /// Integers of a cache line: counters that members fight for must not share one.
  private static let line = 8

  /// The state of a team that waits for its first job.
  init(size: Int, steps: Int) {
    self.size = size
    self.steps = steps
    let count = 2 * steps * Self.line
    unsafe counters = .allocate(capacity: count)
    for index in 0..<count { unsafe (counters + index).initialize(to: Atomic(0)) }
    unsafe lock = .allocate(capacity: 1)
    unsafe wake = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(wake, nil)
  }

  deinit {
    unsafe counters.deinitialize(count: 2 * steps * Self.line)
    unsafe counters.deallocate()
    unsafe pthread_mutex_destroy(lock)
    unsafe pthread_cond_destroy(wake)
    unsafe lock.deallocate()
    unsafe wake.deallocate()
  }

  /// Begins a job; nobody is inside one.
  func open(_ job: any TeamJob) {
    for step in 0..<used.load(ordering: .relaxed) {
      unsafe counters[2 * step * Self.line].store(0, ordering: .relaxed)
      unsafe counters[(2 * step + 1) * Self.line].store(0, ordering: .relaxed)
    }
    used.store(0, ordering: .relaxed)
    oddEnvironments.store(0, ordering: .relaxed)
    unsafe pthread_mutex_lock(lock)
    self.job = job
    generation.add(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(wake)
    unsafe pthread_mutex_unlock(lock)
  }

  /// Ends a job: nobody joins any more, and those inside have left.
  func close() -> Bool {
    unsafe pthread_mutex_lock(lock)
    job = nil
    unsafe pthread_mutex_unlock(lock)
    wait { inside.load(ordering: .acquiring) == 0 }
    return oddEnvironments.load(ordering: .relaxed) == 0
  }

  /// Ends the team.
  func stop() {
    unsafe pthread_mutex_lock(lock)
    stopped = true
    generation.add(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(wake)
    unsafe pthread_mutex_unlock(lock)
  }

  /// Waits for the next job and enters it; `nil` when the team ends.
  func join(after seen: inout Int) -> (any TeamJob)? {
    while true {
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
      if stopped { return nil }
      // A job that is over before this thread woke needs nobody.
      if let job {
        inside.add(1, ordering: .relaxed)
        return job
      }
    }
  }

  /// Leaves the job.
  func leave() { inside.subtract(1, ordering: .releasing) }

  /// One member's whole part in a job.
  func work(_ index: Int, _ job: any TeamJob) {
    if medai_float_environment_is_default() == 0 {
      oddEnvironments.add(1, ordering: .relaxed)
    }
    var member = TeamMember(index: index, state: self)
    job.run(&member)
  }

  /// See `TeamMember.share`.
  func share(step: Int, _ total: Int, _ chunk: Int, _ body: (Range<Int>) -> Void) {
    precondition(step < steps, "as many steps as the team was made for")
    if used.load(ordering: .relaxed) <= step { used.store(step + 1, ordering: .relaxed) }
    let next = unsafe counters + 2 * step * Self.line
    let done = unsafe counters + (2 * step + 1) * Self.line
    while true {
      let start = unsafe next.pointee.add(chunk, ordering: .relaxed).oldValue
      if start >= total { break }
      let pieces = start..<min(start + chunk, total)
      body(pieces)
      unsafe done.pointee.add(pieces.count, ordering: .acquiringAndReleasing)
    }
    wait { unsafe done.pointee.load(ordering: .acquiring) >= total }
  }

  private func wait(until condition: () -> Bool) {
    var spins = 0
    while !condition() {
      medai_pause()
      spins += 1
      // Where another program has the processor, let it run: a member may be waiting for it.
      if spins > 1_000 { sched_yield() }
    }
  }
}
