import Simulation
import TestSupport
import Testing

/// Live recordings on machines with an LRU.
@Suite(.enabled(if: SharedMaterial.has("oracle/recordings/k61-live-oom.json.gz")))
struct LiveVerifierTests {
    static let names = ["k61", "k612"].flatMap { kernel in
        ["cache-order0", "oom", "order9"].map { "\(kernel)-live-\($0)" }
    }

    private func verify(_ name: String) throws -> LiveVerificationResult {
        let file = SharedMaterial.root.appendingPathComponent("oracle/recordings/\(name).json.gz")
        return try LiveVerifier.verify(Recording.load(file.path))
    }

    @Test(arguments: names)
    func `outcomes agree up to the first reclaim and at the end`(name: String) throws {
        let result = try verify(name)
        #expect(result.agreesUpToReclaim, "first difference: \(result.firstDifference.map(String.init) ?? "none")")
        #expect(result.finalOutcomeAgrees)
        #expect(result.outcomesAgree > 0.8)
        #expect(result.kills.recorded == result.kills.emulated)
    }

    @Test func `every counter of 6.12 under page cache is within a factor of two`() throws {
        let result = try verify("k612-live-cache-order0")
        for counter in result.counters { #expect(counter.isClose, "\(counter)") }
        #expect(result.counters.contains { $0.name == "pgsteal_kswapd" && $0.recorded > 50_000 })
    }
}
