import Simulation
import TestSupport
import Testing

@Suite("Live recordings on a machine with an LRU")
struct LiveVerifierTests {
    static let names = ["k61-live-cache-order0", "k61-live-oom", "k61-live-order9"].flatMap {
        [$0, $0.replacing("k61", with: "k612")]
    }

    @Test("Outcomes agree up to the first reclaim and at the end", arguments: names)
    func outcomes(_ name: String) throws {
        let path = "oracle/recordings/\(name).json.gz"
        guard SharedMaterial.has(path) else { return }
        let result = try LiveVerifier.verify(Recording.load(SharedMaterial.path(path)))
        #expect(result.agreesUpToReclaim, "first difference: \(result.firstDifference.map(String.init) ?? "none")")
        #expect(result.finalOutcomeAgrees)
        #expect(result.outcomesAgree > 0.8)
        #expect(result.kills.recorded == result.kills.emulated)
    }

    @Test("6.12 under page cache: every counter within a factor of 2")
    func counters() throws {
        let path = "oracle/recordings/k612-live-cache-order0.json.gz"
        guard SharedMaterial.has(path) else { return }
        let result = try LiveVerifier.verify(Recording.load(SharedMaterial.path(path)))
        for counter in result.counters { #expect(counter.isClose, "\(counter)") }
        #expect(result.counters.contains { $0.name == "pgsteal_kswapd" && $0.recorded > 50_000 })
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        hasPrefix(part) ? other + dropFirst(part.count) : self
    }
}
