// `TaggerTraining NOTES OUTPUT [ROUNDS]`: trains the tagger on marked notes and writes its data file.
//
// The same notes, rules and rounds give the same file on the same machine.

import Deidentification
import MedaiCore
import SystemPackage

let arguments = CommandLine.arguments
guard arguments.count >= 4 else {
  print("TaggerTraining NOTES RESOURCES OUTPUT [ROUNDS]")
  throw Usage()
}
struct Usage: Error {}

let notes = try MarkedNote.read(FilePath(arguments[1]))
let resources = FilePath(arguments[2])
let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 12 : 12
let detectors = try Detectors(resources: resources)
let variation = try Variation(resources: resources)
var numbers = SeededNumbers(seed: 20_261_124)
var training = ChainTraining(rate: 0.12, decay: 2e-5, care: 0.0)

/// The tag of each unit.
func tags(_ input: TaggerInput, _ spans: [(range: Range<Int>, type: IdentifierType)]) -> [UInt8] {
  var tags = [UInt8](repeating: 0, count: input.count)
  var next = 0
  for unit in 0..<input.count {
    let bytes = input.bytes(unit..<unit + 1)
    while next < spans.count, spans[next].range.upperBound <= bytes.lowerBound { next += 1 }
    guard next < spans.count, spans[next].range.lowerBound <= bytes.lowerBound else { continue }
    let kind = TagSet.kind(of: spans[next].type)
    let isFirst = unit == 0 || input.bytes(unit - 1..<unit).lowerBound < spans[next].range.lowerBound
    tags[unit] = UInt8(isFirst ? TagSet.begin(kind) : TagSet.inside(kind))
  }
  return tags
}

for round in 0..<rounds {
  var loss: Float = 0
  for note in notes.shuffled(using: &numbers) {
    let variant = round == rounds - 1 ? note : variation.varied(note, &numbers)
    let plain = variant.plain
    let withRules = Int.random(in: 0..<5, using: &numbers) > 0
    let input = detectors.taggerInput(for: plain.text, withRules: withRules)
    let leavingOut = Set((1..<TaggerFeatures.width).filter { _ in
      Int.random(in: 0..<4, using: &numbers) == 0
    })
    loss += training.learn(input, tags(input, plain.spans), leavingOut: leavingOut)
  }
  print("round \(round + 1): loss \(fixedPoint(Double(loss) / Double(max(1, notes.count)), decimals: 5))")
}
try writeDurably(training.model(scale: 16).bytes, to: FilePath(arguments[3]))
