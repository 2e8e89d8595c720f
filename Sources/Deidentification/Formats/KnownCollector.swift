internal import MedaiText

/// Gathers what structured fields tell of one patient, each value once and in order.
struct KnownCollector: Sendable {
  private struct Entry: Hashable {
    var type: IdentifierType
    var bytes: [UInt8]
  }

  private(set) var known = KnownValues()
  private var seen = Set<Entry>()

  /// Notes a structured field's value, where it is long enough to tell somebody apart.
  mutating func add(_ value: [UInt8], role: FieldRole) {
    let type: IdentifierType
    switch role {
    case .patient: type = .mrn
    case .identifier(let known):
      switch known {
      case .date, .age, .hospital, .org: return
      default: type = known
      }
    default: return
    }
    let bytes = trimmed(nfc(value))
    let letters = scalars(of: bytes).filter { isLetter($0) || isNumber($0) }.count
    guard letters >= (type == .name ? 2 : 4) else { return }
    if seen.insert(Entry(type: type, bytes: bytes)).inserted {
      known.values.append((type: type, bytes: bytes))
    }
  }
}
