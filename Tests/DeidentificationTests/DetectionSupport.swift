internal import Deidentification
internal import MedaiTestSupport
internal import SystemPackage

/// The detectors with the word lists of the source tree, loaded once.
let detectors: Detectors = {
  do {
    return try Detectors(
      resources: repositoryRoot(#filePath).appending("Sources/Deidentification/Resources"))
  } catch {
    fatalError("no word lists")
  }
}()

/// What is found in a text, as `TYPE:surface`.
func found(_ text: String) -> [String] {
  let bytes = Array(text.utf8)
  return detectors.spans(in: bytes).map {
    "\($0.type.rawValue):\(String(decoding: bytes[$0.start..<$0.end], as: UTF8.self))"
  }
}

/// What is found of one type, surfaces only.
func found(_ type: IdentifierType, _ text: String) -> [String] {
  let prefix = "\(type.rawValue):"
  return found(text).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
}
