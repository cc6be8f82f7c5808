import BuddyEngine
import GFP
import Testing
import Topology

@testable import FailureAnalysis

@Suite struct MarkCheckTests {
    /// Two zones of one size, 1000 pages each of `min_free_kbytes`.
    private func snapshot(second: WatermarkValues, minFree: Int? = 8000) -> Snapshot {
        let plain = WatermarkValues(min: 1000, low: 1250, high: 1500)
        let zones = [plain, second].enumerated().map { index, marks in
            ZoneSnapshot(
                span: ZoneSpan(
                    node: NodeID(index), kind: .normal, start: PageFrame(1 << 20 + index << 18), spanned: 100_000,
                    present: 100_000, managed: 100_000),
                watermarks: marks)
        }
        var topology = Topology(nodes: [Topology.Node(id: 0, cpus: [0]), Topology.Node(id: 1, cpus: [1])])
        topology.sysctls.minFreeKbytes = minFree
        return Snapshot(topology: topology, zones: zones)
    }

    @Test func `plain marks follow`() throws {
        let check = try #require(MarkCheck(snapshot(second: WatermarkValues(min: 1000, low: 1250, high: 1500))))
        #expect(check.zones.map(\.finding) == [.follows, .follows])
    }

    @Test func `a printed boost explains a mark`() throws {
        let check = try #require(
            MarkCheck(snapshot(second: WatermarkValues(min: 1000, low: 1250, high: 1500, boost: 512))))
        #expect(check.zones[1].finding == .boosted)
        #expect(check.zones[1].boost == 512)
    }

    @Test func `a boost shows in marks that keep their distances`() throws {
        for minFree in [8000, nil] {
            let check = try #require(
                MarkCheck(snapshot(second: WatermarkValues(min: 1512, low: 1762, high: 2012), minFree: minFree)))
            #expect(check.zones.map(\.finding) == [.follows, .boosted])
            #expect(check.zones[1].boost == 512)
            #expect(check.isInferred == (minFree == nil))
        }
    }

    @Test func `marks of another rule are not called a boost`() throws {
        let check = try #require(MarkCheck(snapshot(second: WatermarkValues(min: 3000, low: 9000, high: 15_000))))
        #expect(check.zones[1].finding == .differs)
    }
}
