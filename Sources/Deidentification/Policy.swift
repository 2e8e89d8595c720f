public import Cryptography

/// What happens to an identifier.
public enum PolicyAction: Sendable, Equatable {
  /// It stays.
  case keep
  /// A blank that does not say what was there.
  case redact
  /// Its type in brackets.
  case tag
  /// Letters and digits become `*`, but for so many at the start.
  case mask(keepFirst: Int)
  /// A coarser value.
  case generalise(Generalisation)
  /// A date is moved by the patient's own number of days.
  case dateShift
  /// An invented value of the same form.
  case surrogate
  /// A keyed token.
  case token
  /// Nothing stands in its place.
  case remove
  /// The whole sentence that holds it goes.
  case removeSentence
  /// Format-preserving encryption: whoever has the key gets the value back.
  case encrypt(EncryptionForm)

  /// The word that policies and span lines use.
  public var name: String {
    switch self {
    case .keep: "keep"
    case .redact: "redact"
    case .tag: "tag"
    case .mask: "mask"
    case .generalise: "generalise"
    case .dateShift: "date-shift"
    case .surrogate: "surrogate"
    case .token: "token"
    case .remove: "remove"
    case .removeSentence: "remove-sentence"
    case .encrypt: "encrypt"
    }
  }
}

/// To what a value is made coarser.
public enum Generalisation: Sendable, Equatable {
  /// Ages of 90 and more become `90+`; younger ones stay.
  case ageTop
  /// An age band of so many years, `90+` from 90.
  case ageBand(years: Int)
  /// A date becomes its year.
  case year
  /// A date becomes its year and month.
  case month
  /// An address becomes its province or metropolitan city.
  case province
}

/// What format-preserving encryption works on.
public struct EncryptionForm: Sendable, Equatable {
  /// The characters that a value is made of.
  public enum Alphabet: String, Sendable, CaseIterable {
    case digits, alphanumeric

    /// How many characters there are.
    var radix: Int {
      switch self {
      case .digits: 10
      case .alphanumeric: 36
      }
    }
  }

  /// The characters that are encrypted; separators stay where they are.
  public let alphabet: Alphabet
  /// A value with fewer of them becomes its tag: the domain would be too small.
  public let minLength: Int
}

/// One type's rule.
public struct PolicyRule: Sendable {
  /// What is done.
  public let action: PolicyAction
  /// The guidance that the rule follows, in the policy author's words.
  public let follows: String
}

/// What becomes of every type of identifier, read from a file.
public struct Policy: Sendable {
  /// The name it is asked for by.
  public let name: String
  /// One line for people.
  public let title: String
  /// Digest of the file.
  public let digest: Digest
  /// Dates move by 1 to this many days.
  public let shiftDays: Int
  /// Whether dates move by whole weeks, so that weekdays stay.
  public let shiftsByWeeks: Bool
  /// Whether a record's id stays as it is.
  public let keepsRecordID: Bool
  /// Whether a patient's id stays as it is.
  public let keepsPatient: Bool
  /// Names of fields that pass without being looked at.
  public let untouchedFields: [String]
  /// What the hospital adds to the rules that find identifiers; `nil` without a `site` section.
  public let site: SiteAdditions?
  private let rules: [PolicyRule]

  init(
    name: String, title: String, digest: Digest, shiftDays: Int, shiftsByWeeks: Bool,
    keepsRecordID: Bool, keepsPatient: Bool, untouchedFields: [String], site: SiteAdditions?,
    rules: [PolicyRule]
  ) {
    precondition(rules.count == IdentifierType.allCases.count, "a rule for every type")
    self.name = name
    self.title = title
    self.digest = digest
    self.shiftDays = shiftDays
    self.shiftsByWeeks = shiftsByWeeks
    self.keepsRecordID = keepsRecordID
    self.keepsPatient = keepsPatient
    self.untouchedFields = untouchedFields
    self.site = site
    self.rules = rules
  }

  /// The rule of a type.
  public func rule(for type: IdentifierType) -> PolicyRule { rules[type.index] }

  /// Whether a field passes untouched; names are compared by their bytes.
  func passes(field name: [UInt8]) -> Bool {
    untouchedFields.contains { $0.utf8.elementsEqual(name) }
  }
}

extension IdentifierType {
  /// Place in `allCases`.
  var index: Int {
    switch self {
    case .name: 0
    case .rrn: 1
    case .passport: 2
    case .driver: 3
    case .insurance: 4
    case .mrn: 5
    case .id: 6
    case .phone: 7
    case .email: 8
    case .address: 9
    case .hospital: 10
    case .org: 11
    case .date: 12
    case .age: 13
    case .account: 14
    case .card: 15
    case .plate: 16
    case .url: 17
    case .ip: 18
    case .device: 19
    case .license: 20
    case .sns: 21
    }
  }
}
