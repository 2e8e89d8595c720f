internal import Cryptography
internal import Glibc
internal import MedaiCore
public import Presentation
public import Settings
public import SystemPackage

/// Version of the program.
public let toolVersion = "0.1.0"

/// Origin of a log whose owner names none.
public let defaultOrigin = "medai.local/audit"

/// What every job is given: settings, language, the clock, and how to speak.
///
/// Clock and environment enter here and nowhere below, so that a library's result is a function of
/// its arguments.
public struct JobContext: Sendable {
  /// Settings with their origins.
  public let settings: SettingsStack
  /// Language of messages and reports.
  public let language: Language
  /// The wall clock; only what says so carries its time.
  let now: @Sendable () -> Timestamp
  /// Seconds of a clock that nobody sets, for rates and remaining times.
  public let seconds: @Sendable () -> Double
  /// Whether standard error is a terminal that may be redrawn.
  public let isTerminal: Bool

  /// Reads the environment and the configuration file.
  ///
  /// - Parameters:
  ///   - flags: Settings given on the command line.
  ///   - configuration: `--config`; without it `MEDAI_CONFIG` counts.
  /// - Throws: `FileError` or `YAMLError` of the configuration file, or `Failure`: 64 where the
  ///   command line or a variable is no UTF-8.
  public init(flags: [SettingKey: String], configuration: FilePath?) throws {
    try requireText()
    let file = configuration ?? environmentVariable("MEDAI_CONFIG").map { FilePath($0) }
    var environment: [String: String] = [:]
    for key in SettingKey.allCases {
      let variable = SettingsStack.variable(for: key)
      environment[variable] = environmentVariable(variable)
    }
    do {
      settings = try SettingsStack(
        flags: flags, environment: environment, file: file, defaults: Self.defaults())
    } catch let fault as YAMLError {
      throw explain(fault, in: file)
    }
    let wanted = settings.resolve(.language)
    guard let language = wanted.map({ Language(option: $0.value) }) ?? Language.fromEnvironment
    else {
      throw Failure(
        wanted?.origin == .flag ? .usage : .configuration,
        Bilingual(ko: "언어는 ko 또는 en 입니다.", en: "the language is ko or en."))
    }
    self.language = language
    if let format = settings.resolve(.logFormat), !["text", "json"].contains(format.value) {
      throw Failure(
        format.origin == .flag ? .usage : .configuration,
        Bilingual(ko: "--log-format 은 text 또는 json 입니다.", en: "--log-format is text or json."))
    }
    now = { Timestamp(microseconds: clockNanoseconds(CLOCK_REALTIME) / 1000) }
    seconds = { Double(clockNanoseconds(CLOCK_MONOTONIC)) / 1e9 }
    isTerminal = isatty(2) == 1 && environmentVariable("TERM") != "dumb"
  }

  private static func defaults() -> [SettingKey: String] {
    [
      .auditLog: "AuditLogs", .policy: "kr-research", .guideline: "mfds-genai-2025",
      .jobs: String(min(256, processorCount())), .threads: String(min(256, processorCount())),
      .logFormat: "text",
    ]
  }

  /// A setting's text; `nil` where nobody gave one.
  func value(_ key: SettingKey) -> String? { settings.resolve(key)?.value }

  /// A setting that names a file or folder.
  func path(_ key: SettingKey) -> FilePath? { value(key).map { FilePath($0) } }

  /// A setting that counts something.
  ///
  /// - Throws: `Failure` where it is no whole number from 1 to `limit`.
  func count(_ key: SettingKey, limit: Int = 1024) throws -> Int {
    let text = value(key) ?? "1"
    guard let number = Int(text), (1...limit).contains(number) else {
      throw Failure(
        settings.resolve(key)?.origin == .flag ? .usage : .configuration,
        Bilingual(
          ko: "\(key.rawValue) 값은 1부터 \(limit)까지의 정수여야 합니다.",
          en: "\(key.rawValue) must be a whole number from 1 to \(limit)."))
    }
    return number
  }

