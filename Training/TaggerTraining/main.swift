// `TaggerTraining NOTES RESOURCES OUTPUT [--rounds N] [--without K/N]`: trains the tagger on marked
// notes and writes its data file. `--without 1/4` leaves out every fourth file, from the second on,
// to measure on.
//
// The same notes, word lists and rounds give the same file.

import Deidentification
import MedaiCore
import SystemPackage

struct Usage: Error {}
var paths: [String] = []
var rounds = 16
var without: (Int, Int)?
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--rounds": rounds = arguments.popFirst().flatMap { Int($0) } ?? rounds
  case "--without":
    let parts = (arguments.popFirst() ?? "").split(separator: "/").compactMap { Int($0) }
    if parts.count == 2 { without = (parts[0], parts[1]) }
  default: paths.append(argument)
  }
}
guard paths.count == 3 else {
  print("TaggerTraining NOTES RESOURCES OUTPUT [--rounds N] [--without K/N]")
  throw Usage()
}

let notes = try MarkedNote.read(FilePath(paths[0]), without: without)
let resources = FilePath(paths[1])
let detectors = try Detectors(resources: resources)
let variation = try Variation(resources: resources)
var numbers = SeededNumbers(seed: 20_261_124)
var training = ChainTraining(rate: 0.12, decay: 2e-5)

/// The tag of each unit.
func tags(_ input: TaggerInput, _ spans: [(range: Range<Int>, type: IdentifierType)]) -> [UInt8] {
  var tags = [UInt8](repeating: 0, count: input.count)
  var next = 0
  for unit in 0..<input.count {
    let bytes = input.bytes(unit..<unit + 1)
    while next < spans.count, spans[next].range.upperBound <= bytes.lowerBound { next += 1 }
    guard next < spans.count, spans[next].range.lowerBound <= bytes.lowerBound else { continue }
    let kind = TagSet.kind(of: spans[next].type)
    let isFirst =
      unit == 0 || input.bytes(unit - 1..<unit).lowerBound < spans[next].range.lowerBound
    tags[unit] = UInt8(isFirst ? TagSet.begin(kind) : TagSet.inside(kind))
  }
  return tags
}

for round in 0..<rounds {
  var loss = 0.0
  for note in notes.shuffled(using: &numbers) {
    let variant = round % 4 == 3 ? note : variation.varied(note, &numbers)
    let plain = variant.plain
    let withRules = Int.random(in: 0..<5, using: &numbers) > 0
    let input = detectors.taggerInput(for: plain.text, withRules: withRules)
    let leavingOut = Set(
      (1..<TaggerFeatures.width).filter { _ in Int.random(in: 0..<4, using: &numbers) == 0 })
    loss += training.learn(input, tags(input, plain.spans), leavingOut: leavingOut)
  }
  if round >= rounds / 2 { training.sum() }
  let mean = fixedPoint(loss / Double(max(1, notes.count)), decimals: 5)
  print("round \(round + 1): loss \(mean)")
}
try writeDurably(training.model(scale: 16).bytes, to: FilePath(paths[2]))
