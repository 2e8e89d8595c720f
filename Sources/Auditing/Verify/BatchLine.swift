internal import Glibc

/// Batches on their way through the threads that check them.
///
/// The caller takes part: it checks the batch that it waits for where no thread has it in hand, so
/// that one thread alone comes to the same result, later.
@safe final class BatchLine: @unchecked Sendable {
  // Sendable: `waiting`, `isOver` and each batch's `isChecked` are touched under `lock`; a batch's
  // contents belong to the thread that has it in hand.
  private var waiting: [EntryBatch] = []
  private var isOver = false
  private var threads: [pthread_t] = []
  private let catalog: EventCatalog
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let arrived: UnsafeMutablePointer<pthread_cond_t>
  private let checked: UnsafeMutablePointer<pthread_cond_t>

  /// A line without threads.
  init(_ catalog: EventCatalog) {
    self.catalog = catalog
    unsafe lock = .allocate(capacity: 1)
    unsafe arrived = .allocate(capacity: 1)
    unsafe checked = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(arrived, nil)
    unsafe pthread_cond_init(checked, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(lock)
    unsafe pthread_cond_destroy(arrived)
    unsafe pthread_cond_destroy(checked)
    unsafe lock.deallocate()
    unsafe arrived.deallocate()
    unsafe checked.deallocate()
  }

  /// Starts threads; where the system refuses one, there are fewer.
  func start(threads count: Int) {
    for _ in 0..<count {
      let own = unsafe Unmanaged.passRetained(self)
      var thread = pthread_t()
      guard unsafe pthread_create(&thread, nil, lineMain, own.toOpaque()) == 0 else {
        unsafe own.release()
        return
      }
      threads.append(thread)
    }
  }

  /// Ends the threads and waits for their end; batches that nobody took stay unchecked.
  func stop() {
    unsafe pthread_mutex_lock(lock)
    isOver = true
    unsafe pthread_cond_broadcast(arrived)
    unsafe pthread_mutex_unlock(lock)
    for thread in threads { pthread_join(thread, nil) }
    threads = []
  }

  /// Puts a batch in line.
  func add(_ batch: EntryBatch) {
    unsafe pthread_mutex_lock(lock)
    waiting.append(batch)
    unsafe pthread_cond_signal(arrived)
    unsafe pthread_mutex_unlock(lock)
  }

  /// Returns when a batch that was put in line is checked.
  func finish(_ batch: EntryBatch, _ checker: inout LeafChecker) {
    unsafe pthread_mutex_lock(lock)
    if let place = waiting.firstIndex(where: { $0 === batch }) {
      waiting.remove(at: place)
      unsafe pthread_mutex_unlock(lock)
      batch.check(&checker)
      return
    }
    while !batch.isChecked { unsafe pthread_cond_wait(checked, lock) }
    unsafe pthread_mutex_unlock(lock)
  }

  /// What each thread does.
  fileprivate func work() {
    var checker = LeafChecker(catalog)
    unsafe pthread_mutex_lock(lock)
    while true {
      while waiting.isEmpty, !isOver { unsafe pthread_cond_wait(arrived, lock) }
      if isOver { break }
      let batch = waiting.removeFirst()
      unsafe pthread_mutex_unlock(lock)
      batch.check(&checker)
      unsafe pthread_mutex_lock(lock)
      batch.isChecked = true
      unsafe pthread_cond_signal(checked)
    }
    unsafe pthread_mutex_unlock(lock)
  }
}

private func lineMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  unsafe Unmanaged<BatchLine>.fromOpaque(argument).takeRetainedValue().work()
  return nil
}
