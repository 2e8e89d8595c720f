import Glibc
import MedaiCore
import SystemPackage
import Testing

/// What one run of the built program gave.
struct CommandRun: Sendable {
  /// The exit status; a signal's number, negated, where one ended it.
  let status: Int32
  /// Bytes of standard output.
  let output: [UInt8]
  /// Bytes of standard error.
  let messages: [UInt8]

  /// Standard output as text.
  var text: String { String(decoding: output, as: UTF8.self) }
  /// Standard error as text.
  var said: String { String(decoding: messages, as: UTF8.self) }

  /// Standard output as JSON.
  func json() throws -> JSONValue { try parseJSON(output) }

  /// Expects an exit status and shows what was said where it is another.
  @discardableResult
  func ends(
    _ expected: Int32, at place: SourceLocation = #_sourceLocation
  ) -> CommandRun {
    #expect(status == expected, "\(said)", sourceLocation: place)
    return self
  }

  /// Expects words in standard error.
  @discardableResult
  func says(_ words: String..., at place: SourceLocation = #_sourceLocation) -> CommandRun {
    for word in words {
      #expect(said.contains(word), "\(said)", sourceLocation: place)
    }
    return self
  }
}

/// Where a program's standard streams lead.
struct Streams {
  /// The file it reads.
  var input: FilePath = "/dev/null"
  /// The file it writes results to.
  var output: FilePath
  /// The file it writes messages to.
  var messages: FilePath
}

/// Runs a program and waits for its end.
///
/// - Parameters:
///   - program: Its path.
///   - arguments: What follows its name.
///   - environment: The whole of its environment.
///   - folder: Where it runs.
///   - streams: Files, so that no pipe can fill up and block.
/// - Returns: The exit status; a signal's number, negated, where one ended it.
/// - Throws: `Errno` where it cannot be started.
func spawn(
  _ program: FilePath, _ arguments: [String], environment: [String: String], in folder: FilePath,
  _ streams: Streams
) throws -> Int32 {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  let written = O_WRONLY | O_CREAT | O_TRUNC
  unsafe posix_spawn_file_actions_addopen(&actions, 0, streams.input.string, O_RDONLY, 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 1, streams.output.string, written, 0o600)
  unsafe posix_spawn_file_actions_addopen(&actions, 2, streams.messages.string, written, 0o600)
  // `env` changes the folder: the spawn action that does it is not in every C library.
  let command = ["/usr/bin/env", "--chdir=\(folder.string)", program.string] + arguments
  var words = unsafe command.map { unsafe strdup($0) } + [nil]
  let pairs = environment.map { "\($0.key)=\($0.value)" }.sorted()
  var variables = unsafe pairs.map { unsafe strdup($0) } + [nil]
  defer {
    unsafe words.forEach { unsafe free($0) }
    unsafe variables.forEach { unsafe free($0) }
  }
  var process = pid_t()
  let code = unsafe posix_spawn(&process, command[0], &actions, nil, &words, &variables)
  if code != 0 { throw Errno(rawValue: code) }
  var state: Int32 = 0
  while unsafe waitpid(process, &state, 0) < 0 {
    if errno != EINTR { throw Errno(rawValue: errno) }
  }
  return state & 0x7F == 0 ? (state >> 8) & 0xFF : -(state & 0x7F)
}
