public import Cryptography
internal import MedaiCore
internal import SystemPackage

/// The evidence about one size of a log.
struct AnchorJudge {
  /// The size that the files' names say.
  let size: Int
  private let folder: AnchorFolder
  private let trust: AnchorTrust
  private let note: Result<(bytes: [UInt8], checkpoint: Checkpoint), AnchorFault>
  private var anchors: [CheckedAnchor] = []
  private var cosigners: [VerifierKey] = []

  /// A token is a few kilobytes; this leaves room for long chains and revocation lists.
  private static let maxBytes = 1 << 20

  init(_ folder: AnchorFolder, size: Int, trust: AnchorTrust) throws(FileError) {
    self.folder = folder
    self.size = size
    self.trust = trust
    note = try Self.note(folder, size: size, trust: trust)
  }

  private static func note(
    _ folder: AnchorFolder, size: Int, trust: AnchorTrust
  ) throws(FileError) -> Result<(bytes: [UInt8], checkpoint: Checkpoint), AnchorFault> {
    guard fileExists(folder.note(size)) else { return .failure(.noteMissing) }
    let bytes: [UInt8]
    switch try read(folder.note(size), maxBytes: SignedNote.maxBytes) {
    case .success(let read): bytes = read
    case .failure(let fault): return .failure(fault == .malformed ? .noteMalformed : fault)
    }
    do throws(NoteError) {
      let note = try SignedNote(bytes)
      let checkpoint = try Checkpoint(text: note.text)
      guard checkpoint.size == size else { return .failure(.noteMalformed) }
      if !trust.logKeys.isEmpty { _ = try note.signers(among: trust.logKeys) }
      return .success((bytes, checkpoint))
    } catch {
      switch error {
      case .noKnownKey: return .failure(.noteNotSigned)
      case .badSignature: return .failure(.badSignature)
      default: return .failure(.noteMalformed)
      }
    }
  }

  /// The bytes of a plain file: a pipe in the folder must not stop a verifier for ever.
  private static func read(
    _ path: FilePath, maxBytes: Int
  ) throws(FileError) -> Result<[UInt8], AnchorFault> {
    // Nor one whose name is not UTF-8 and leads nowhere once it is text.
    guard (try? fileStatus(path))?.kind == .file else { return .failure(.malformed) }
    do throws(FileError) {
      return .success(try readFile(path, maxBytes: maxBytes))
    } catch {
      if error.code == .fileTooLarge { return .failure(.tooLarge) }
      throw error
    }
  }

  /// Judges one file.
  mutating func add(_ kind: AnchorKind, name: String) throws(FileError) {
    let bytes: [UInt8]
    switch try Self.read(folder.path.appending(name), maxBytes: Self.maxBytes) {
    case .success(let read): bytes = read
    case .failure(let fault):
      anchors.append(anchor(name, kind, nil, Finding(.invalid(fault))))
      return
    }
    let finding: Finding
    switch note {
    case .failure(let fault): finding = Finding(.invalid(fault))
    case .success(let note):
      switch kind {
      case .rfc3161: finding = judgeStamp(bytes, of: note.bytes)
      case .cms: finding = judgeSeal(bytes, of: note.bytes)
      case .witness: finding = judgeCosignature(bytes, of: note.checkpoint)
      case .printed: return
      }
    }
    anchors.append(anchor(name, kind, sha256(bytes), finding))
  }

  /// Everything judged; cosignatures count only together.
  func finished() -> [CheckedAnchor] {
    let isMet = trust.policy?.isMet(by: cosigners) ?? false
    return anchors.map { anchor in
      guard anchor.kind == .witness, anchor.isValid, !isMet else { return anchor }
      return anchor.with(.untrusted(.belowQuorum))
    }
  }

  // MARK: - Kinds

  /// What one file says of itself.
  private struct Finding {
    var state: CheckedAnchor.State
    var holder: String?
    var identifier: Identifier?
    var time: Timestamp?
    var basis: CheckedAnchor.TimeBasis?
    var policy: String?

    init(_ state: CheckedAnchor.State) { self.state = state }
  }

