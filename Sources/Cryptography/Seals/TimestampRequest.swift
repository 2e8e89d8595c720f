internal import COpenSSL

/// A request to a time-stamping authority (RFC 3161): a digest, a number used once, and the wish to
/// have the certificate inside the answer.
public struct TimestampRequest: Sendable, Equatable {
  /// The request in DER, as a `.tsq` file holds it.
  public let der: [UInt8]
  /// SHA-256 of what is to be stamped.
  public let imprint: Digest
  /// The number, most significant byte first; empty where there is none.
  public let nonce: [UInt8]

  /// A new request.
  ///
  /// - Parameter imprint: SHA-256 of what is to be stamped.
  /// - Throws: `RandomnessError`.
  public init(imprint: Digest) throws(RandomnessError) {
    var nonce = try randomBytes(8)
    // Neither negative nor led by zeros, so that the number has one form everywhere.
    nonce[0] = nonce[0] & 0x3F | 0x40
    var output = [UInt8](repeating: 0, count: 256)
    let count = unsafe medai_request_write(
      imprint.bytes, nonce, Int32(nonce.count), &output, Int32(output.count))
    precondition(count > 0, "libcrypto wrote no request")
    der = Array(output[..<Int(count)])
    self.imprint = imprint
    self.nonce = nonce
  }

  /// Reads a request.
  ///
  /// - Throws: `SealError.malformed`; `weakAlgorithm` where the digest is not SHA-256.
  public init(der: [UInt8]) throws(SealError) {
    guard let request = unsafe medai_request_read(der, der.count) else { throw .malformed }
    defer { unsafe TS_REQ_free(request) }
    var bytes = [UInt8](repeating: 0, count: 32)
    guard unsafe medai_imprint(TS_REQ_get_msg_imprint(request), &bytes) == 1,
      let imprint = Digest(bytes: bytes)
    else { throw .weakAlgorithm }
    self.der = der
    self.imprint = imprint
    guard let nonce = unsafe readNonce(TS_REQ_get_nonce(request)) else { throw .malformed }
    self.nonce = nonce
  }
}

/// The bytes of a positive number; empty where there is none, `nil` where it is no such number.
@unsafe func readNonce(_ number: UnsafePointer<ASN1_INTEGER>?) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 64)
  let count = unsafe medai_nonce(number, &bytes, Int32(bytes.count))
  return count < 0 ? nil : Array(bytes[..<Int(count)])
}
