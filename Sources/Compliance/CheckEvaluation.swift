public import MedaiCore

/// An output record with what people say each check should find in it.
public struct LabelledRecord: Sendable {
  /// The record.
  public let record: OutputRecord
  /// Check id and whether the check should find a fault.
  public let labels: [(check: String, isFaulty: Bool)]

  /// Reads one line: an output record with `"labels": {"output.ai-notice": true, …}`.
  ///
  /// - Throws: `EvidenceError` with the line.
  public init(_ bytes: [UInt8], line: Int) throws(EvidenceError) {
    record = try OutputRecord(bytes, line: line)
    let value: JSONValue
    do throws(JSONError) { value = try parseJSON(bytes) } catch {
      throw .json(line: line, error)
    }
    guard let members = value["labels"]?.object?.members else {
      throw .missing(line: line, field: "labels")
    }
    var labels: [(check: String, isFaulty: Bool)] = []
    for member in members {
      guard let isFaulty = member.value.bool,
        allChecks.contains(where: { sameBytes($0.id, member.key) })
      else { throw .badType(line: line, field: "labels") }
      labels.append((check: member.key, isFaulty: isFaulty))
    }
    self.labels = labels
  }
}

/// How often a check agrees with people.
public struct CheckScore: Sendable {
  /// The check.
  public let check: String
  /// Faults found that people see too.
  public internal(set) var truePositives = 0
  /// Faults found that people do not see.
  public internal(set) var falsePositives = 0
  /// Faults missed.
  public internal(set) var falseNegatives = 0
  /// Clean records left alone.
  public internal(set) var trueNegatives = 0

  /// Share of found faults that are faults; `nil` where nothing was found.
  public var precision: Double? { share(truePositives, of: truePositives + falsePositives) }
  /// Share of faults that were found; `nil` where there was none.
  public var recall: Double? { share(truePositives, of: truePositives + falseNegatives) }

  init(check: String) { self.check = check }

  private func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }

  /// The score as `medai check evaluate --json` writes it.
  public var json: JSONObject {
    func number(_ value: Double?) -> JSONValue {
      value.map { .number(JSONNumber($0, decimals: 4)) } ?? .null
    }
    return [
      "check": .string(check), "true_positives": .integer(truePositives),
      "false_positives": .integer(falsePositives), "false_negatives": .integer(falseNegatives),
      "true_negatives": .integer(trueNegatives), "precision": number(precision),
      "recall": number(recall),
    ]
  }
}

/// Compares checks with labels; a check finds a fault where it says `fail` or `partial`.
///
/// - Parameters:
///   - labelled: The records with their labels.
///   - evidence: What else the checks may read; its outputs are replaced record by record.
///   - tools: Wording rules and the identifier scan.
/// - Returns: One score for each check that has a label, in the binary's order.
public func evaluate(
  _ labelled: [LabelledRecord], evidence: Evidence = Evidence(), tools: CheckTools
) -> [CheckScore] {
  var scores: [CheckScore] = []
  for check in allChecks {
    var score = CheckScore(check: check.id)
    var judged = 0
    for item in labelled {
      guard let label = item.labels.first(where: { sameBytes($0.check, check.id) }) else {
        continue
      }
      judged += 1
      var evidence = evidence
      evidence.outputs = [item.record]
      guard check.reads.allSatisfy({ evidence.has($0) }) else { continue }
      let isFound = check.run(evidence, tools).contains {
        $0.record != nil && ($0.verdict == .fail || $0.verdict == .partial)
      }
      switch (isFound, label.isFaulty) {
      case (true, true): score.truePositives += 1
      case (true, false): score.falsePositives += 1
      case (false, true): score.falseNegatives += 1
      case (false, false): score.trueNegatives += 1
      }
    }
    if judged > 0 { scores.append(score) }
  }
  return scores
}
