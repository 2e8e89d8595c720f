/// Where each tensor of a model lies, whatever the files' format.
struct TensorCatalog {
  /// A tensor's place.
  struct Tensor {
    let name: [UInt8]
    /// GGUF's number of the way of storing.
    let typeID: UInt32
    /// Sizes, fastest first.
    let dimensions: [Int]
    /// Which of the model's files, from 0.
    let part: Int
    /// First byte in that file.
    let offset: Int
    /// Product of the sizes.
    let elements: Int
  }

  /// The tensors in file order.
  let tensors: [Tensor]
  private let index: [[UInt8]: Int]

  /// A catalogue of tensors whose names differ.
  init(_ tensors: [Tensor]) throws(ModelProblem) {
    var index: [[UInt8]: Int] = [:]
    for (number, tensor) in tensors.enumerated() {
      guard index.updateValue(number, forKey: tensor.name) == nil else {
        throw .duplicateTensor(shownName(tensor.name))
      }
    }
    self.tensors = tensors
    self.index = index
  }

  /// A tensor by its name.
  func tensor(_ name: String) -> Tensor? { index[Array(name.utf8)].map { tensors[$0] } }
}
