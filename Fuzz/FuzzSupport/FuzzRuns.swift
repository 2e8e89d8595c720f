internal import Cryptography
internal import Glibc
internal import MedaiCore
package import SystemPackage

/// A reader of bytes that anybody may hand in, and what it promises for all of them.
package protocol FuzzTarget: CaseIterable, RawRepresentable<String>, Sendable {
  /// Pieces of text that matter to this reader.
  var pieces: [String] { get }

  /// Reads an input. Reading may refuse; it may not crash, hang or break a promise.
  ///
  /// - Parameters:
  ///   - input: Anything.
  ///   - scratch: A folder for this process alone.
  /// - Throws: `BrokenPromise`, or an error of the scratch folder.
  func check(_ input: [UInt8], in scratch: FilePath) throws
}

/// A promise that was broken.
package struct BrokenPromise: Error {
  /// What is not true.
  let promise: String

  /// A broken promise, in words.
  package init(_ promise: String) { self.promise = promise }
}

/// Breaks a promise where a condition does not hold.
package func hold(_ condition: Bool, _ promise: String) throws {
  if !condition { throw BrokenPromise(promise) }
}

/// Tells a line.
package func tell(_ line: String) {
  _ = try? FileDescriptor.standardOutput.writeAll(Array((line + "\n").utf8))
}

/// Inputs of a target that were kept, in byte order of their names.
private func kept(_ target: some FuzzTarget, in folder: FilePath) throws -> [(String, [UInt8])] {
  var inputs: [(String, [UInt8])] = []
  for part in ["Corpus", "FailCases"] {
    let place = folder.appending(part).appending(target.rawValue)
    guard fileExists(place) else { continue }
    for name in try folderEntries(place) {
      inputs.append(("\(part)/\(target.rawValue)/\(name)", try readFile(place.appending(name))))
    }
  }
  return inputs
}

/// Reads every kept input again.
///
/// - Parameters:
///   - targets: The readers.
///   - folder: Holds `Corpus` and `FailCases`.
/// - Returns: 0, or 1 where a promise was broken.
/// - Throws: Errors of the folder.
private func replay<Target: FuzzTarget>(
  _ targets: Target.Type, _ folder: FilePath
) throws -> Int32 {
  var count = 0
  var broken = 0
  try withFuzzFolder { scratch in
    for target in targets.allCases {
      for (name, input) in try kept(target, in: folder) {
        count += 1
        do {
          try target.check(input, in: scratch)
        } catch let error as BrokenPromise {
          broken += 1
          tell("\(name): not true that \(error.promise)")
        }
      }
    }
  }
  tell("\(count) inputs, \(broken) broken promises")
  return count > 0 && broken == 0 ? 0 : 1
}

/// What a fuzzing program does.
///
///     PROGRAM replay FOLDER                    everything under FOLDER/Corpus and FOLDER/FailCases
///     PROGRAM run TARGET FOLDER RUNS [SEED]    RUNS changed inputs; failing ones go to FailCases
///     PROGRAM corpus FOLDER                    writes the corpus anew
///
/// - Parameters:
///   - targets: The readers.
///   - arguments: The command line.
///   - corpus: Inputs to begin with.
/// - Returns: The exit status.
package func runFuzzer<Target: FuzzTarget>(
  _ targets: Target.Type, _ arguments: [String],
  corpus: () throws -> [(target: Target, name: String, bytes: [UInt8])]
) -> Int32 {
  func usage() -> Int32 {
    tell("usage: PROGRAM replay FOLDER | run TARGET FOLDER RUNS [SEED] | corpus FOLDER")
    tell("targets: " + targets.allCases.map(\.rawValue).joined(separator: " "))
    return 64
  }
  guard arguments.count >= 3 else { return usage() }
  do {
    switch arguments[1] {
    case "replay": return try replay(targets, FilePath(arguments[2]))
    case "corpus":
      for input in try corpus() {
        let place = FilePath(arguments[2]).appending("Corpus").appending(input.target.rawValue)
        try createFolder(place)
        try writeDurably(input.bytes, to: place.appending(input.name))
      }
      return 0
    case "run" where arguments.count >= 5:
      guard let target = Target(rawValue: arguments[2]), let runs = Int(arguments[4]) else {
        return usage()
      }
      let seed = arguments.count > 5 ? UInt64(arguments[5]) ?? 1 : 1
      return try FuzzParent(target, folder: FilePath(arguments[3]), seed: seed).run(runs)
    case "child" where arguments.count == 7:
      guard let target = Target(rawValue: arguments[2]), let first = Int(arguments[4]),
        let last = Int(arguments[5]), let seed = UInt64(arguments[6])
      else { return usage() }
      return try FuzzChild(target, folder: FilePath(arguments[3]), seed: seed).run(first..<last)
    default: return usage()
    }
  } catch {
    tell("stopped: \(error)")
    return 70
  }
}

