internal import Cryptography
internal import MedaiCore
internal import SystemPackage

/// All files of a model, read and hashed: one GGUF file, the parts of a split one, or a Hugging
/// Face folder.
struct ModelFiles {
  /// What describes the model.
  enum Description {
    case gguf(GGUFHeader)
    /// `config.json`, `tokenizer.json` and, where there is one, the chat template.
    case folder(config: JSONValue, tokenizer: JSONValue, template: [UInt8]?)
  }

  /// Files that hold tensors.
  let parts: [FileContents]
  /// Where the data of each may begin.
  let dataOffsets: [Int]
  let catalog: TensorCatalog
  let description: Description
  /// Digest of the one file; of several, of what `sha256sum` prints for them in byte order of
  /// their names.
  let digest: Digest
  /// Bytes of all files.
  let bytes: Int

  /// Whether names and layouts are those of GGUF.
  var isGGUF: Bool { if case .gguf = description { true } else { false } }

  /// Reads what a path names.
  init(_ path: FilePath) throws(ModelProblem) {
    if fileExists(path.appending("config.json")) {
      try self.init(folder: path)
    } else {
      try self.init(gguf: FileContents(path), at: path)
    }
  }

  /// A GGUF file; where it is the first of several, the others lie beside it.
  init(gguf first: FileContents, at path: FilePath? = nil) throws(ModelProblem) {
    let header = try first.withBytes { (bytes: Span<UInt8>) throws(ModelProblem) in
      try GGUFHeader(bytes)
    }
    let count = try header.integer("split.count", in: 0...4_096) ?? 0
    var parts = [first]
    var offsets = [header.dataOffset]
    var tensors = header.catalogTensors(part: 0)
    var lines: [(name: String, digest: Digest)] = []
    if count > 1 {
      guard try header.integer("split.no", in: 0...4_096) == 0, let path,
        let names = Self.partNames(path.lastComponent?.string ?? "", count: count)
      else { throw .badPart(1) }
      lines.append((names[0], first.digest))
      for number in 1..<count {
        let part = try FileContents(path.removingLastComponent().appending(names[number]))
        let other = try part.withBytes { (bytes: Span<UInt8>) throws(ModelProblem) in
          try GGUFHeader(bytes)
        }
        guard try other.integer("split.no", in: 0...4_096) == number,
          try other.integer("split.count", in: 0...4_096) == count
        else { throw .badPart(number + 1) }
        parts.append(part)
        offsets.append(other.dataOffset)
        tensors += other.catalogTensors(part: number)
        lines.append((names[number], part.digest))
      }
      if let stated = try header.integer("split.tensors.count", in: 0...Int.max),
        stated != tensors.count
      {
        throw .badValue("split.tensors.count")
      }
    }
    self.parts = parts
    dataOffsets = offsets
    catalog = try TensorCatalog(tensors)
    description = .gguf(header)
    digest = lines.isEmpty ? first.digest : Self.digest(of: lines)
    bytes = parts.reduce(0) { $0 + $1.count }
  }

  /// `stem-00001-of-00003.gguf` and those that follow; `nil` where the name is not of that form.
  private static func partNames(_ name: String, count: Int) -> [String]? {
    func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    }
    let ending = "-of-\(padded(count)).gguf"
    let beginning = "-00001" + ending
    guard name.utf8.count > beginning.utf8.count, name.hasSuffix(beginning) else { return nil }
    let stem = name.dropLast(beginning.count)
    return (1...count).map { "\(stem)-\(padded($0))\(ending)" }
  }

  private static func digest(of lines: [(name: String, digest: Digest)]) -> Digest {
    var text: [UInt8] = []
    for line in lines.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      text += Array("\(line.digest.hex)  \(line.name)\n".utf8)
    }
    return sha256(text)
  }

  /// A Hugging Face folder: `config.json`, `tokenizer.json`, `model.safetensors` or the parts that
  /// `model.safetensors.index.json` names.
  private init(folder: FilePath) throws(ModelProblem) {
    var lines: [(name: String, digest: Digest)] = []
    var total = 0
    func text(_ name: String, isNeeded: Bool = true) throws(ModelProblem) -> [UInt8]? {
      do throws(FileError) {
        let path = folder.appending(name)
        if !isNeeded, !fileExists(path) { return nil }
        let bytes = try readFile(path)
        lines.append((name, sha256(bytes)))
        total += bytes.count
        return bytes
      } catch {
        throw .file(error)
      }
    }
    func json(_ name: String) throws(ModelProblem) -> JSONValue {
      try parseFolderJSON(try text(name) ?? [], name: name)
    }
    let config = try json("config.json")
    // Before the large files are read.
    _ = try Family(modelType: Array((config["model_type"]?.string ?? "").utf8))
    let tokenizer = try json("tokenizer.json")
    var template = try text("chat_template.jinja", isNeeded: false)
    if template == nil, let bytes = try text("tokenizer_config.json", isNeeded: false) {
      let settings = try parseFolderJSON(bytes, name: "tokenizer_config.json")
      template = settings["chat_template"]?.string.map { Array($0.utf8) }
    }
    var parts: [FileContents] = []
    var offsets: [Int] = []
    var tensors: [TensorCatalog.Tensor] = []
    var names = ["model.safetensors"]
    if let bytes = try text("model.safetensors.index.json", isNeeded: false) {
      names = try Self.partNames(
        parseFolderJSON(bytes, name: "model.safetensors.index.json"))
    }
    for (number, name) in names.enumerated() {
      let part = try FileContents(folder.appending(name))
      let header = try part.withBytes { (bytes: Span<UInt8>) throws(ModelProblem) in
        try SafetensorsHeader(bytes, name: name, part: number)
      }
      parts.append(part)
      offsets.append(header.dataOffset)
      tensors += header.tensors
      lines.append((name, part.digest))
      total += part.count
    }
    self.parts = parts
    dataOffsets = offsets
    catalog = try TensorCatalog(tensors)
    description = .folder(config: config, tokenizer: tokenizer, template: template)
    digest = Self.digest(of: lines)
    bytes = total
  }

  /// The files that an index names, in byte order.
  private static func partNames(_ index: JSONValue) throws(ModelProblem) -> [String] {
    let key = "weight_map"
    guard let map = index[key]?.object else { throw .missingKey(key) }
    var names: [[UInt8]] = []
    var seen: Set<[UInt8]> = []
    for (_, value) in map.members {
      guard let name = value.string.map({ Array($0.utf8) }) else { throw .badValue(key) }
      // A name, not a way out of the folder.
      guard name.count <= 255, name.first != UInt8(ascii: "."), !name.contains(0x2F),
        !name.contains(0), name.suffix(12).elementsEqual(".safetensors".utf8)
      else { throw .badValue(key) }
      if seen.insert(name).inserted { names.append(name) }
      guard names.count <= 4_096 else { throw .limit(.tensors, offset: 0) }
    }
    names.sort { $0.lexicographicallyPrecedes($1) }
    guard !names.isEmpty else { throw .badValue(key) }
    return names.map { String(decoding: $0, as: UTF8.self) }
  }
}
