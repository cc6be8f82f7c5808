import Foundation
import LogTrials
import TestSupport
import Testing

/// A damaged log is told as the whole one is, or not at all: never with another cause. A sample of one way for each eighth
/// log: `trials damage` of the benchmarks runs all of them, in release.
@Suite struct DamageTests {
    private static let logs =
        SharedMaterial.files(in: "oracle/failures", endingIn: ".log").filter {
            !$0.hasSuffix(".boot.log") && !$0.contains("variants/")
        } + SharedMaterial.files(in: "corpus/dmesg", endingIn: ".txt")
        + SharedMaterial.files(in: "corpus/dmesg-wrapped", endingIn: ".txt")

    @Test(.enabled(if: !logs.isEmpty))
    func `a damaged log is told alike or not at all`() throws {
        var trial = DamageTrial()
        for (index, path) in Self.logs.enumerated() where index % 8 == 5 {
            let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            let way = LogDamage.allCases[index % LogDamage.allCases.count]
            trial.run(
                DamageTrial.Log(String(decoding: bytes, as: UTF8.self), named: path), way, seed: UInt64(index * 64))
        }
        #expect(trial.misses.isEmpty, "\(trial.misses.joined(separator: "\n"))")
        #expect(trial.alike > trial.untold / 2)
    }
}