/// Runs a body with a private folder and removes it afterwards.
package func withFuzzFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
  let base = environmentVariable("TMPDIR") ?? "/tmp"
  var template = Array("\(base)/medai-fuzz.XXXXXX".utf8CString)
  guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
  let folder = FilePath(
    String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
  defer { remove(folder) }
  return try body(folder)
}

private func remove(_ path: FilePath) {
  if (try? fileStatus(path))?.kind == .folder {
    for name in (try? folderEntries(path)) ?? [] { remove(path.appending(name)) }
    _ = unsafe rmdir(path.string)
  } else {
    try? removeFile(path)
  }
}

/// Tries inputs one by one and says before each which it is, so that a crash names it.
struct FuzzChild<Target: FuzzTarget> {
  private let target: Target
  private let seed: UInt64
  private let corpus: [[UInt8]]

  init(_ target: Target, folder: FilePath, seed: UInt64) throws {
    self.target = target
    self.seed = seed
    corpus = try kept(target, in: folder).map(\.1)
  }

  /// The input of a number.
  func input(_ number: Int) -> [UInt8] {
    var mutator = Mutator(seed: seed, number: number, corpus: corpus, pieces: target.pieces)
    return mutator.input()
  }

  /// Tries a range of inputs; 1 at the first broken promise.
  func run(_ numbers: Range<Int>) throws -> Int32 {
    try withFuzzFolder { scratch in
      for number in numbers {
        _ = try FileDescriptor.standardOutput.writeAll(
          toAbsoluteOffset: 0, Array("\(number)\n".utf8))
        do {
          try target.check(input(number), in: scratch)
        } catch let error as BrokenPromise {
          _ = try? FileDescriptor.standardError.writeAll(Array("\(error.promise)\n".utf8))
          return 1
        }
      }
      return 0
    }
  }
}

/// Lets children try inputs and keeps those at which one broke, crashed or hung.
struct FuzzParent<Target: FuzzTarget> {
  private let target: Target
  private let folder: FilePath
  private let seed: UInt64
  private let child: FuzzChild<Target>

  private static var batch: Int { 5000 }
  /// Longer than any input may take.
  private static var secondsPerInput: Int { 20 }

  init(_ target: Target, folder: FilePath, seed: UInt64) throws {
    self.target = target
    self.folder = folder
    self.seed = seed
    child = try FuzzChild(target, folder: folder, seed: seed)
  }

  /// Tries so many inputs; 1 where any failed.
  func run(_ runs: Int) throws -> Int32 {
    var failures = 0
    var next = 0
    try withFuzzFolder { scratch in
      while next < runs {
        let end = min(runs, next + Self.batch)
        let progress = scratch.appending("progress")
        guard let failed = try spawn(next..<end, progress) else {
          next = end
          continue
        }
        failures += 1
        let input = child.input(failed)
        let place = folder.appending("FailCases").appending(target.rawValue)
        try createFolder(place)
        let name = "case-\(sha256(input).hex.prefix(16))"
        try writeDurably(input, to: place.appending(name))
        tell("input \(failed) of seed \(seed) failed; kept as FailCases/\(target.rawValue)/\(name)")
        next = failed + 1
      }
    }
    tell("\(target.rawValue): \(runs) inputs of seed \(seed), \(failures) failures")
    return failures == 0 ? 0 : 1
  }

  /// Runs a child; the number of the input at which it ended otherwise than well.
  private func spawn(_ numbers: Range<Int>, _ progress: FilePath) throws -> Int? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 1, progress.string, flags, 0o600)
    let command = [
      executablePath()?.string ?? CommandLine.arguments[0], "child", target.rawValue, folder.string,
      String(numbers.lowerBound), String(numbers.upperBound), String(seed),
    ]
    var words = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawn(&process, command[0], &actions, nil, &words, environ)
    if code != 0 { throw Errno(rawValue: code) }
    var state: Int32 = 0
    var last = [UInt8]()
    var quiet = 0
    while unsafe waitpid(process, &state, WNOHANG) == 0 {
      usleep(50_000)
      let now = (try? readFile(progress)) ?? []
      quiet = now == last ? quiet + 1 : 0
      last = now
      if quiet > Self.secondsPerInput * 20 { _ = Glibc.kill(process, SIGKILL) }
    }
    guard state != 0 else { return nil }
    let line = try readFile(progress).prefix { $0 != 0x0A }
    return Int(String(decoding: line, as: UTF8.self)) ?? numbers.lowerBound
  }
}
