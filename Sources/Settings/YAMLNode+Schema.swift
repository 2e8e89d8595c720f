extension YAMLNode {
  /// The members of a mapping that may hold only these keys.
  ///
  /// - Parameters:
  ///   - allowed: Every key that is understood; another one is a fault, since a misspelled setting
  ///     must not be ignored.
  ///   - required: Keys that have to be there.
  /// - Throws: `YAMLError` that names the key and line.
  public func checked(allowed: [String], required: [String] = []) throws(YAMLError) {
    guard let members else { throw YAMLError(.expected("mapping"), line: place.line) }
    for member in members where !allowed.contains(where: { $0.utf8.elementsEqual(member.key.utf8) })
    {
      throw YAMLError(.unknownKey(member.key), line: member.keyPlace.line)
    }
    for key in required where self[key] == nil {
      throw YAMLError(.missingKey(key), line: place.line)
    }
  }

  /// The text of a member.
  ///
  /// - Throws: `missingKey` or `expected` with the line.
  public func requiredText(_ key: String) throws(YAMLError) -> String {
    guard let value = self[key] else { throw YAMLError(.missingKey(key), line: place.line) }
    guard let text = value.text else {
      throw YAMLError(.expected("text"), line: value.place.line)
    }
    return text
  }

  /// An integer in plain decimal digits with an optional minus sign.
  public func requiredInteger() throws(YAMLError) -> Int {
    guard let text, let value = Int(text), String(value) == text else {
      throw YAMLError(.expected("integer"), line: place.line)
    }
    return value
  }

  /// `true` or `false`, nothing else.
  public func requiredBool() throws(YAMLError) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default: throw YAMLError(.expected("true or false"), line: place.line)
    }
  }

  /// The elements of a member that is a sequence.
  ///
  /// - Throws: `missingKey` or `expected` with the line.
  public func requiredList(_ key: String) throws(YAMLError) -> [YAMLNode] {
    guard let value = self[key] else { throw YAMLError(.missingKey(key), line: place.line) }
    guard let elements = value.elements else {
      throw YAMLError(.expected("list"), line: value.place.line)
    }
    return elements
  }

  /// The text of a member that may be one of a few words.
  ///
  /// - Throws: `badValue` with the line where it is another one.
  public func requiredWord(_ key: String, of words: [String]) throws(YAMLError) -> String {
    let word = try requiredText(key)
    guard words.contains(where: { $0.utf8.elementsEqual(word.utf8) }) else {
      throw YAMLError(
        .badValue(key: key, allowed: words.joined(separator: ", ")),
        line: self[key]?.place.line ?? place.line)
    }
    return word
  }
}
