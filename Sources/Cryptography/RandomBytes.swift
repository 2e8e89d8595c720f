internal import COpenSSL

/// The operating system gave no random numbers.
public struct RandomnessError: Error {}

/// Random bytes for keys, from libcrypto's generator.
public func randomBytes(_ count: Int) throws(RandomnessError) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else { throw RandomnessError() }
  return bytes
}
