internal import Glibc
internal import MedaiCore

/// A running program whose standard input and output are one socket of ours.
///
/// A socket and not two pipes: writing to a reader that is gone would end this program by a signal.
struct SignerProcess: ~Copyable {
  private let process: pid_t
  private let socket: Int32
  private var isOpen = true

  /// The longest answer that is read.
  private static let maxAnswerBytes = 4096

  private init(process: pid_t, socket: Int32) {
    self.process = process
    self.socket = socket
  }

  deinit {
    _ = close(socket)
    reap()
  }

  /// Starts a program with a few variables of this one's environment: what else it needs stands in
  /// its own settings, and a passphrase that was given to this program is none of its business.
  static func start(_ words: [String]) throws(SignerError) -> SignerProcess {
    var pair: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw .cannotStart(code: errno) }
    defer { _ = close(pair[1]) }
    let variables = passedVariables.compactMap { name in
      environmentVariable(name).map { "\(name)=\($0)" }
    }
    var process = pid_t()
    let code = unsafe spawn(words, variables, stream: pair[1], &process)
    guard code == 0 else {
      _ = close(pair[0])
      throw .cannotStart(code: code)
    }
    return SignerProcess(process: process, socket: pair[0])
  }

  private static let passedVariables = [
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK",
    "CREDENTIALS_DIRECTORY",
  ]

  @unsafe private static func spawn(
    _ words: [String], _ variables: [String], stream: Int32, _ process: inout pid_t
  ) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, stream, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, stream, 1)
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var environment = unsafe variables.map { unsafe strdup($0) } + [nil]
    defer {
      unsafe arguments.forEach { unsafe free($0) }
      unsafe environment.forEach { unsafe free($0) }
    }
    return unsafe posix_spawn(&process, words[0], &actions, nil, &arguments, &environment)
  }

  /// Sends a line and waits for one.
  ///
  /// - Parameters:
  ///   - line: The request with its line feed.
  ///   - milliseconds: How long both may take.
  /// - Returns: The answer without its line feed.
  /// - Throws: `SignerError.ended`, `.timeout`, or `.malformedAnswer` for a long or a second line.
  mutating func exchange(
    _ line: [UInt8], withinMilliseconds milliseconds: Int
  ) throws(SignerError) -> [UInt8] {
    guard isOpen else { throw .ended }
    let deadline = now() + milliseconds
    var sent = 0
    while sent < line.count {
      try wait(for: POLLOUT, until: deadline)
      let rest = Array(line[sent...])
      let count = unsafe send(
        socket, rest, rest.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      if count < 0 && !isTransient(errno) { throw .ended }
      sent += max(0, count)
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while true {
      try wait(for: POLLIN, until: deadline)
      let count = unsafe recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0 && isTransient(errno) { continue }
      guard count > 0 else { throw .ended }
      answer += buffer[..<count]
      if let end = answer.firstIndex(of: 0x0A) {
        guard end == answer.count - 1 else { throw .malformedAnswer }
        return Array(answer[..<end])
      }
      guard answer.count <= Self.maxAnswerBytes else { throw .malformedAnswer }
    }
  }

  /// Lets go of the program for good.
  mutating func end() {
    guard isOpen else { return }
    isOpen = false
    // The program reads the end of its input; what it still writes goes nowhere.
    _ = shutdown(socket, Int32(SHUT_RDWR))
  }

  private func wait(for event: Int32, until deadline: Int) throws(SignerError) {
    while true {
      let left = deadline - now()
      guard left > 0 else { throw .timeout }
      var entry = pollfd(fd: socket, events: Int16(event), revents: 0)
      let ready = unsafe poll(&entry, 1, Int32(min(left, 60_000)))
      if ready > 0 { return }
      if ready < 0 && errno != EINTR { throw .ended }
    }
  }

  private func isTransient(_ code: Int32) -> Bool {
    code == EINTR || code == EAGAIN || code == EWOULDBLOCK
  }

  private func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }

  /// Waits a second for the program to see the end of its input, then ends it.
  private func reap() {
    for _ in 0..<100 {
      if waitpid(process, nil, WNOHANG) != 0 { return }
      usleep(10_000)
    }
    _ = kill(process, SIGKILL)
    _ = waitpid(process, nil, 0)
  }
}