  /// Says a line to the person at standard error.
  func say(_ sentence: Bilingual) {
    // A sentence may hold a path, and a path may hold anything.
    writeStandardError("medai: \(visible(sentence[language]))\n")
  }
}

/// Refuses arguments and variables that are no UTF-8: read as text they would name other files and
/// folders, a log in another place among them.
private func requireText() throws {
  for number in 1..<max(1, Int(CommandLine.argc)) {
    guard let argument = unsafe CommandLine.unsafeArgv[number] else { break }
    if unsafe String(validatingCString: argument) == nil {
      throw Failure(
        .usage,
        Bilingual(
          ko: "명령줄의 \(number)번째 인수가 UTF-8 이 아닙니다. 다른 파일이나 폴더로 읽히므로 "
            + "거부합니다.",
          en: "argument \(number) of the command line is not UTF-8; it would be read as another "
            + "file or folder, so it is refused."),
        hint: Bilingual(
          ko: "파일이나 폴더의 이름을 UTF-8 로 바꾸거나 UTF-8 이름의 링크를 만드십시오.",
          en: "rename the file or folder, or make a link to it whose name is UTF-8."))
    }
  }
  for variable in ["MEDAI_CONFIG"] + SettingKey.allCases.map({ SettingsStack.variable(for: $0) }) {
    guard let value = unsafe getenv(variable) else { continue }
    if unsafe String(validatingCString: value) == nil {
      throw Failure(
        .usage,
        Bilingual(
          ko: "환경 변수 \(variable) 의 값이 UTF-8 이 아닙니다. 다른 파일이나 폴더로 읽히므로 "
            + "거부합니다.",
          en: "the variable \(variable) is not UTF-8; it would be read as another file or folder, "
            + "so it is refused."))
    }
  }
}

/// The language that a failure is told in where no context could be made.
///
/// - Parameter flag: What `--lang` says.
/// - Returns: The flag's language, else that of `MEDAI_LANG`, else the locale's.
public func languageOfFailure(flag: String?) -> Language {
  [flag, environmentVariable(SettingsStack.variable(for: .language))]
    .compactMap { $0.flatMap { Language(option: $0) } }.first ?? .fromEnvironment
}

extension Language {
  /// The language that the locale variables ask for; English where none does.
  public static var fromEnvironment: Language {
    Language(
      lcAll: environmentVariable("LC_ALL"), lcMessages: environmentVariable("LC_MESSAGES"),
      lang: environmentVariable("LANG"))
  }
}

/// What a job gives back to the command.
public struct JobResult: Sendable {
  /// Bytes for standard output.
  public var output: [UInt8]
  /// Every status that holds; the worst one ends the program.
  public var statuses: [ExitStatus]

  /// A result; without a status, everything is well.
  public init(output: [UInt8] = [], statuses: [ExitStatus] = [.done]) {
    self.output = output
    self.statuses = statuses
  }

  /// A result that is text for a person or a script.
  init(_ text: String, _ statuses: [ExitStatus] = [.done]) {
    self.init(output: Array(text.utf8), statuses: statuses)
  }
}

/// Writes bytes to standard output.
///
/// - Throws: `FileError` when the disk behind it is full or the reader went away: what was not read
///   was not released, so the exit status must not say that it was.
public func writeStandardOutput(_ bytes: [UInt8]) throws {
  do {
    try FileDescriptor.standardOutput.writeAll(bytes)
  } catch let code as Errno {
    throw FileError(.write, "standard output", code)
  }
}

/// Writes text to standard error; a failure there has nobody left to be told to.
func writeStandardError(_ text: String) {
  _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
}

/// Says a failure and its next step.
public func say(_ failure: Failure, language: Language) {
  var text = "medai: \(visible(failure.sentence[language]))\n"
  if let hint = failure.hint { text += "       \(visible(hint[language]))\n" }
  writeStandardError(text)
}

/// Processors this process may use, at least 1.
func processorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

private func clockNanoseconds(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
