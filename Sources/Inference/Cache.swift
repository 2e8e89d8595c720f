internal import CKernels

/// Keys and values of every layer, in chunks of 64 positions.
///
/// Keys are stored by dimension ([width of head][64 keys]) so that scores of many keys are computed
/// side by side; values by key. A chunk begins at a multiple of 64 whatever was cached when, so a
/// reused prefix has the boundaries of a computed one.
@safe struct Cache {
  private let memory: AnonymousMemory
  private let keyHeads: Int
  private let keyFloats: Int
  private let valueFloats: Int
  private let chunks: Int
  /// Most positions.
  let capacity: Int

  /// Reserves room; pages are taken when positions are written.
  init?(_ graph: Graph, capacity: Int) {
    keyHeads = graph.keyHeads
    keyFloats = Int(medai_key_chunk_floats(Int64(graph.headWidth)))
    valueFloats = Int(medai_value_chunk_floats(Int64(graph.headWidth)))
    chunks = (capacity + 63) / 64
    self.capacity = capacity
    let (floats, overflow) = (graph.layers * keyHeads * (keyFloats + valueFloats))
      .multipliedReportingOverflow(by: chunks)
    guard !overflow, floats <= 1 << 44, let memory = AnonymousMemory(count: 4 * floats) else {
      return nil
    }
    self.memory = memory
  }

  /// First chunk of the keys of one head of one layer; its other chunks follow.
  func keys(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    unsafe start(layer, head)
  }

  /// First chunk of the values of one head of one layer.
  func values(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    unsafe start(layer, head) + chunks * keyFloats
  }

  private func start(_ layer: Int, _ head: Int) -> UnsafeMutablePointer<Float> {
    let index = (layer * keyHeads + head) * chunks * (keyFloats + valueFloats)
    return unsafe memory.base.assumingMemoryBound(to: Float.self) + index
  }

  /// Writes one position of one head.
  func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, width: Int, layer: Int, head: Int,
    position: Int
  ) {
    let chunk = position / 64
    unsafe medai_store_pair(
      key, value, Int64(width), Int64(position % 64),
      keys(layer: layer, head: head) + chunk * keyFloats,
      values(layer: layer, head: head) + chunk * valueFloats)
  }
}
