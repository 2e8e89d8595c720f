internal import MedaiCore

/// An order of an item's options: which option stands at each place.
public struct OptionOrder: Sendable, Equatable {
  /// At place `i` stands option `places[i]` of the file's order.
  public let places: [Int]

  /// An order that holds every option once.
  init(_ places: [Int]) {
    assert(places.sorted().elementsEqual(places.indices), "an order holds every option once")
    self.places = places
  }

  /// The order as the options' own letters in the order shown: `BCDEA`.
  public var letters: String { places.map(optionLetter).joined() }

  /// The option of the file that a letter shown to the model means.
  public func option(atPlace place: Int) -> Int { places[place] }

  /// Values given in the order shown, in the file's order.
  public func inFileOrder<Value>(_ shown: [Value]) -> [Value] {
    var values = shown
    for (place, option) in places.enumerated() { values[option] = shown[place] }
    return values
  }

  /// The further orders an item is asked in: the same for every item with as many options.
  ///
  /// First the rotations, which put every option at every place once and so show a liking for a
  /// place; then shuffles (Fisher-Yates by SplitMix64, seed 1 + the count of options), each once.
  ///
  /// - Parameters:
  ///   - count: Options of the item.
  ///   - wanted: How many orders besides the file's own; fewer where there are no more.
  /// - Returns: Orders that all differ from one another and from the file's.
  public static func further(options count: Int, wanted: Int) -> [OptionOrder] {
    var available = 1
    for factor in stride(from: 2, through: count, by: 1) { available *= factor }
    let own = Array(0..<count)
    var seen: Set<[Int]> = [own]
    var orders: [OptionOrder] = []
    var generator = SplitMix64(seed: 1 + UInt64(count))
    for shift in stride(from: 1, to: count, by: 1) where orders.count < wanted {
      let rotated = own.map { ($0 + shift) % count }
      seen.insert(rotated)
      orders.append(OptionOrder(rotated))
    }
    while orders.count < min(wanted, available - 1) {
      var shuffled = own
      for last in stride(from: count - 1, to: 0, by: -1) {
        shuffled.swapAt(last, generator.below(last + 1))
      }
      if seen.insert(shuffled).inserted { orders.append(OptionOrder(shuffled)) }
    }
    return orders
  }
}
