public import Cryptography
internal import Glibc
public import MedaiCore
internal import Synchronization
internal import SystemPackage

/// Who acts: a role, and for a person a token under the site's key instead of a name.
public struct LogActor: Sendable, Equatable {
  /// For example `operator`, `scheduler`, `reviewer`.
  public let role: Identifier
  /// HMAC of the account under the site's key.
  public let token: Digest?

  /// Who acts.
  public init(role: Identifier, token: Digest? = nil) {
    self.role = role
    self.token = token
  }
}

/// Which program acts.
public struct LogTool: Sendable, Equatable {
  /// The program's version.
  public let version: Identifier
  /// SHA-256 of the running binary.
  public let sha256: Digest

  /// Which program acts.
  public init(version: Identifier, sha256: Digest) {
    self.version = version
    self.sha256 = sha256
  }
}

/// Where an entry's times and random bits come from; an argument, so that tests can fix it.
public struct LogClock: Sendable {
  /// UTC as the machine claims it.
  public let now: @Sendable () -> Timestamp
  /// Microseconds of a clock that nobody sets, since the machine started.
  public let monotonicMicroseconds: @Sendable () -> Int
  /// Names this run of the machine.
  public let boot: Identifier
  /// Ten random bytes for an entry's id.
  public let randomTen: @Sendable () throws -> [UInt8]

  /// A clock from its parts.
  public init(
    now: @escaping @Sendable () -> Timestamp,
    monotonicMicroseconds: @escaping @Sendable () -> Int, boot: Identifier,
    randomTen: @escaping @Sendable () throws -> [UInt8]
  ) {
    self.now = now
    self.monotonicMicroseconds = monotonicMicroseconds
    self.boot = boot
    self.randomTen = randomTen
  }

  /// The machine's clocks: `CLOCK_REALTIME`, `CLOCK_BOOTTIME` and the kernel's boot id.
  public static func system() -> LogClock {
    let name = (try? readFile("/proc/sys/kernel/random/boot_id", maxBytes: 128)) ?? []
    let text = String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self)
    return LogClock(
      now: { Timestamp(microseconds: Int64(microseconds(of: CLOCK_REALTIME))) },
      monotonicMicroseconds: { microseconds(of: CLOCK_BOOTTIME) },
      boot: Identifier(text) ?? Identifier(literal: "unknown"),
      randomTen: {
        try pool.withLock { pool in
          if pool.count < 10 { pool = try randomBytes(4000) }
          defer { pool.removeLast(10) }
          return Array(pool.suffix(10))
        }
      })
  }

  /// Random bytes in stock: asking for ten costs nearly as much as asking for thousands.
  private static let pool = Mutex<[UInt8]>([])
}

private func microseconds(of clock: clockid_t) -> Int {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
}
