internal import CKernels

/// Copies tensors from the files into packed groups, one tensor after the other, many members each.
final class Packing: TeamJob {
  private let places: [PackingPlan.Place]
  private let parts: [FileContents]
  private let memory: AnonymousMemory

  /// Packing of a plan.
  init(_ places: [PackingPlan.Place], _ parts: [FileContents], memory: AnonymousMemory) {
    self.places = places
    self.parts = parts
    self.memory = memory
  }

  func run(_ member: inout TeamMember) {
    for place in places {
      if place.isVector {
        member.share(1) { _ in copyVector(place) }
      } else {
        let groups = (place.rows + 15) / 16
        member.share(groups, chunk: 4) { claimed in packGroups(place, claimed) }
      }
      // The file's pages are not needed any more.
      if member.index == 0, let range = place.released {
        parts[place.part].memory.release(range)
      }
    }
  }

  private func copyVector(_ place: PackingPlan.Place) {
    let source = unsafe parts[place.part].memory.base + place.fileOffset
    let target = unsafe place.floats(in: memory)
    for element in 0..<place.columns {
      let index = place.taken.source(element)
      if place.type == medai_f32 {
        unsafe target[element] = Float(
          bitPattern: source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      } else {
        let half = unsafe source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        unsafe target[element] =
          place.type == medai_f16 ? medai_half_value(half) : medai_brain_value(half)
      }
    }
  }

  private func packGroups(_ place: PackingPlan.Place, _ groups: Range<Int>) {
    let matrix = place.matrix(in: memory)
    let rowBytes = Int(medai_row_bytes(place.type, Int64(place.columns)))
    let source = unsafe (parts[place.part].memory.base + place.fileOffset)
      .assumingMemoryBound(to: UInt8.self)
    var gathered: [UInt8] = []
    var blocks = [UInt8](
      repeating: 0, count: 16 * Int(medai_row_bytes(medai_q8_0, Int64(place.columns))))
    func pack(_ rows: UnsafePointer<UInt8>, _ count: Int, _ target: UnsafeMutablePointer<UInt8>) {
      let columns = Int64(place.columns)
      if place.isQuantizedAtLoad {
        unsafe medai_quantize_rows(place.type, rows, columns, Int32(count), &blocks)
        unsafe medai_pack_group(medai_q8_0, blocks, columns, Int32(count), target)
      } else {
        unsafe medai_pack_group(place.type, rows, columns, Int32(count), target)
      }
    }
    for group in groups {
      let first = 16 * group
      let rows = min(16, place.rows - first)
      let start = place.taken.source(first)
      let target = unsafe matrix.base + group * matrix.groupBytes
      if place.taken.source(first + rows - 1) == start + rows - 1 {
        unsafe pack(source + start * rowBytes, rows, target)
        continue
      }
      gathered.removeAll(keepingCapacity: true)
      for row in first..<first + rows {
        let bytes = unsafe UnsafeBufferPointer(
          start: source + place.taken.source(row) * rowBytes, count: rowBytes)
        unsafe gathered.append(contentsOf: bytes)
      }
      unsafe gathered.withUnsafeBufferPointer { bytes in
        if let base = bytes.baseAddress { unsafe pack(base, rows, target) }
      }
    }
  }
}
