internal import Configuration
internal import MedaiCore
public import SystemPackage

/// A setting that a flag, the environment, the configuration file or a default may give.
public enum SettingKey: String, CaseIterable, Sendable {
  case auditLog = "audit-log"
  case signingKey = "signing-key"
  case signingPassphraseFile = "signing-passphrase-file"
  case vault = "vault"
  case vaultKey = "vault-key"
  case language = "lang"
  case logFormat = "log-format"
  case policy = "policy"
  case pseudonymKey = "key"
  case jobs = "jobs"
  case threads = "threads"
  case model = "model"
  case guideline = "guideline"
  case guidelines = "guidelines"
}

/// Where a setting's value came from, strongest first.
public enum SettingOrigin: Sendable, Equatable {
  case flag
  case environment(variable: String)
  case file(path: String)
  case `default`
}

/// The value that holds for a setting, and its origin.
public struct ResolvedSetting: Sendable, Equatable {
  /// The setting.
  public let key: SettingKey
  /// The text that was given.
  public let value: String
  /// Who gave it.
  public let origin: SettingOrigin
}

/// Settings in the order flag, environment (`MEDAI_…`), configuration file, default.
public struct SettingsStack: Sendable {
  private let layers: [(origin: Layer, reader: ConfigReader)]
  private let file: String?

  private enum Layer: Sendable { case flag, environment, file, fallback }

  /// Stacks the four layers.
  ///
  /// - Parameters:
  ///   - flags: Values given on the command line.
  ///   - environment: The process's environment.
  ///   - file: The configuration file, a flat YAML mapping of the keys; `nil` for none.
  ///   - defaults: What holds where nobody says anything.
  /// - Throws: `FileError` or `YAMLError` of the configuration file; an unknown key is an error.
  public init(
    flags: [SettingKey: String], environment: [String: String], file: FilePath?,
    defaults: [SettingKey: String]
  ) throws {
    var fromFile: [SettingKey: String] = [:]
    if let file {
      let node = try parseYAML(try readFile(file, maxBytes: 1 << 20))
      try node.checked(allowed: SettingKey.allCases.map(\.rawValue))
      for key in SettingKey.allCases where node[key.rawValue] != nil {
        fromFile[key] = try node.requiredText(key.rawValue)
      }
    }
    // An empty variable is one that is not set; two variables that differ in case cannot clash,
    // since only our own names are looked at.
    let ours = environment.filter { $0.key.hasPrefix("MEDAI_") && !$0.value.isEmpty }
    layers = [
      (.flag, ConfigReader(provider: Self.provider(flags))),
      (
        .environment,
        ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: ours))
      ),
      (.file, ConfigReader(provider: Self.provider(fromFile))),
      (.fallback, ConfigReader(provider: Self.provider(defaults))),
    ]
    self.file = file?.string
  }

  private static func provider(_ values: [SettingKey: String]) -> InMemoryProvider {
    let pairs = values.map {
      (
        AbsoluteConfigKey(["medai", $0.key.rawValue]),
        ConfigValue(.string($0.value), isSecret: false)
      )
    }
    return InMemoryProvider(values: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
  }

  /// The value that holds, with its origin; `nil` where no layer has one.
  public func resolve(_ key: SettingKey) -> ResolvedSetting? {
    for (layer, reader) in layers {
      guard let value = reader.string(forKey: ConfigKey(["medai", key.rawValue])) else { continue }
      let origin: SettingOrigin =
        switch layer {
        case .flag: .flag
        case .environment: .environment(variable: Self.variable(for: key))
        case .file: .file(path: file ?? "")
        case .fallback: .default
        }
      return ResolvedSetting(key: key, value: value, origin: origin)
    }
    return nil
  }

  /// The environment variable of a setting: `MEDAI_AUDIT_LOG` for `audit-log`.
  public static func variable(for key: SettingKey) -> String {
    "MEDAI_" + key.rawValue.uppercased().replacing("-", with: "_")
  }
}
