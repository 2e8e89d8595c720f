import Glibc
import MedaiCore
import MedaiTestSupport
import SystemPackage
import Testing

/// A fresh folder in which the built program runs, with its streams kept beside it.
struct Workplace {
  /// The program's working folder.
  let folder: FilePath
  private let streams: FilePath

  /// The program that the build put beside the test runner.
  static let program: FilePath? = executablePath()?.removingLastComponent().appending("medai")

  /// Runs a body in a fresh folder.
  static func with(_ body: (Workplace) throws -> Void) throws {
    try withScratchFolder { scratch in
      let place = Workplace(
        folder: scratch.appending("work"), streams: scratch.appending("streams"))
      try createFolder(place.folder)
      try createFolder(place.streams)
      try body(place)
    }
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arguments: The command line.
  ///   - input: Bytes of standard input.
  ///   - environment: Variables beside `PATH` and an English locale.
  ///   - output: A file or device that takes standard output instead.
  /// - Returns: What came of it.
  /// - Throws: `Errno` or `FileError` where it cannot be started.
  func medai(
    _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:],
    output: FilePath? = nil
  ) throws -> CommandRun {
    try medai(arguments, input: input, environment: environment, output: output)
  }

  /// Runs the program.
  func medai(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    output: FilePath? = nil
  ) throws -> CommandRun {
    try run(
      try #require(Self.program), arguments, input: input, environment: environment, output: output)
  }

  /// Runs any program.
  func run(
    _ program: FilePath, _ arguments: [String], input: [UInt8] = [],
    environment: [String: String] = [:], output: FilePath? = nil
  ) throws -> CommandRun {
    let files = Streams(
      input: streams.appending("input"), output: output ?? streams.appending("output"),
      messages: streams.appending("messages"))
    try writeDurably(input, to: files.input)
    let base = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    let status = try spawn(
      program, arguments, environment: base.merging(environment) { $1 }, in: folder, files)
    return CommandRun(
      status: status, output: output == nil ? try readFile(files.output) : [],
      messages: try readFile(files.messages))
  }

  /// A path in the folder.
  func path(_ name: String) -> FilePath { folder.pushing(FilePath(name)) }

  /// Writes a file and the folders above it.
  func write(_ name: String, _ bytes: [UInt8]) throws {
    let path = path(name)
    try createFolder(path.removingLastComponent())
    try writeDurably(bytes, to: path)
  }

  /// Writes a file of text.
  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// Reads a file.
  func read(_ name: String) throws -> [UInt8] { try readFile(path(name)) }

  /// Reads a file as JSON.
  func json(_ name: String) throws -> JSONValue { try parseJSON(read(name)) }

  /// Whether a file is there.
  func has(_ name: String) -> Bool { fileExists(path(name)) }

  /// Every file below the folder, or one in it, by its relative path in byte order.
  func files(below name: String = "") throws -> [String] {
    func walk(_ folder: FilePath, _ lead: String) throws -> [String] {
      try folderEntries(folder).flatMap { entry in
        let inner = folder.appending(entry)
        return try fileStatus(inner).kind == .folder
          ? walk(inner, lead + entry + "/") : [lead + entry]
      }
    }
    return try walk(name.isEmpty ? folder : path(name), "")
  }

  /// Runs a body and expects that it leaves the folder's list of files as it was.
  func leavesNothing(
    at place: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) throws {
    let before = try files()
    try body()
    #expect(try files() == before, sourceLocation: place)
  }

  /// Makes a signing key `signing.pem` without a passphrase and returns the options that use it.
  func signing() throws -> [String] {
    if !has("signing.pem") {
      try medai("key", "new", "signing", "--output", "signing.pem", "--no-passphrase").ends(0)
    }
    return ["--signing-key", "signing.pem", "--audit-log", "log"]
  }

  /// Sets a file's permission bits.
  func setMode(_ name: String, _ mode: UInt32) throws {
    if unsafe chmod(path(name).string, mode) != 0 { throw Errno(rawValue: errno) }
  }

  /// Makes a symbolic link.
  func link(_ name: String, to target: String) throws {
    if unsafe symlink(target, path(name).string) != 0 { throw Errno(rawValue: errno) }
  }
}

/// Whether bytes occur in bytes.
func contains(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
  place(of: needle, in: haystack) != nil
}

/// Where bytes first occur in bytes.
func place(of needle: [UInt8], in haystack: [UInt8]) -> Int? {
  guard let first = needle.first else { return nil }
  var start = 0
  while start + needle.count <= haystack.count {
    guard let found = next(first, in: haystack, from: start) else { return nil }
    if haystack[found...].starts(with: needle) { return found }
    start = found + 1
  }
  return nil
}

private func next(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
  unsafe bytes.withUnsafeBytes { buffer in
    guard let base = unsafe buffer.baseAddress?.advanced(by: start),
      let found = unsafe memchr(base, Int32(byte), bytes.count - start)
    else { return nil }
    return unsafe start + (UnsafeRawPointer(found) - base)
  }
}
