internal import Auditing
internal import Cryptography
internal import MedaiCore
internal import Presentation
internal import Settings
public import SystemPackage

/// The folder of the log that the settings name.
func auditFolder(_ context: JobContext) -> FilePath { context.path(.auditLog) ?? "AuditLogs" }

/// Keys that the caller trusts: one verifier line in a file.
func trustedKeys(_ path: FilePath?) throws -> [VerifierKey] {
  guard let path else { return [] }
  return [try reading(path) { try VerifierKey(line: try readFile($0, maxBytes: 4096)) }]
}

/// What a verification is given from outside.
public struct VerifyRequest: Sendable {
  /// A pack to verify instead of the log.
  let pack: FilePath?
  /// A report that the trail must say was issued.
  let report: FilePath?
  /// Verifier line of a trusted key.
  let publicKey: FilePath?
  /// A checkpoint that was kept elsewhere.
  let against: FilePath?
  /// Certificates that may issue a time-stamping authority's (PEM).
  let timestampAuthorities: FilePath?
  /// Certificates that may issue a sealing certificate (PEM).
  let sealAuthorities: FilePath?
  /// Trusted logs, witnesses and quorum (tlog-policy).
  let policy: FilePath?
  /// Where the evidence lies; beside the log where left out.
  let anchors: FilePath?
  /// Whether an unanchored tail makes the log incomplete.
  let requireAnchored: Bool
  /// Whether the outcome is printed as JSON.
  let asJSON: Bool

  /// A wish for a verification.
  public init(
    pack: FilePath?, report: FilePath?, publicKey: FilePath?, against: FilePath?,
    timestampAuthorities: FilePath?, sealAuthorities: FilePath?, policy: FilePath?,
    anchors: FilePath?, requireAnchored: Bool, asJSON: Bool
  ) {
    self.pack = pack
    self.report = report
    self.publicKey = publicKey
    self.against = against
    self.timestampAuthorities = timestampAuthorities
    self.sealAuthorities = sealAuthorities
    self.policy = policy
    self.anchors = anchors
    self.requireAnchored = requireAnchored
    self.asJSON = asJSON
  }
}

/// Verifies the log and says in words what holds and where the guarantee ends.
public func verifyAuditLog(_ request: VerifyRequest, context: JobContext) throws -> JobResult {
  let policy = try request.policy.map { path in
    try reading(path) { try WitnessPolicy(try readFile($0, maxBytes: 1 << 20)) }
  }
  let keys = try trustedKeys(request.publicKey) + (policy?.logs ?? [])
  let kept = try request.against.map { path in
    try reading(path) { try Checkpoint.open(readFile($0, maxBytes: 1 << 16), trusting: keys) }
  }
  if let anchors = request.anchors, !fileExists(anchors) {
    throw FileError(.list, anchors, .noSuchFileOrDirectory)
  }
  let trust = AnchorTrust(
    timestampAuthorities: try certificates(request.timestampAuthorities),
    sealAuthorities: try certificates(request.sealAuthorities), policy: policy)
  let catalog = try eventCatalog()
  let verification: LogVerification
  if let pack = request.pack {
    verification = try verifyAnchoredPack(
      pack, anchors: request.anchors, trust: trust, trustedKeys: keys, against: kept,
      catalog: catalog, requireAnchored: request.requireAnchored)
  } else {
    verification = try verifyAnchoredLog(
      folder: auditFolder(context), anchors: request.anchors, trust: trust, trustedKeys: keys,
      against: kept, catalog: catalog, requireAnchored: request.requireAnchored)
  }
  var statuses = [verification.verdict.status]
  var json = verification.json.object ?? JSONObject()
  var text = verification.summary(context.language)
  // The vault belongs to the log, not to a pack of it.
  if request.pack == nil, let vault = try checkNamedVault(verification, context) {
    statuses.append(vault.status)
    json.append("vault", vault.json)
    text += vault.summary(context.language)
  }
  if let report = request.report {
    let finding = try reportFinding(
      report, pack: request.pack, verification, context: context)
    if !finding.isLogged { statuses.append(.integrity) }
    json.append("report", finding.json)
    text += finding.text
  }
  guard request.asJSON else { return JobResult(text, statuses) }
  return JobResult(output: JSONValue.object(json).encoded(.pretty) + [0x0A], statuses: statuses)
}

