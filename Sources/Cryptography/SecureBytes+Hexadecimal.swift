internal import MedaiCore

extension SecureBytes {
  /// The secret that this text of hexadecimal digits spells; `nil` where it is no such text.
  public func decodedHex() throws(SecureMemoryError) -> SecureBytes? {
    guard count.isMultiple(of: 2) else { return nil }
    let isHex = withBytes { text in text.indices.allSatisfy { hexDigitValue(text[$0]) != nil } }
    guard isHex else { return nil }
    do {
      return try unsafe SecureBytes(capacity: count / 2) { target in
        withBytes { text in
          for place in 0..<count / 2 {
            let (high, low) = (hexDigitValue(text[2 * place]), hexDigitValue(text[2 * place + 1]))
            unsafe target[place] = (high ?? 0) << 4 | (low ?? 0)
          }
        }
        return count / 2
      }
    } catch {
      throw .exhausted
    }
  }

  /// A text in the secure heap: a lead that is no secret, then this secret in lower-case
  /// hexadecimal digits and a line feed.
  public func hexLine(after lead: String) throws(SecureMemoryError) -> SecureBytes {
    let lead = Array(lead.utf8)
    let total = lead.count + 2 * count + 1
    do {
      return try unsafe SecureBytes(capacity: total) { target in
        unsafe target.copyBytes(from: lead)
        withBytes { bytes in
          for place in 0..<count {
            let start = lead.count + 2 * place
            unsafe target[start] = digit(bytes[place] >> 4)
            unsafe target[start + 1] = digit(bytes[place] & 15)
          }
        }
        unsafe target[total - 1] = 0x0A
        return total
      }
    } catch {
      throw .exhausted
    }
  }
}

private func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }
