import Glibc
import MedaiCore
import SystemPackage
import Testing

/// A program that a test started and may kill.
struct Child: ~Copyable {
  private let process: pid_t
  /// Where its standard output goes.
  let output: FilePath
  /// Where its standard error goes.
  let messages: FilePath

  /// A program that the build put beside the test runner.
  static func program(_ name: String) throws -> FilePath {
    try #require(executablePath()?.removingLastComponent().appending(name))
  }

  /// Starts a program with its streams in files, so that no pipe can fill up and block.
  ///
  /// - Parameters:
  ///   - program: Its path.
  ///   - arguments: What follows its name.
  ///   - streams: Lead of the names of the two files.
  ///   - folder: Where it runs; here where left out.
  /// - Throws: `Errno` where it cannot be started.
  init(
    _ program: FilePath, _ arguments: [String], streams: FilePath, in folder: FilePath = "."
  ) throws {
    output = FilePath(streams.string + ".out")
    messages = FilePath(streams.string + ".err")
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let written = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output.string, written, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, messages.string, written, 0o600)
    let command = ["/usr/bin/env", "--chdir=\(folder.string)", program.string] + arguments
    var words = unsafe command.map { unsafe strdup($0) } + [nil]
    let pairs = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
    var variables = unsafe pairs.map { unsafe strdup($0) } + [nil]
    defer {
      unsafe words.forEach { unsafe free($0) }
      unsafe variables.forEach { unsafe free($0) }
    }
    var process = pid_t()
    let code = unsafe posix_spawn(&process, command[0], &actions, nil, &words, &variables)
    if code != 0 { throw Errno(rawValue: code) }
    self.process = process
  }

  /// Ends it as a power cut would: it cannot tidy up.
  func kill() { _ = Glibc.kill(process, SIGKILL) }

  /// Waits for its end.
  ///
  /// - Returns: The exit status; a signal's number, negated, where one ended it.
  consuming func wait() throws -> Int32 {
    var state: Int32 = 0
    while unsafe waitpid(process, &state, 0) < 0 {
      if errno != EINTR { throw Errno(rawValue: errno) }
    }
    return state & 0x7F == 0 ? (state >> 8) & 0xFF : -(state & 0x7F)
  }

  /// Waits until its output holds a word.
  func waitFor(_ word: String) throws {
    for _ in 0..<5000 {
      if contains(try readFile(output), word) { return }
      usleep(2000)
    }
    Issue.record("the child never said \(word)")
  }
}

private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
  let word = Array(word.utf8)
  guard bytes.count >= word.count else { return false }
  return (0...(bytes.count - word.count)).contains { bytes[$0...].starts(with: word) }
}

/// How much is tried: a short form in every test run, all of it under `make test-faults`.
enum Extent {
  /// Whether `MEDAI_FAULTS=full` is set.
  static var isFull: Bool { environmentVariable("MEDAI_FAULTS") == "full" }

  /// One of two numbers.
  static func of(_ full: Int, short: Int) -> Int { isFull ? full : short }

  /// What random moments come from; printed with each failure.
  static var seed: UInt64 {
    environmentVariable("MEDAI_SEED").flatMap { UInt64($0) } ?? 20_261_124
  }
}
