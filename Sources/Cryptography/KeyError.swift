public import MedaiCore

/// Why a key file or a key text cannot be used. Names no key material.
public enum KeyError: Error, Equatable, Sendable {
  /// The file could not be read or written.
  case file(FileError)
  /// The file may be read or written by others; `mode` is what it has, 0600 is wanted.
  case readableByOthers(mode: UInt32)
  /// The path names a link, a folder or a device.
  case notAFile
  /// Not a PKCS#8 PEM private key, or the passphrase is missing or wrong: the two look alike.
  case unreadable
  /// A private key of another algorithm than Ed25519.
  case wrongAlgorithm
  /// A passphrase is empty or longer than 1024 bytes.
  case passphraseLength
  /// The secure heap, which secrets are kept in, is exhausted or cannot be had.
  case noSecureMemory
  /// No descriptor of this number was handed to the program, or it cannot be read.
  case badDescriptor(Int32)
  /// libcrypto made no key.
  case generation
  /// A verifier key line has the wrong shape.
  case malformedVerifierKey
  /// A verifier key line names a signature type this program does not know.
  case unknownSignatureType(UInt8)
  /// The key id in a verifier key line is not the one its name and key give.
  case wrongKeyID
  /// A key name is empty, or has a space, a plus sign or a control character.
  case malformedName
}
