internal import CKernels

/// Working memory of a session: everything a batch needs, reserved once.
@safe struct Scratch {
  private let memory: AnonymousMemory
  /// Most tokens of one batch.
  let batch: Int
  /// Floats from one column to the next in `stream`, `normed`, `mixed`, `added`: the width.
  let widthStride: Int
  /// The same in `queries` and `attended`.
  let queryStride: Int
  /// The same in `keys` and `values`.
  let keyStride: Int
  /// The same in `gates` and `ups`.
  let hiddenStride: Int
  /// Floats from one column of logits to the next.
  let logitStride: Int

  /// The residual stream.
  let stream: UnsafeMutablePointer<Float>
  /// What a sublayer reads.
  let normed: UnsafeMutablePointer<Float>
  /// What a sublayer adds to the stream.
  let added: UnsafeMutablePointer<Float>
  /// What attention adds where a layer's two sublayers stand side by side.
  let addedBeside: UnsafeMutablePointer<Float>
  let queries: UnsafeMutablePointer<Float>
  let keys: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>
  let attended: UnsafeMutablePointer<Float>
  let gates: UnsafeMutablePointer<Float>
  let ups: UnsafeMutablePointer<Float>
  /// Logits: of `batch` columns where all are asked for, else of one.
  let logits: UnsafeMutablePointer<Float>
  /// Sixteen logits for each asked group.
  let rowLogits: UnsafeMutablePointer<Float>
  let cosines: UnsafeMutablePointer<Float>
  let sines: UnsafeMutablePointer<Float>
  /// The stream of the last position, before the last norm.
  let last: UnsafeMutablePointer<Float>
  private let attention: UnsafeMutablePointer<Float>
  private let attentionFloats: Int
  private let quants: UnsafeMutablePointer<Int8>
  private let scales: UnsafeMutablePointer<Float>
  private let sums: UnsafeMutablePointer<Float>
  private let counts: UnsafeMutablePointer<Int32>

  /// Reserves memory for batches of `batch` tokens and a team of `team` members.
  init?(_ graph: Graph, batch: Int, team: Int) {
    func stride(_ width: Int) -> Int { (width + 31) / 32 * 32 }
    self.batch = batch
    widthStride = stride(graph.width)
    queryStride = stride(graph.heads * graph.headWidth)
    keyStride = stride(graph.keyHeads * graph.headWidth)
    hiddenStride = stride(graph.hidden)
    logitStride = stride(graph.vocabulary)
    let widest = max(widthStride, queryStride, hiddenStride)
    let half = graph.rotation.width / 2
    attentionFloats = 4 * 64 + 4 * ((graph.headWidth + 15) / 16 * 16)
    let sizes = [
      batch * widthStride, batch * widthStride, batch * widthStride, batch * queryStride,
      batch * keyStride, batch * keyStride, batch * queryStride, batch * hiddenStride,
      batch * hiddenStride, batch * logitStride, logitStride, batch * half, batch * half,
      widthStride, team * attentionFloats, batch * widest / 2, batch * widest / 32,
      batch * widest / 32, batch * widest / 32, graph.isParallel ? batch * widthStride : 0,
    ]
    var offsets: [Int] = []
    var floats = 0
    for size in sizes {
      offsets.append(floats)
      floats += (size + 15) / 16 * 16
    }
    guard let memory = AnonymousMemory(count: 4 * floats) else { return nil }
    self.memory = memory
    let base = unsafe memory.base.assumingMemoryBound(to: Float.self)
    unsafe stream = base + offsets[0]
    unsafe normed = base + offsets[1]
    unsafe added = base + offsets[2]
    unsafe queries = base + offsets[3]
    unsafe keys = base + offsets[4]
    unsafe values = base + offsets[5]
    unsafe attended = base + offsets[6]
    unsafe gates = base + offsets[7]
    unsafe ups = base + offsets[8]
    unsafe logits = base + offsets[9]
    unsafe rowLogits = base + offsets[10]
    unsafe cosines = base + offsets[11]
    unsafe sines = base + offsets[12]
    unsafe last = base + offsets[13]
    unsafe attention = base + offsets[14]
    unsafe quants = UnsafeMutableRawPointer(base + offsets[15]).assumingMemoryBound(to: Int8.self)
    unsafe scales = base + offsets[16]
    unsafe sums = base + offsets[17]
    unsafe counts = UnsafeMutableRawPointer(base + offsets[18]).assumingMemoryBound(to: Int32.self)
    unsafe addedBeside = base + offsets[19]
  }

  /// A member's own memory for attention.
  func attention(of member: Int) -> UnsafeMutablePointer<Float> {
    unsafe attention + member * attentionFloats
  }

  /// The columns of a buffer, with their quantised form where `quantize` has made it.
  func activations(_ values: UnsafeMutablePointer<Float>, stride: Int) -> medai_activations {
    unsafe medai_activations(
      values: values, quants: quants, scales: scales, sums: sums, counts: counts,
      stride: Int64(stride))
  }

  /// Quantises one column of a buffer of `count` columns.
  func quantize(
    _ isa: medai_isa, column: Int, of count: Int, _ values: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    unsafe medai_quantize(
      isa, values + column * stride, Int64(stride), Int64(column), Int64(count), quants, scales,
      sums, counts)
  }
}