  private func judgeStamp(_ bytes: [UInt8], of note: [UInt8]) -> Finding {
    var request: TimestampRequest?
    if fileExists(folder.request(size)) {
      guard let bytes = try? Self.read(folder.request(size), maxBytes: 4096).get(),
        let read = try? TimestampRequest(der: bytes)
      else { return Finding(.invalid(.malformed)) }
      request = read
    }
    do throws(SealError) {
      let reply = try TimestampReply(der: bytes, others: trust.timestampAuthorities)
      try reply.check(imprint: sha256(note), request: request)
      var finding = Finding(state(reply.chain(trusting: trust.timestampAuthorities)))
      name(reply.signer, in: &finding)
      finding.time = reply.time
      finding.basis = .timestamp
      finding.policy = reply.policy
      return finding
    } catch {
      return Finding(.invalid(AnchorFault(error)))
    }
  }

  private func judgeSeal(_ bytes: [UInt8], of note: [UInt8]) -> Finding {
    do throws(SealError) {
      let seal = try DetachedSeal(der: bytes, of: note, others: trust.sealAuthorities)
      // What an authority stamped existed then: a certificate that was good at that moment sealed
      // nothing that could still be changed after it.
      let stamped = anchors.filter { $0.kind == .rfc3161 && $0.isValid }.compactMap(\.time).min()
      guard let time = stamped ?? seal.signingTime else { return Finding(.untrusted(.noTime)) }
      var finding = Finding(state(seal.chain(trusting: trust.sealAuthorities, at: time)))
      name(seal.signer, in: &finding)
      finding.time = time
      finding.basis = stamped == nil ? .claimed : .timestamp
      return finding
    } catch {
      return Finding(.invalid(AnchorFault(error)))
    }
  }

  private mutating func judgeCosignature(
    _ bytes: [UInt8], of checkpoint: Checkpoint
  ) -> Finding {
    do throws(NoteError) {
      let cosignature = try Cosignature(file: bytes)
      let known = trust.policy?.witnesses ?? []
      let witness = try cosignature.witness(among: known, of: checkpoint.text)
      if let witness { cosigners.append(witness) }
      var finding = Finding(witness == nil ? .untrusted(.unknownWitness) : .valid)
      finding.holder = cosignature.name
      finding.identifier = Identifier(replacingOthersIn: cosignature.name)
      finding.time = cosignature.time
      finding.basis = .claimed
      return finding
    } catch {
      return Finding(.invalid(error == .badSignature ? .badSignature : .malformed))
    }
  }

  private func name(_ signer: Certificate, in finding: inout Finding) {
    finding.holder = signer.subject
    finding.identifier = Identifier("sha256:" + signer.digest.hex)
  }

  private func state(_ chain: ChainVerdict) -> CheckedAnchor.State {
    switch chain {
    case .trusted: .valid
    case .unknownIssuer: .untrusted(.unknownIssuer)
    case .notValidThen: .invalid(.notValidThen)
    case .weak: .invalid(.weakAlgorithm)
    case .broken: .invalid(.brokenChain)
    }
  }

  private func anchor(
    _ name: String, _ kind: AnchorKind, _ evidence: Digest?, _ finding: Finding
  ) -> CheckedAnchor {
    CheckedAnchor(
      file: name, kind: kind, evidence: evidence, size: size,
      checkpoint: try? note.get().checkpoint, state: finding.state, holder: finding.holder,
      holderIdentifier: finding.identifier, time: finding.time, timeBasis: finding.basis,
      timestampPolicy: finding.policy)
  }
}

extension AnchorFault {
  /// Why a seal or a time stamp does not hold, as a fault of an anchor.
  public init(_ error: SealError) {
    self =
      switch error {
      case .malformed, .notMade: .malformed
      case .notGranted: .notGranted
      case .notOneSigner: .notOneSigner
      case .attached: .attached
      case .otherContent: .otherContent
      case .otherNonce: .otherNonce
      case .weakAlgorithm, .keyAlgorithm: .weakAlgorithm
      case .certificateMissing: .certificateMissing
      case .badSignature: .badSignature
      case .otherCertificate, .otherKey: .otherCertificate
      case .wrongUse: .wrongUse
      }
  }
}
