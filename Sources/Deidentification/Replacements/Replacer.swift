internal import Cryptography
internal import MedaiText

/// Chooses what stands in place of an identifier.
struct Replacer: Sendable {
  let policy: Policy
  let key: PseudonymKey
  private let encryption: EncryptedValue

  /// A replacer.
  init(policy: Policy, key: PseudonymKey) {
    self.policy = policy
    self.key = key
    encryption = EncryptedValue(policy: policy, key: key)
  }

  /// What is known where a replacement is chosen.
  struct Context {
    /// Whose record it is: the patient where one is known, else empty.
    var patient: [UInt8] = []
    /// What dates are shifted by: the patient, else the document.
    var shiftSubject: [UInt8] = []
    /// The year of the dates that carry none.
    var contextYear = 2023
  }

  /// The days that a subject's dates move: ±1 to the policy's limit, never 0.
  func shift(for subject: [UInt8]) -> Int {
    var choice = key.choice("deid.date-shift.v1", subject)
    let unit = policy.shiftsByWeeks ? 7 : 1
    let steps = max(1, policy.shiftDays / unit)
    let magnitude = (1 + choice.below(steps)) * unit
    return choice.below(2) == 0 ? magnitude : -magnitude
  }

  /// The replacement of one identifier.
  ///
  /// - Parameters:
  ///   - original: The identifier, well-formed UTF-8.
  ///   - type: What it is.
  ///   - context: Whose record it is.
  /// - Returns: `nil` where the policy keeps it.
  func replacement(
    for original: [UInt8], type: IdentifierType, context: Context
  ) -> [UInt8]? {
    let original = nfc(original)
    switch policy.rule(for: type).action {
    case .keep: return nil
    case .redact: return Array("___".utf8)
    case .tag: return tag(type)
    case .remove, .removeSentence: return []
    case .encrypt(let form):
      return encryption.encrypted(original, as: type, form) ?? tag(type)
    case .mask(let kept): return mask(original, keepFirst: kept)
    case .token: return token(original, type, context)
    case .dateShift:
      guard let date = DateForm(original) else { return tag(type) }
      return date.shifted(
        by: shift(for: context.shiftSubject), contextYear: context.contextYear)
    case .generalise(let unit): return generalised(original, to: unit, type) ?? tag(type)
    case .surrogate: return surrogate(original, type, context) ?? tag(type)
    }
  }

  /// The type in brackets, the safe replacement where another cannot be had.
  func tag(_ type: IdentifierType) -> [UInt8] { Array("[\(type.rawValue)]".utf8) }

  private func token(
    _ original: [UInt8], _ type: IdentifierType, _ context: Context
  ) -> [UInt8] {
    let value = utf8Bytes(of: scalars(of: original).filter { isLetter($0) || isNumber($0) })
    let code = key.hash.code(
      purpose: "deid.token.\(type.rawValue).v1",
      [context.patient, value.isEmpty ? original : value])
    let digits = code.hex.utf8.prefix(16)
    return Array("\(type.rawValue)-".utf8) + digits
  }

  private func mask(_ original: [UInt8], keepFirst: Int) -> [UInt8] {
    var seen = 0
    let masked = scalars(of: original).map { scalar -> Unicode.Scalar in
      guard isLetter(scalar) || isNumber(scalar) || isMark(scalar) else { return scalar }
      seen += 1
      return seen <= keepFirst ? scalar : "*"
    }
    // A value no longer than what is kept would not be masked at all.
    if seen <= keepFirst { return Array(repeating: UInt8(ascii: "*"), count: max(1, seen)) }
    return utf8Bytes(of: masked)
  }

  private func generalised(
    _ original: [UInt8], to unit: Generalisation, _ type: IdentifierType
  ) -> [UInt8]? {
    switch unit {
    case .year, .month: return DateForm(original)?.coarsened(to: unit)
    case .province: return PlaceSurrogate.province(of: original)
    case .ageTop, .ageBand:
      let digits = original.drop { $0 &- 0x30 >= 10 }.prefix { $0 &- 0x30 < 10 }
      guard !digits.isEmpty, digits.count <= 3 else {
        // 구순 and the like: a word for an age that only the oldest have.
        return original.contains { $0 &- 0x30 < 10 } ? nil : Array("90+".utf8)
      }
      let age = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      if age >= 90 { return Array("90+".utf8) }
      guard case .ageBand(let years) = unit else { return original }
      let low = age / years * years
      return Array("\(low)-\(min(low + years - 1, 89))".utf8)
    }
  }

  private func surrogate(
    _ original: [UInt8], _ type: IdentifierType, _ context: Context
  ) -> [UInt8]? {
    let places = PlaceSurrogate(key: key, patient: context.patient)
    switch type {
    case .name: return NameSurrogate(key: key, patient: context.patient).replacement(for: original)
    case .address: return places.address(for: original)
    case .hospital: return places.hospital(for: original)
    case .org: return places.organisation(for: original)
    case .email: return places.email(for: original)
    case .url: return places.url(for: original)
    case .ip: return places.networkAddress(for: original)
    case .date, .age: return nil
    default:
      return NumberSurrogate(key: key, patient: context.patient)
        .replacement(for: original, type: type)
    }
  }
}