/// Prints the log's signed head.
public func printCheckpoint(context: JobContext) throws -> JobResult {
  let reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  return JobResult(output: reader.note)
}

/// Writes the proof that one entry is in the log (C2SP tlog-proof).
public func proveEntry(
  _ entry: Int, output: FilePath, context: JobContext
) throws -> JobResult {
  try refuse(outputs: [output], equalTo: [], context)
  var reader = try LogReader.open(folder: auditFolder(context), catalog: try eventCatalog())
  guard entry >= 0, entry < reader.checkpoint.size else {
    throw Failure(
      .missing,
      Bilingual(
        ko: "로그에 그런 항목이 없습니다. 항목은 0부터 \(reader.checkpoint.size - 1)까지입니다.",
        en: "the log has no such entry; entries run from 0 to \(reader.checkpoint.size - 1)."))
  }
  try writeDurably(try reader.proof(of: entry).bytes, to: output)
  return JobResult()
}

extension LogVerdict {
  /// How a verification ends the program.
  var status: ExitStatus {
    switch self {
    case .intact: .done
    case .tampered, .rolledBackOrForked: .integrity
    case .selfConsistent, .untrustedKey: .untrusted
    case .incomplete: .incomplete
    }
  }

  /// The verdict as a sentence.
  var sentence: Bilingual {
    switch self {
    case .intact:
      Bilingual(
        ko: "온전함: 모든 항목이 서명된 체크포인트와 맞고, 서명은 신뢰한 키의 것이다.",
        en: "intact: every entry fits the signed checkpoint, and a key you trust signed it.")
    case .selfConsistent:
      Bilingual(
        ko: "내부 일치만 확인: 로그 안에서는 어긋남이 없으나, 신뢰하는 키가 주어지지 않았다.",
        en: "self-consistent only: nothing contradicts itself, but no trusted key was given.")
    case .tampered:
      Bilingual(
        ko: "변조됨: 서명된 것과 다른 항목이나 구조가 있다.",
        en: "tampered: something is not what was signed.")
    case .rolledBackOrForked:
      Bilingual(
        ko: "되돌려졌거나 갈라짐: 따로 보관한 체크포인트의 과거가 이 로그에 없다.",
        en: "rolled back or forked: the past that the kept checkpoint vouches for is not here.")
    case .untrustedKey:
      Bilingual(
        ko: "신뢰하지 않는 키: 신뢰한 키가 서명하지 않았다.",
        en: "untrusted key: no key you trust signed this.")
    case .incomplete:
      Bilingual(
        ko: "불완전: 이 판의 프로그램이 모르는 항목이 있거나, 요구된 고정(anchor)이 없다.",
        en: "incomplete: there are entries this version does not know, or a required anchor is "
          + "missing.")
    }
  }
}

extension GuaranteeLimit {
  /// What the log cannot vouch for.
  var sentence: Bilingual {
    switch self {
    case .stolenKey:
      Bilingual(
        ko: "서명 키를 가진 사람은 고정되지 않은 부분을 통째로 다시 쓸 수 있다.",
        en: "whoever holds the signing key can rewrite the part that is not anchored.")
    case .unanchoredTail:
      Bilingual(
        ko: "고정되지 않은 끝부분이 잘려 나가도 이 로그만으로는 알 수 없다. 체크포인트를 다른 곳에 보관하라.",
        en: "this log alone cannot show that an unanchored tail was cut off; keep a checkpoint "
          + "elsewhere.")
    case .claimedTime:
      Bilingual(
        ko: "시각은 기록한 컴퓨터의 주장이다.", en: "times are what the recording machine claimed.")
    case .stampedTime:
      Bilingual(
        ko: "시점확인된 크기까지의 항목은 그 시각에 있었다. 그 밖의 시각은 기록한 컴퓨터의 주장이다.",
        en: "entries up to the stamped size existed at the stamp's time; all other times are what "
          + "the recording machine claimed.")
    case .notLogged:
      Bilingual(
        ko: "기록되지 않은 일이 없었다는 증거는 아니다.",
        en: "it is no evidence that nothing happened outside the log.")
    case .contentsNotOpened:
      Bilingual(
        ko: "약속값 뒤의 내용은 열어 보지 않았다.",
        en: "the contents behind the commitments were not opened.")
    case .noTrustedKey:
      Bilingual(
        ko: "로그를 서명한 키가 누구의 것인지는 확인되지 않았다 (--public-key).",
        en: "whose key signed the log was not checked (--public-key).")
    }
  }
}

