import Foundation
import Simulation

var exact = 0
var total = 0
var ops = 0
var seconds = 0.0
let checks = CommandLine.arguments.contains("--check")
for path in CommandLine.arguments.dropFirst() where !path.hasPrefix("--") {
    let t0 = Date()
    let recording = try Recording.load(path)
    let load = Date().timeIntervalSince(t0)
    let result = Verifier.verify(recording, checksInvariants: checks)
    switch result.outcome {
    case .exact: exact += 1; total += 1
    case .skipped(let why): print(result.name, "skipped", why)
    case .differs(let d):
        total += 1
        print("\(result.name)  differs at operation \(d.operation)/\(result.total): \(d.what)\n    expected \(d.expected)\n    got      \(d.got)")
    }
    ops += result.operations; seconds += result.seconds
    _ = load
}
print("\(exact) of \(total) exact, \(ops) operations, \(Double(ops) / max(seconds, 1e-9) / 1e6) M/s")
