import MedaiCore
import Testing

@testable import Examination

@Test(arguments: 2...10)
func ordersAreDifferentAndMapBack(count: Int) {
  let wanted = 30
  var available = 1
  for factor in 2...count { available *= factor }
  let orders = OptionOrder.further(options: count, wanted: wanted)
  #expect(orders.count == min(wanted, available - 1))
  #expect(Set(orders.map(\.places)).count == orders.count)
  let own = Array(0..<count)
  for order in orders {
    #expect(order.places != own)
    #expect(order.places.sorted() == own)
    let shown = order.places.map { $0 * 10 }
    #expect(order.inFileOrder(shown) == own.map { $0 * 10 })
    for (place, option) in order.places.enumerated() {
      #expect(order.option(atPlace: place) == option)
    }
  }
  // The rotations come first and put every option at every place.
  for place in own {
    let seen = [place] + orders.prefix(count - 1).map { $0.places[place] }
    #expect(seen.sorted() == own)
  }
}

/// Written down in docs/exam.md; a change would make old runs impossible to repeat.
@Test func ordersAreFixed() {
  #expect(
    OptionOrder.further(options: 5, wanted: 7).map(\.letters) == [
      "BCDEA", "CDEAB", "DEABC", "EABCD", "ECABD", "BEADC", "BCEDA",
    ])
  #expect(OptionOrder.further(options: 2, wanted: 9).map(\.letters) == ["BA"])
  #expect(OptionOrder.further(options: 5, wanted: 0).isEmpty)
  #expect(OptionOrder.further(options: 0, wanted: 3).isEmpty)
}

@Test func fewerOrdersAreAPrefixOfMore() {
  let many = OptionOrder.further(options: 5, wanted: 20)
  for wanted in 0...20 {
    #expect(OptionOrder.further(options: 5, wanted: wanted) == Array(many.prefix(wanted)))
  }
}

/// The published first values of SplitMix64 for seed 1234567.
@Test func splitMixIsTheOneThatIsPublished() {
  var generator = SplitMix64(seed: 1_234_567)
  let values = (0..<5).map { _ in generator.next() }
  #expect(
    values == [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ])
}
