/// What the tagger reads of a text: a row of hashed features for each unit of the page.
package struct TaggerInput {
  /// Units.
  package let count: Int
  /// `TaggerFeatures.width` row numbers of the weight table for each unit.
  package let features: [UInt32]
  private let page: Page

  init(count: Int, features: [UInt32], page: Page) {
    self.count = count
    self.features = features
    self.page = page
  }

  /// The bytes of the text that a stretch of units stands for.
  package func bytes(_ units: Range<Int>) -> Range<Int> {
    page.bytes(units.lowerBound, units.upperBound)
  }
}
