/// Asks each output record in file order; a clean run is one `pass` finding.
///
/// - Parameters:
///   - evidence: The evidence with its outputs.
///   - judge: The findings of one record; none where nothing is wrong.
/// - Returns: At least one finding.
func perRecord(_ evidence: Evidence, _ judge: (OutputRecord) -> [Finding]) -> [Finding] {
  let records = evidence.outputs ?? []
  if records.isEmpty { return [Finding(.insufficientEvidence, Reason(.nothingToJudge))] }
  let findings = records.flatMap(judge)
  return findings.isEmpty ? [Finding(.pass, Reason(.clean, String(records.count)))] : findings
}

/// Unicode scalars before each byte position of a text that starts a scalar.
func scalarOffset(ofByte byte: Int, in text: String) -> Int {
  var scalars = 0
  for (index, unit) in text.utf8.enumerated() {
    if index >= byte { break }
    if unit & 0xC0 != 0x80 { scalars += 1 }
  }
  return scalars
}
