// Speed of one model on this machine: load, a prompt, a generation, and beside them what the
// processor and the memory give by themselves.
//
//   EngineBenchmark MODEL.gguf [threads = 2] [prompt = 512] [generate = 64] [isa = auto]
//
// Prints JSON. Wall-clock seconds are the best of three; CPU seconds tell what a machine shared
// with others would give alone.

import Cryptography
import Glibc
import Inference
import MedaiCore
import SystemPackage

/// CPU seconds of all threads of this process so far.
func cpuSeconds() -> Double {
  var usage = rusage()
  unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
  let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) * 1e-6
  return user + Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) * 1e-6
}

/// Most memory this process has had, in bytes.
func peakBytes() -> Int {
  var usage = rusage()
  unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
  return usage.ru_maxrss * 1024
}

/// Best wall-clock and CPU seconds of three runs.
func best(_ body: () throws -> Void) rethrows -> (wall: Double, cpu: Double) {
  var result = (wall: Double.infinity, cpu: Double.infinity)
  for _ in 0..<3 {
    let cpu = cpuSeconds()
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    result.wall = min(result.wall, (clock.now - start) / .seconds(1))
    result.cpu = min(result.cpu, cpuSeconds() - cpu)
  }
  return result
}

let arguments = CommandLine.arguments
func number(_ index: Int, _ fallback: Int) -> Int {
  arguments.count > index ? Int(arguments[index]) ?? fallback : fallback
}
guard arguments.count > 1 else {
  print("usage: EngineBenchmark MODEL.gguf [threads] [prompt] [generate] [isa]")
  exit(64)
}
let threads = max(1, number(2, 2))
let promptCount = max(1, number(3, 512))
let generateCount = max(1, number(4, 64))
let isa = arguments.count > 5 ? ISAChoice(rawValue: arguments[5]) ?? .auto : .auto

let clock = ContinuousClock()
let start = clock.now
let model = try Model.open(FilePath(arguments[1]), isa: isa, threads: threads)
let loadSeconds = (clock.now - start) / .seconds(1)
let session = try Session(
  model, capacity: min(model.info.contextLength, promptCount + generateCount))
// Any tokens do: the work does not depend on them. Multiples of a prime, so that none repeats.
let ids = (0..<promptCount).map { Int32((7 + 7_919 * $0) % model.info.vocabSize) }

var digest = ""
let prompt = try best {
  session.rewind(to: 0)
  digest = Session.digest(of: try session.prefill(ids)).hex
}
let generation = try best {
  session.rewind(to: promptCount)
  for _ in 0..<generateCount { try session.prefill([7]) }
}
let peak = peakBytes()
let rates = machineRates()

let tokens = Double(promptCount)
let generated = Double(generateCount)
let result: JSONValue = .object([
  "model_sha256": .string(model.info.sha256.hex),
  "isa": .string(model.isa.rawValue),
  "threads": .integer(threads),
  "prompt": .integer(promptCount),
  "generate": .integer(generateCount),
  "load_seconds": .number(JSONNumber(loadSeconds, decimals: 3)),
  "prompt_tokens_per_second": .number(JSONNumber(tokens / prompt.wall, decimals: 1)),
  "prompt_cpu_seconds": .number(JSONNumber(prompt.cpu, decimals: 3)),
  "generate_tokens_per_second": .number(JSONNumber(generated / generation.wall, decimals: 1)),
  "generate_cpu_seconds": .number(JSONNumber(generation.cpu, decimals: 3)),
  "peak_rss_bytes": .integer(peak),
  "kernel_gops_one_thread": .number(JSONNumber(rates.kernelOperations / 1e9, decimals: 1)),
  "copy_gigabytes_per_second": .number(JSONNumber(rates.copyBytes / 1e9, decimals: 1)),
  "logits_sha256": .string(digest),
])
print(String(decoding: result.encoded(.pretty), as: UTF8.self))
