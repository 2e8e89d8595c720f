internal import CUtf8proc

/// The version of the Unicode tables behind `nfc` and the scalar classes; part of `numerics`.
package func unicodeVersion() -> String {
  unsafe String(cString: utf8proc_unicode_version())
}

/// Two-letter general category, such as `Lu` (Unicode 4.5, table 4-4).
package func generalCategory(_ scalar: Unicode.Scalar) -> String {
  unsafe String(cString: utf8proc_category_string(Int32(bitPattern: scalar.value)))
}

/// Whether the general category is L (letter).
package func isLetter(_ scalar: Unicode.Scalar) -> Bool {
  let value = scalar.value
  if value < 0x80 { return value | 0x20 >= 0x61 && value | 0x20 <= 0x7A }
  if isHangulSyllable(scalar) { return true }
  return category(scalar, isIn: UTF8PROC_CATEGORY_LU.rawValue...UTF8PROC_CATEGORY_LO.rawValue)
}

/// Whether the general category is M (mark).
package func isMark(_ scalar: Unicode.Scalar) -> Bool {
  category(scalar, isIn: UTF8PROC_CATEGORY_MN.rawValue...UTF8PROC_CATEGORY_ME.rawValue)
}

/// Whether the general category is N (number).
package func isNumber(_ scalar: Unicode.Scalar) -> Bool {
  let value = scalar.value
  if value < 0x80 { return value >= 0x30 && value <= 0x39 }
  return category(scalar, isIn: UTF8PROC_CATEGORY_ND.rawValue...UTF8PROC_CATEGORY_NO.rawValue)
}

/// Whether the general category is P (punctuation).
package func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
  category(scalar, isIn: UTF8PROC_CATEGORY_PC.rawValue...UTF8PROC_CATEGORY_PO.rawValue)
}

/// Whether the general category is S (symbol).
package func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
  category(scalar, isIn: UTF8PROC_CATEGORY_SM.rawValue...UTF8PROC_CATEGORY_SO.rawValue)
}

/// Whether the property White_Space holds (Unicode PropList).
package func isSpace(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09...0x0D, 0x20, 0x85, 0xA0: true
  case 0..<0x1680: false
  default:
    category(scalar, isIn: UTF8PROC_CATEGORY_ZS.rawValue...UTF8PROC_CATEGORY_ZP.rawValue)
  }
}

/// Whether the general category is Lu or Lt.
package func isUppercase(_ scalar: Unicode.Scalar) -> Bool {
  let found = utf8proc_category(Int32(bitPattern: scalar.value))
  return found == UTF8PROC_CATEGORY_LU || found == UTF8PROC_CATEGORY_LT
}

/// Whether the scalar is a precomposed Hangul syllable.
package func isHangulSyllable(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value >= 0xAC00 && scalar.value <= 0xD7A3
}

/// Canonical combining class, 0 for most scalars.
package func combiningClass(_ scalar: Unicode.Scalar) -> Int {
  unsafe Int(utf8proc_get_property(Int32(bitPattern: scalar.value)).pointee.combining_class)
}

private func category(
  _ scalar: Unicode.Scalar, isIn range: ClosedRange<UInt32>
) -> Bool {
  range.contains(utf8proc_category(Int32(bitPattern: scalar.value)).rawValue)
}
