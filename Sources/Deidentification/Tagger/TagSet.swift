/// The tags of the tagger: outside, and beginning and inside of each kind of identifier.
///
/// Tag 0 is outside; kind `k` has 1 + 2k for its first unit and 2 + 2k for the others.
package enum TagSet {
  /// The kinds; what is none of them is trained and spoken of as `ID`.
  package static let kinds: [IdentifierType] = [
    .name, .address, .hospital, .org, .date, .age, .mrn, .license, .sns, .plate, .device, .phone,
    .account, .rrn, .id,
  ]
  /// Count of tags.
  package static let count = 1 + 2 * kinds.count
  /// Places in a row of weights: the tags and one that stays empty.
  package static let stride = 32

  /// The kind that stands for a type.
  package static func kind(of type: IdentifierType) -> Int {
    kinds.firstIndex(of: type) ?? kinds.count - 1
  }
  /// The tag of a kind's first unit.
  package static func begin(_ kind: Int) -> Int { 1 + 2 * kind }
  /// The tag of a kind's further units.
  package static func inside(_ kind: Int) -> Int { 2 + 2 * kind }
}
