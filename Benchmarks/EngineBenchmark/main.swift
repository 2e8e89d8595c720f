import Cryptography
import Inference
import SystemPackage

let a = CommandLine.arguments
let clock = ContinuousClock()
let t0 = clock.now
let m = try Model.open(FilePath(a[1]), isa: ISAChoice(rawValue: a[2])!, threads: Int(a[3])!)
print("load", clock.now - t0, m.info)
let n = Int(a[4])!
let s = try Session(m, batch: a.count > 6 ? Int(a[6])! : 128)
let p = m.tokenizer.encode(String(repeating: "The patient was given 5 mg of the drug. 환자는 회복하였다. ", count: 60)).prefix(n)
for _ in 0..<3 {
s.rewind(to: 0)
let t1 = clock.now
let l = try s.prefill(Array(p))
let d1 = clock.now - t1
print("prefill", d1, Double(n) / (d1 / .seconds(1)), Session.digest(of: l).hex)
}
let g = Int(a[5])!
let t2 = clock.now
let out = try s.generate(Array(p), maxTokens: g, stopTokens: [])
let d2 = clock.now - t2
print("generate", Double(g) / (d2 / .seconds(1)), out.logitsDigest.hex)
let r = try m.renderChat(system: nil, user: "What is the capital of France?")
let o2 = try s.generate(r.tokens, maxTokens: 40, stopTokens: r.stopTokens)
print(r.tokens, String(decoding: o2.text, as: UTF8.self), o2.stopReason)
s.rewind(to: 0)
let lg = try s.prefill(r.tokens)
let fd = try FileDescriptor.open(FilePath("/tmp/engine-ours.bin"), .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
_ = try unsafe lg.withUnsafeBytes { try unsafe fd.write($0) }
