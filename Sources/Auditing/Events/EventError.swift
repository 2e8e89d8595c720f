/// Why an event is not one that the log admits. Names fields of a schema only, never what an
/// outsider sent.
public enum EventError: Error, Equatable, Sendable {
  /// No schema of this type.
  case unknownType
  /// The type has no schema of this version.
  case unknownVersion(Int)
  /// A field the schema does not name.
  case unknownField
  /// A field comes twice, or fields are out of order.
  case duplicateField
  /// A field the schema requires is not there.
  case missingField(String)
  /// A field holds something else than its kind admits.
  case wrongValue(String)
  /// An end entry without the entry it ends, or a `pair` where none belongs.
  case wrongPair
  /// The entry would be longer than a leaf may be.
  case tooLong(bytes: Int)
  /// The operating system gave no random bits for the entry's id.
  case noRandomness
  /// The input is not a JSON object.
  case notAnObject
  /// A value that looks like a resident registration number or a mobile number.
  case looksPersonal(String)
}
