internal import Cryptography
public import MedaiCore
public import Settings
public import SystemPackage

/// Why a policy could not be had.
public enum PolicyError: Error, Equatable, Sendable {
  /// The file breaks the schema; the fault has its line.
  case invalid(YAMLError)
  /// No policy of that name lies in the folder.
  case unknown(name: String)
  /// The file cannot be read.
  case file(FileError)
}

extension Policy {
  /// Reads a policy strictly: an unknown key, type, action or value is refused with its line, and
  /// every type needs a rule.
  ///
  /// - Parameter bytes: The file's bytes.
  /// - Throws: `PolicyError.invalid`.
  public init(yaml bytes: [UInt8]) throws(PolicyError) {
    do throws(YAMLError) {
      try self.init(node: parseYAML(bytes), digest: sha256(bytes))
    } catch {
      throw .invalid(error)
    }
  }

  /// Reads a policy by file or by the name of one that comes with medai.
  ///
  /// - Parameters:
  ///   - reference: A path that exists, or a name such as `kr-research`.
  ///   - folder: Where named policies lie.
  /// - Returns: The policy.
  /// - Throws: `PolicyError`.
  public static func load(
    _ reference: String, folder: FilePath? = sharedFolder("Guidelines")?.appending("policies")
  ) throws(PolicyError) -> Policy {
    let isName = reference.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
    let path: FilePath
    if isName {
      guard let named = folder?.appending("\(reference).yaml"), fileExists(named) else {
        throw .unknown(name: reference)
      }
      path = named
    } else {
      path = FilePath(reference)
    }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, maxBytes: 1 << 20) } catch {
      throw .file(error)
    }
    return try Policy(yaml: bytes)
  }

  private init(node: YAMLNode, digest: Digest) throws(YAMLError) {
    try node.checked(
      allowed: [
        "policy", "title", "date_shift", "record_id", "patient", "untouched_fields", "rules",
        "site",
      ],
      required: ["policy", "title", "rules"])
    var shiftDays = 365
    var shiftsByWeeks = false
    if let shift = node["date_shift"] {
      try shift.checked(allowed: ["days", "whole_weeks"], required: ["days"])
      if let days = shift["days"] {
        shiftDays = try days.requiredInteger()
        guard (7...3650).contains(shiftDays) else {
          throw YAMLError(.badValue(key: "days", allowed: "7 to 3650"), line: days.place.line)
        }
      }
      if let weeks = shift["whole_weeks"] { shiftsByWeeks = try weeks.requiredBool() }
    }
    var untouched: [String] = []
    if let fields = node["untouched_fields"] {
      guard let elements = fields.elements else {
        throw YAMLError(.expected("list"), line: fields.place.line)
      }
      for element in elements {
        guard let text = element.text, !text.isEmpty else {
          throw YAMLError(.expected("text"), line: element.place.line)
        }
        untouched.append(text)
      }
    }
    self.init(
      name: try node.requiredText("policy"), title: try node.requiredText("title"),
      digest: digest, shiftDays: shiftDays, shiftsByWeeks: shiftsByWeeks,
      keepsRecordID: try Self.keeps("record_id", in: node),
      keepsPatient: try Self.keeps("patient", in: node),
      untouchedFields: untouched, site: try node["site"].map(SiteAdditions.init(node:)),
      rules: try Self.rules(in: node))
  }

  private static func keeps(_ key: String, in node: YAMLNode) throws(YAMLError) -> Bool {
    guard let value = node[key] else { return false }
    switch value.text {
    case "keep": return true
    case "token": return false
    default:
      throw YAMLError(.badValue(key: key, allowed: "keep, token"), line: value.place.line)
    }
  }

  private static func rules(in node: YAMLNode) throws(YAMLError) -> [PolicyRule] {
    guard let rules = node["rules"] else { throw YAMLError(.missingKey("rules"), line: 1) }
    let names = IdentifierType.allCases.map(\.rawValue)
    try rules.checked(allowed: names, required: names)
    var result: [PolicyRule] = []
    for type in IdentifierType.allCases {
      guard let rule = rules[type.rawValue] else {
        throw YAMLError(.missingKey(type.rawValue), line: rules.place.line)
      }
      result.append(try Self.rule(rule, for: type))
    }
    return result
  }

  private static func rule(
    _ node: YAMLNode, for type: IdentifierType
  ) throws(YAMLError) -> PolicyRule {
    try node.checked(
      allowed: ["action", "to", "years", "keep_first", "alphabet", "min_length", "follows"],
      required: ["action", "follows"])
    let name = try node.requiredText("action")
    func refuse(_ key: String, _ allowed: String) -> YAMLError {
      YAMLError(
        .badValue(key: key, allowed: allowed), line: (node[key] ?? node).place.line)
    }
    for (key, action) in [
      ("to", "generalise"), ("years", "generalise"), ("keep_first", "mask"),
      ("alphabet", "encrypt"), ("min_length", "encrypt"),
    ] where node[key] != nil && !sameBytes(name, action) {
      throw refuse(key, "only with action \(action)")
    }
    let action: PolicyAction
    switch name {
    case "keep": action = .keep
    case "redact": action = .redact
    case "tag": action = .tag
    case "surrogate": action = .surrogate
    case "token": action = .token
    case "remove": action = .remove
    case "remove-sentence": action = .removeSentence
    case "encrypt": action = .encrypt(try encryption(node, for: type))
    case "date-shift":
      guard type == .date else { throw refuse("action", "date-shift is for DATE") }
      action = .dateShift
    case "mask":
      let kept = try node["keep_first"]?.requiredInteger() ?? 0
      guard (0...4).contains(kept) else { throw refuse("keep_first", "0 to 4") }
      action = .mask(keepFirst: kept)
    case "generalise":
      let years = try node["years"]?.requiredInteger()
      switch (type, try node.requiredText("to"), years) {
      case (.age, "90+", nil): action = .generalise(.ageTop)
      case (.age, "band", let years?) where (2...20).contains(years):
        action = .generalise(.ageBand(years: years))
      case (.date, "year", nil): action = .generalise(.year)
      case (.date, "month", nil): action = .generalise(.month)
      case (.address, "province", nil): action = .generalise(.province)
      default:
        throw refuse(
          "to", "AGE: 90+ or band with years 2 to 20; DATE: year, month; ADDRESS: province")
      }
    default:
      throw refuse(
        "action",
        "keep, redact, tag, mask, generalise, date-shift, surrogate, token, remove, "
          + "remove-sentence, encrypt")
    }
    return PolicyRule(action: action, follows: try node.requiredText("follows"))
  }

  /// The types whose values have a million forms and more.
  static let encryptable: [IdentifierType] = [
    .rrn, .passport, .driver, .insurance, .mrn, .id, .phone, .account, .card, .device,
  ]

  private static func encryption(
    _ node: YAMLNode, for type: IdentifierType
  ) throws(YAMLError) -> EncryptionForm {
    guard encryptable.contains(type) else {
      let names = encryptable.map(\.rawValue).joined(separator: ", ")
      throw YAMLError(
        .badValue(key: "action", allowed: "encrypt only for \(names): others have too few values"),
        line: (node["action"] ?? node).place.line)
    }
    var alphabet = EncryptionForm.Alphabet.digits
    if let value = node["alphabet"] {
      guard let known = EncryptionForm.Alphabet(rawValue: value.text ?? "") else {
        throw YAMLError(
          .badValue(key: "alphabet", allowed: "digits, alphanumeric"), line: value.place.line)
      }
      alphabet = known
    }
    // NIST SP 800-38G revision 1: a domain of at least a million values.
    let least = FormatPreservingCipher.minLength(radix: alphabet.radix)
    let most = FormatPreservingCipher.maxLength
    let length = try node["min_length"]?.requiredInteger() ?? least
    guard (least...most).contains(length) else {
      throw YAMLError(
        .badValue(
          key: "min_length",
          allowed: "\(least) to \(most): a shorter domain has under a million values"),
        line: (node["min_length"] ?? node).place.line)
    }
    return EncryptionForm(alphabet: alphabet, minLength: length)
  }
}
