import Foundation
import KernelLog
import TestSupport
import Testing

@testable import FailureAnalysis

/// A damaged log is told as the whole one is, or not at all: never with another cause.
@Suite struct DamageTests {
    private static let logs =
        SharedMaterial.files(in: "oracle/failures", endingIn: ".log").filter {
            !$0.hasSuffix(".boot.log") && !$0.contains("variants/")
        } + SharedMaterial.files(in: "corpus/dmesg", endingIn: ".txt")
        + SharedMaterial.files(in: "corpus/dmesg-wrapped", endingIn: ".txt")

    /// All twenty ways for each log by hand: `NUMAZONES_DAMAGE=20`; otherwise one way for each eighth log.
    private static let ways =
        ProcessInfo.processInfo.environment["NUMAZONES_DAMAGE"].flatMap { Int($0) }

    private static func causes(_ text: String) -> [Cause] {
        FailureAnalysis.analyses(of: LogScanner.reports(in: text)).map(\.cause)
    }

    @Test(.enabled(if: !logs.isEmpty))
    func `a damaged log is told alike or not at all`() throws {
        var told = 0
        var untold = 0
        var wrong: [String] = []
        for (index, path) in Self.logs.enumerated() where Self.ways != nil || index % 8 == 5 {
            let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            let whole = String(decoding: bytes, as: UTF8.self)
            let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let truth = Set(Self.causes(whole))
            for turn in 0..<(Self.ways ?? 1) {
                let way = LogDamage.allCases[(index + turn) % LogDamage.allCases.count]
                let seed = UInt64(index * 64 + turn)
                for cause in Self.causes(way.applied(to: lines, seed: seed)) {
                    if cause == .unknown {
                        untold += 1
                    } else if truth.contains(cause) {
                        told += 1
                    } else {
                        wrong.append("\(path), \(way), seed \(seed): \(cause.rawValue), not \(truth.map(\.rawValue))")
                    }
                }
            }
        }
        print("damage: \(told) alike, \(untold) not told, \(wrong.count) otherwise")
        for line in wrong { print("damage: \(line)") }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        #expect(told > untold / 2)
    }
}
