public import Cryptography
public import MedaiCore
public import SystemPackage

/// Why a model file cannot be used, with its path.
public struct ModelError: Error, Equatable, Sendable {
  /// The file; empty where the bytes did not come from one.
  public let path: FilePath
  /// What is wrong.
  public let problem: ModelProblem

  /// An error of one file.
  public init(path: FilePath, problem: ModelProblem) {
    self.path = path
    self.problem = problem
  }
}

/// What is wrong with a model file.
///
/// Names that come from the file are cut to 64 characters of `[A-Za-z0-9._-]`, so that a hostile
/// header cannot write to a terminal or a log.
public enum ModelProblem: Error, Equatable, Sendable {
  /// The file cannot be read.
  case file(FileError)
  /// The first four bytes are not `GGUF`.
  case notGGUF(found: UInt32)
  /// Only versions 2 and 3 are read.
  case unsupportedVersion(UInt32)
  /// The file ends too early; `expected` counts what its own header asks for.
  case truncated(expected: Int, found: Int)
  /// A count, length, offset or dimension is beyond what a sound file has.
  case limit(Limit, offset: Int)
  /// A value kind that GGUF does not define, or an array of arrays.
  case unknownValueKind(UInt32, offset: Int)
  /// Two metadata entries have one name.
  case duplicateKey(String)
  /// A metadata entry is needed and not there.
  case missingKey(String)
  /// A metadata entry has another kind of value or one out of range.
  case badValue(String)
  /// Two tensors have one name.
  case duplicateTensor(String)
  /// A tensor is needed and not there.
  case missingTensor(String)
  /// A tensor that this architecture does not have: running without it would be wrong.
  case unexpectedTensor(String)
  /// A tensor does not have the shape that the metadata ask for (fastest dimension first).
  case tensorShape(String, expected: [Int], found: [Int])
  /// A tensor is stored in a way that the engine does not read (`id` is GGUF's number).
  case unsupportedTensorType(String, id: UInt32)
  /// An architecture that the engine does not know.
  case unsupportedArchitecture(String)
  /// An architecture with experts, which the engine recognises and does not run: serve it
  /// elsewhere and ask it through `--endpoint`.
  case mixtureOfExperts(String)
  /// A tensor of a safetensors file has elements that the engine does not read (`type` is the
  /// file's word).
  case unsupportedElementType(String, type: String)
  /// A JSON file of a model folder, or a safetensors header, is malformed at this byte.
  case malformedJSON(String, offset: Int)
  /// The files of a split model do not belong together; `part` counts from 1.
  case badPart(Int)
  /// A feature that the metadata ask for and the engine lacks.
  case unsupportedFeature(String)
  /// The tokenizer model or pre-tokenizer is not one that the engine has.
  case unsupportedTokenizer(String)
  /// The vocabulary or its merges contradict themselves at this entry.
  case badVocabulary(entry: Int)
  /// The processor does not run the asked implementation.
  case instructionSetUnavailable
  /// The system has no memory or no thread for the model.
  case outOfResources

  /// Which limit was passed.
  public enum Limit: String, Sendable {
    case keys, keyLength, stringLength, arrayLength, tensors, tensorName, dimensions, dimension
    case alignment, tensorOffset
  }
}

/// Why a session could not go on.
public enum SessionError: Error, Equatable, Sendable {
  /// No tokens were given.
  case emptyPrompt
  /// A token number is outside the vocabulary; `index` counts from 0.
  case unknownToken(Int32, index: Int)
  /// The cache has no room; nothing was computed.
  case contextFull(needed: Int, capacity: Int)
  /// There is no last position: nothing was computed since the start or the last rewind.
  case noPosition
  /// A logit is not finite: the weights or the numbers in them are broken.
  case nonFiniteLogits(position: Int)
  /// A thread rounds otherwise, flushes subnormals or traps: bits would differ.
  case floatEnvironment
  /// The system has no memory for the session.
  case outOfMemory
}

/// Why a prompt could not be rendered.
public enum TemplateError: Error, Equatable, Sendable {
  /// The model file carries no chat template.
  case missing
  /// The template's text has this digest, which is none that the engine knows.
  case unknown(sha256: Digest)
  /// The vocabulary lacks a control token that the template needs.
  case missingControlToken
  /// The template cannot be read or rendered.
  case fault(TemplateFault)
  /// The template cannot be told whether to think.
  case noThinkingSwitch
}

/// A name from a file, safe to show.
func shownName(_ bytes: some Sequence<UInt8>) -> String {
  let shown = bytes.prefix(64).map { byte -> UInt8 in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      byte
    default: UInt8(ascii: "?")
    }
  }
  return String(decoding: shown, as: UTF8.self)
}
