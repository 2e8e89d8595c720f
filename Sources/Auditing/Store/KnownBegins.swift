/// Types of entries that others may be paired with, as far as they were written or looked up: a
/// bounded memory of what the database knows for good.
struct KnownBegins {
  private var types: [Int: Identifier] = [:]

  private static let capacity = 1024

  /// The type of an entry, where it is remembered.
  subscript(entry: Int) -> Identifier? { types[entry] }

  /// Remembers the type of an entry.
  mutating func insert(_ entry: Int, _ type: Identifier) {
    if types.count >= Self.capacity { types.removeAll(keepingCapacity: true) }
    types[entry] = type
  }
}