extension LogVerification {
  /// Which entries evidence from outside holds, and which it does not.
  private var rangesText: Bilingual {
    func span(_ range: Range<Int>) -> String {
      range.isEmpty ? "-" : "\(range.lowerBound)…\(range.upperBound - 1)"
    }
    var text = Bilingual(
      ko: "고정된 항목 \(span(anchored)), 고정되지 않은 항목 \(span(unanchored))",
      en: "anchored entries \(span(anchored)), unanchored entries \(span(unanchored))")
    for range in doubtful {
      text = Bilingual(
        ko: text.ko + "\n도난 신고된 키만 서명했던 항목 \(span(range))",
        en: text.en + "\nentries that only a key reported stolen had signed: \(span(range))")
    }
    return text
  }

  /// The verdict, the head, problems and limits as text.
  func summary(_ language: Language) -> String {
    var text = verdict.sentence[language] + "\n"
    if let checkpoint {
      text +=
        Bilingual(
          ko: "로그 \(checkpoint.origin.text), 항목 \(entries)개, 체크포인트 크기 \(checkpoint.size)",
          en:
            "log \(checkpoint.origin.text), \(entries) entries, checkpoint size \(checkpoint.size)")[
          language]
      text += "\n" + Bilingual(ko: "루트", en: "root")[language] + " \(checkpoint.root.hex)\n"
      text += rangesText[language] + "\n"
    }
    text += anchorSummary(language)
    for problem in problems {
      let place = problem.entry.map { "#\($0)" } ?? "-"
      let file = problem.path.map { " \(visible($0))" } ?? ""
      text += "! \(place) \(problem.reason.rawValue)\(file)\n"
    }
    if problemCount > problems.count { text += "! … \(problemCount)\n" }
    for note in notes {
      let place = note.entry.map { "#\($0) " } ?? ""
      text += "· \(place)\(note.code.rawValue)\n"
    }
    text += Bilingual(ko: "보증이 끝나는 곳:", en: "where the guarantee ends:")[language] + "\n"
    for limit in limits { text += "  - " + limit.sentence[language] + "\n" }
    return text
  }
}

extension LogVerification {
  /// What outside evidence covers, and what became of each piece.
  private func anchorSummary(_ language: Language) -> String {
    var text = ""
    if anchoredThrough > 0 {
      text +=
        Bilingual(
          ko: "밖에서 붙잡아 둔 크기 \(anchoredThrough), 그 뒤의 항목 \(max(0, entries - anchoredThrough))개",
          en: "anchored through size \(anchoredThrough); "
            + "\(max(0, entries - anchoredThrough)) entries after it are not")[language] + "\n"
    }
    if let stamped {
      text +=
        Bilingual(
          ko: "시점확인: 크기 \(stamped.size)까지 \(stamped.time.text) 에 있었음",
          en: "time-stamped: up to size \(stamped.size) existed at \(stamped.time.text)")[language]
        + "\n"
    }
    for anchor in anchors {
      let mark =
        switch anchor.state {
        case .valid: "+"
        case .untrusted: "?"
        case .invalid: "!"
        }
      let claimed = Bilingual(ko: " (주장한 시각)", en: " (claimed)")[language]
      let moment = (anchor.time?.text ?? "") + (anchor.timeBasis == .claimed ? claimed : "")
      let told = anchor.fault.map { $0.sentence[language] } ?? moment
      text += "\(mark) \(visible(anchor.file)) \(visible(anchor.holder ?? "")) \(told)\n"
    }
    return text
  }
}
