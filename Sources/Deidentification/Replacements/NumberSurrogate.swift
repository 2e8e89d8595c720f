internal import MedaiText

/// Invents numbers and codes of the same shape that nobody can hold.
struct NumberSurrogate {
  let key: PseudonymKey
  let patient: [UInt8]

  /// An invented value for a type whose form is digits, letters and separators.
  func replacement(for original: [UInt8], type: IdentifierType) -> [UInt8] {
    let value = identity(of: original)
    for attempt in UInt8(0)...255 {
      var choice = key.choice("deid.\(type.rawValue).v1", patient, value, [attempt])
      var result = shaped(original, &choice)
      switch type {
      case .phone: blockPhone(&result, original: original)
      case .rrn: spoilRegistration(&result)
      case .card: spoilCard(&result)
      case .plate: setFirstDigit(&result, to: 0)
      default: break
      }
      if result != original { return result }
    }
    return Array(repeating: UInt8(ascii: "*"), count: original.count)
  }

  /// Digits and letters alone: separators do not make another value.
  private func identity(of original: [UInt8]) -> [UInt8] {
    let kept = scalars(of: original).filter { isLetter($0) || isNumber($0) || $0 == "*" }
    return utf8Bytes(of: kept)
  }

  /// Digits for digits, letters for letters of the same case, Hangul for Hangul; the rest stays.
  private func shaped(_ original: [UInt8], _ choice: inout KeyedChoice) -> [UInt8] {
    let spelled = Array("공영일이삼사오육칠팔구".unicodeScalars)
    let plate = Array("가나다라마바사아자하".unicodeScalars)
    var result: [Unicode.Scalar] = []
    var isFirst = true
    for scalar in scalars(of: original) {
      switch scalar.value {
      case 0x30...0x39:
        // A number keeps its length as a number: no zero comes to the front.
        let digit = isFirst && scalar.value != 0x30 ? 1 + choice.below(9) : choice.below(10)
        result.append(Unicode.Scalar(UInt8(0x30 + digit)))
        isFirst = false
      case 0xFF10...0xFF19:
        result.append(Unicode.Scalar(0xFF10 + UInt32(choice.below(10))) ?? scalar)
        isFirst = false
      case 0x41...0x5A: result.append(Unicode.Scalar(UInt8(0x41 + choice.below(26))))
      case 0x61...0x7A: result.append(Unicode.Scalar(UInt8(0x61 + choice.below(26))))
      default:
        if spelled.contains(scalar) {
          result.append(choice.of(spelled))
        } else if isHangulSyllable(scalar) {
          result.append(choice.of(plate))
        } else if isLetter(scalar) || isNumber(scalar) {
          result.append("*")
        } else {
          result.append(scalar)
        }
      }
    }
    return utf8Bytes(of: result)
  }

  /// Puts a number where no subscriber can be: the Korean plan has no exchange that begins with 0,
  /// since 0 is the trunk prefix.
  private func blockPhone(_ result: inout [UInt8], original: [UInt8]) {
    let places = digitPlaces(in: result)
    let digits = places.map { original[$0] - 0x30 }
    guard digits.count >= 7 else { return }
    var prefix = 0
    if original.first == UInt8(ascii: "+") || digits.starts(with: [0, 0]) {
      let start = digits.starts(with: [0, 0]) ? 2 : 0
      guard digits.dropFirst(start).starts(with: [8, 2]) else {
        // A foreign number keeps one digit of its country; the rest cannot be told apart.
        copy(original, places.prefix(start + 1), to: &result)
        result[places[start + 1]] = UInt8(ascii: "0")
        return
      }
      prefix = start + 2
      let isTrunkWritten = digits.count > prefix && digits[prefix] == 0
      prefix += isTrunkWritten ? 1 : 0
      prefix += digits.dropFirst(prefix).first == 2 ? 1 : 2
    } else if digits.starts(with: [0, 2]) {
      prefix = 2
    } else if digits.starts(with: [0, 5, 0]) {
      prefix = 4
    } else if digits[0] == 0 {
      prefix = 3
    }
    guard prefix < places.count else { return }
    copy(original, places.prefix(prefix), to: &result)
    result[places[prefix]] = UInt8(ascii: "0")
  }

  /// Makes month 30 to 99 and both check digits wrong.
  private func spoilRegistration(_ result: inout [UInt8]) {
    let places = digitPlaces(in: result)
    guard places.count >= 3 else { return }
    let month = result[places[2]] - 0x30
    result[places[2]] = 0x30 + (month < 3 ? month + 3 : month)
    guard places.count == 13 else { return }
    let digits = places.map { Int(result[$0]) - 0x30 }
    let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    let sum = zip(weights, digits).reduce(0) { $0 + $1.0 * $1.1 }
    let valid = [(11 - sum % 11) % 10, (24 - sum % 11) % 11 % 10, (13 - sum % 11) % 10]
    var check = digits[12]
    while valid.contains(check) { check = (check + 1) % 10 }
    result[places[12]] = 0x30 + UInt8(check)
  }

  /// Begins with 0, which no issuer has, and fails Luhn's check.
  private func spoilCard(_ result: inout [UInt8]) {
    let places = digitPlaces(in: result)
    guard let first = places.first, let last = places.last, places.count > 1 else { return }
    result[first] = UInt8(ascii: "0")
    if passesLuhn(places.map { Int(result[$0]) - 0x30 }) {
      result[last] = 0x30 + (result[last] - 0x30 + 1) % 10
    }
  }

  private func setFirstDigit(_ result: inout [UInt8], to digit: UInt8) {
    if let first = digitPlaces(in: result).first { result[first] = 0x30 + digit }
  }

  private func copy(_ original: [UInt8], _ places: some Sequence<Int>, to result: inout [UInt8]) {
    for place in places { result[place] = original[place] }
  }

  private func digitPlaces(in bytes: [UInt8]) -> [Int] {
    bytes.indices.filter { bytes[$0] &- 0x30 < 10 }
  }
}

/// Luhn's check over decimal digits.
func passesLuhn(_ digits: [Int]) -> Bool {
  var sum = 0
  for (index, digit) in digits.reversed().enumerated() {
    let value = index.isMultiple(of: 2) ? digit : 2 * digit
    sum += value > 9 ? value - 9 : value
  }
  return sum.isMultiple(of: 10)
}
