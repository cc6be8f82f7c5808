import Foundation
import KernelLog
import Testing

@testable import FailureAnalysis

/// Causes told from reports that our own machines make, each brought into its shortage on purpose: other sizes, nodes,
/// orders, masks and kernels than the logs that the rules were first held to.
@Suite struct HeldOutCauseTests {
    private static let causes: [Cause] = [
        .fragmentation, .reservesExhausted, .belowMinNoReserve, .memoryFull, .zoneExhausted, .nodeFullThisNode,
        .nodemask,
        .cpuset, .mempolicy, .memorylessNode, .movableOnly, .lowmemReserve, .highAtomic, .watermarkBoost,
        .cmaOnly, .processMemory, .mlocked, .tmpfs,
        .slabLeak, .pageTables, .hugetlb, .forkBomb, .pageLeak,
    ]

    /// More by hand: `NUMAZONES_HELD_OUT=40`.
    private static let count =
        ProcessInfo.processInfo.environment["NUMAZONES_HELD_OUT"].flatMap { UInt64($0) } ?? 4

    @Test("the cause is told of a shortage that no log was there to learn from", arguments: causes)
    func causeIsTold(_ truth: Cause) throws {
        let seeds = UInt64(0)..<Self.count
        var misses: [String] = []
        for seed in seeds {
            let text = try HeldOutCase(truth, seed: seed).report.text
            let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: text))
            let told = analyses.map(\.cause)
            if told != [truth] {
                misses.append(
                    "seed \(seed): \(told.map(\.rawValue)); \(analyses.first.map { "\($0.verdict)" } ?? "no report")")
            }
        }
        #expect(
            misses.isEmpty, "\(truth.rawValue): \(misses.count) of \(seeds.count)\n\(misses.joined(separator: "\n"))")
    }
}
