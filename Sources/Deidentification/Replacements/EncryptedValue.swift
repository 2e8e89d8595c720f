internal import Cryptography
internal import MedaiText

/// Encrypts identifiers so that they keep their form (FF1), each type under a key of its own.
///
/// The patient plays no part: the same number has the same ciphertext wherever it stands, and
/// whoever holds the key gets it back.
struct EncryptedValue: Sendable {
  /// One cipher a type, at the type's place; `nil` where the policy encrypts no such type.
  private let ciphers: [FormatPreservingCipher?]

  /// Ciphers for what a policy encrypts.
  init(policy: Policy, key: PseudonymKey) {
    ciphers = IdentifierType.allCases.map { type in
      guard case .encrypt(let form) = policy.rule(for: type).action else { return nil }
      var bytes = key.hash.code(purpose: "deid.ff1.v1", [Array(type.rawValue.utf8)]).bytes
      // Without secure memory there is no cipher, and values become their tags.
      guard let secret = try? SecureBytes(moving: &bytes) else { return nil }
      return FormatPreservingCipher(key: secret, radix: form.alphabet.radix)
    }
  }

  /// Separators that stay in their place.
  private static let separators = Array(" -./()_:+#".unicodeScalars)

  /// The encrypted value.
  ///
  /// - Returns: `nil` where the value holds anything but the alphabet and separators, is too short,
  ///   or mixes capital and small letters, whose case could not come back.
  func encrypted(_ original: [UInt8], as type: IdentifierType, _ form: EncryptionForm) -> [UInt8]? {
    convert(original, type, form) { cipher, numerals, tweak throws(FormatPreservingError) in
      try cipher.encrypt(numerals, tweak: tweak)
    }
  }

  /// The value that was encrypted.
  func decrypted(_ sealed: [UInt8], as type: IdentifierType, _ form: EncryptionForm) -> [UInt8]? {
    convert(sealed, type, form) { cipher, numerals, tweak throws(FormatPreservingError) in
      try cipher.decrypt(numerals, tweak: tweak)
    }
  }

  private func convert(
    _ value: [UInt8], _ type: IdentifierType, _ form: EncryptionForm,
    _ body: (FormatPreservingCipher, [UInt8], [UInt8]) throws(FormatPreservingError) -> [UInt8]
  ) -> [UInt8]? {
    guard let cipher = ciphers[type.index] else { return nil }
    var numerals: [UInt8] = []
    var places: [Int] = []
    var hasUpper = false
    var hasLower = false
    for (place, byte) in value.enumerated() {
      switch byte {
      case 0x30...0x39: numerals.append(byte - 0x30)
      case 0x41...0x5A where form.alphabet == .alphanumeric:
        numerals.append(byte - 0x41 + 10)
        hasUpper = true
      case 0x61...0x7A where form.alphabet == .alphanumeric:
        numerals.append(byte - 0x61 + 10)
        hasLower = true
      default:
        guard byte < 0x80, Self.separators.contains(Unicode.Scalar(byte)) else { return nil }
        continue
      }
      places.append(place)
    }
    guard numerals.count >= form.minLength, !(hasUpper && hasLower),
      let made = try? body(cipher, numerals, Array(type.rawValue.utf8)), made != numerals
    else { return nil }
    var result = value
    for (place, numeral) in zip(places, made) {
      result[place] = numeral < 10 ? 0x30 + numeral : (hasLower ? 0x61 : 0x41) + numeral - 10
    }
    return result
  }
}
