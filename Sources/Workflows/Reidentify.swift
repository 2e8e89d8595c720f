internal import Auditing
internal import Cryptography
internal import Deidentification
internal import MedaiCore
internal import Presentation
internal import Settings
internal import SystemPackage

/// What a re-identification is asked.
public struct ReidentifyRequest: Sendable {
  let place: ReidentificationPlace
  let token: String?
  let reason: String
  let approval: String?

  /// A request from the command's options.
  public init(
    _ place: ReidentificationPlace, token: String?, reason: String, approval: String?
  ) {
    self.place = place
    self.token = token
    self.reason = reason
    self.approval = approval
  }
}

/// Turns a released token back into what it stands for, on record.
///
/// The entry is durable before the vault is asked, whether or not it knows the token.
///
/// - Parameters:
///   - request: Vault, token, reason.
///   - context: Settings that name log and signer.
/// - Returns: One JSON line for each link.
/// - Throws: `Failure` 66 where the vault does not know the token; errors of vault, signer and log.
public func reveal(_ request: ReidentifyRequest, context: JobContext) throws -> JobResult {
  guard let token = request.token else { throw noToken }
  let (reason, approval) = try codes(request)
  let vault = try openLinks(request)
  let recorder = try Recorder.open(context, withoutAudit: false)
  try recorder.append(
    .reidentifyReveal(
      keyID: identifier(vault.key.id), subject: vault.links.logToken(of: Array(token.utf8)),
      reason: reason, approval: approval))
  try recorder.close()
  let found = try vault.links.links(of: Array(token.utf8), kinds: TokenLink.kinds)
  guard !found.isEmpty else {
    throw Failure(
      .missing,
      Bilingual(
        ko: "재식별 보관소에 없는 토큰입니다. 이 조회는 감사 기록에 남았습니다.",
        en: "the re-identification vault does not know this token; the attempt is on record."))
  }
  let lines = found.flatMap { link in
    JSONValue.object([
      "token": .string(token), "kind": .string(link.kind),
      "original": .string(String(decoding: link.original, as: UTF8.self)),
    ]).encoded(.compact) + [0x0A]
  }
  return JobResult(output: lines)
}

/// Erases the links of a token, or destroys the whole vault, on record.
///
/// - Parameters:
///   - request: Vault, token, reason.
///   - all: Whether the vault is destroyed; without it the request names a token.
///   - context: Settings that name log and signer.
/// - Returns: `{"erased": N}`.
/// - Throws: Errors of vault, signer and log; nothing is erased that is not on record.
public func eraseLinks(
  _ request: ReidentifyRequest, all: Bool, context: JobContext
) throws -> JobResult {
  let (reason, approval) = try codes(request)
  guard all || request.token != nil else { throw noToken }
  let vault = try openLinks(request)
  let recorder = try Recorder.open(context, withoutAudit: false)
  let token = request.token.map { Array($0.utf8) }
  try recorder.append(
    .reidentifyErase(
      keyID: identifier(vault.key.id), scope: all ? .all : .token, reason: reason,
      subject: all ? nil : token.map { vault.links.logToken(of: $0) }, approval: approval))
  try recorder.close()
  let erased =
    try all
    ? vault.links.destroy() : vault.links.erase(token ?? [], kinds: TokenLink.kinds)
  return JobResult(
    output: JSONValue.object(["erased": .integer(erased)]).encoded(.compact) + [0x0A])
}

private func openLinks(
  _ request: ReidentifyRequest
) throws -> (key: VaultKey, links: ReidentificationVault) {
  let key = try VaultKey.load(request.place.key)
  return (key, try ReidentificationVault.open(request.place.vault, key: key, mayCreate: false))
}

/// Reason and approval as codes: a sentence could name the person it is about.
private func codes(
  _ request: ReidentifyRequest
) throws -> (reason: Auditing.Identifier, approval: Auditing.Identifier?) {
  (try code(request.reason, "--reason"), try request.approval.map { try code($0, "--approval") })
}

private var noToken: Failure {
  Failure(
    .usage,
    Bilingual(
      ko: "토큰이 지정되지 않았습니다.", en: "no token is named."))
}
