import Deidentification
import Glibc
import MedaiCore
import SystemPackage

// `DeidBenchmark NOTES…`: speed of detection on one core over marked notes, and how well it finds.
//
//   --except 05   leave out notes whose id ends in one of these digits
//   --only 05     take only those
//   --errors      print every difference (never with --only)
//   --resources   word lists of another folder
var notes: [GoldNote] = []
var except = ""
var only = ""
var errors = false
var resources: FilePath?
var paths: [String] = []
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--except": except = arguments.popFirst() ?? ""
  case "--only": only = arguments.popFirst() ?? ""
  case "--errors": errors = true
  case "--resources": resources = arguments.popFirst().map { FilePath($0) }
  default: paths.append(argument)
  }
}
for path in paths {
  notes += try GoldNote.read(FilePath(path)).filter { note in
    guard let last = note.id.last else { return true }
    return !except.contains(last) && (only.isEmpty || only.contains(last))
  }
}
let detectors = try Detectors(resources: resources)
if paths.isEmpty {
  // Without notes: explain standard input.
  var text: [UInt8] = []
  var reader = try ChunkReader("-")
  while let chunk = try reader.next() { text += chunk }
  for item in detectors.explain(in: text) {
    let surface = String(decoding: text[item.span.start..<item.span.end], as: UTF8.self)
    print(
      item.verdict, item.span.type.rawValue, item.span.detector, item.span.permille, surface,
      item.evidenceFor, item.evidenceAgainst)
  }
}
var tally = EvaluationTally()
for note in notes {
  let found = detectors.spans(in: note.text)
  tally.add(note, found)
  if errors && only.isEmpty { printDifferences(note, found) }
}
tally.report()

// Speed: the notes repeated to about 8 MB, each searched by itself; processor time, because the
// machine may be shared.
let noteBytes = notes.reduce(0) { $0 + $1.text.count }
if noteBytes > 0 {
  let rounds = max(1, 8_000_000 / noteBytes)
  var spans = 0
  let begin = clock()
  for _ in 0..<rounds {
    for note in notes { spans += detectors.spans(in: note.text).count }
  }
  let seconds = Double(clock() - begin) / Double(CLOCKS_PER_SEC)
  let rate = Double(rounds * noteBytes) / seconds / 1e6
  print("speed \(fixed(rate, 1)) MB/s on one core, \(spans / rounds) spans a round")
}
