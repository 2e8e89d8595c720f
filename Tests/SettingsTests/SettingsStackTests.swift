import MedaiCore
import MedaiTestSupport
import Settings
import SystemPackage
import Testing

/// Flag, environment, configuration file, default.
@Suite struct SettingsStackTests {
  private static func stack(
    flags: [SettingKey: String] = [:], environment: [String: String] = [:], file: String? = nil,
    defaults: [SettingKey: String] = [:]
  ) throws -> (SettingsStack, String) {
    try withScratchFolder { folder in
      let path = folder.appending("m.yaml")
      if let file { try writeDurably(Array(file.utf8), to: path) }
      let stack = try SettingsStack(
        flags: flags, environment: environment, file: file == nil ? nil : path, defaults: defaults)
      return (stack, path.string)
    }
  }

  @Test(arguments: SettingKey.allCases)
  func eachKeyIsFoundInEachLayerAndTheStrongestWins(key: SettingKey) throws {
    let variable = SettingsStack.variable(for: key)
    for present in 0..<16 {
      let (stack, path) = try Self.stack(
        flags: present & 8 == 0 ? [:] : [key: "flag"],
        environment: present & 4 == 0 ? [:] : [variable: "environment"],
        file: present & 2 == 0 ? nil : "\(key.rawValue): file\n",
        defaults: present & 1 == 0 ? [:] : [key: "default"])
      let found = stack.resolve(key)
      switch present {
      case 8...:
        #expect(found?.value == "flag")
        #expect(found?.origin == .flag)
      case 4...:
        #expect(found?.value == "environment")
        #expect(found?.origin == .environment(variable: variable))
      case 2...:
        #expect(found?.value == "file")
        #expect(found?.origin == .file(path: path))
      case 1:
        #expect(found?.value == "default")
        #expect(found?.origin == .default)
      default: #expect(found == nil)
      }
    }
  }

  @Test func variablesBearTheProgramsName() {
    #expect(SettingsStack.variable(for: .auditLog) == "MEDAI_AUDIT_LOG")
    #expect(SettingsStack.variable(for: .signingPassphraseFile) == "MEDAI_SIGNING_PASSPHRASE_FILE")
    #expect(SettingsStack.variable(for: .language) == "MEDAI_LANG")
  }

  @Test func otherVariablesAndEmptyOnesDoNotCount() throws {
    let (stack, _) = try Self.stack(
      environment: [
        "AUDIT_LOG": "a", "medai_audit_log": "b", "MEDAI_AUDIT-LOG": "c", "MEDAI_AUDIT_LOG": "",
        "MEDAI_AUDIT_LOGS": "d",
      ], defaults: [.auditLog: "AuditLogs"])
    #expect(stack.resolve(.auditLog)?.value == "AuditLogs")
    #expect(stack.resolve(.auditLog)?.origin == .default)
  }

  @Test func valuesAreTakenAsTheyAre() throws {
    for value in ["", " a ", "한글/길", "a=b", "$HOME", "a\nb"] {
      let (stack, _) = try Self.stack(flags: [.model: value], environment: ["MEDAI_MODEL": "x"])
      #expect(stack.resolve(.model)?.value == value)
      #expect(stack.resolve(.model)?.origin == .flag)
    }
  }

  @Test(
    "A faulty file is refused",
    arguments: ["colour: red\n", "jobs: [1]\n", "jobs: {a: 1}\n", "- jobs\n", "jobs: 1\njobs: 2\n"])
  func faultyFile(text: String) {
    #expect(throws: YAMLError.self) { _ = try Self.stack(file: text) }
  }

  @Test func missingFileIsAnError() {
    #expect(throws: FileError.self) {
      _ = try SettingsStack(flags: [:], environment: [:], file: "/none/m.yaml", defaults: [:])
    }
  }
}
