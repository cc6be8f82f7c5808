import BuddyEngine
import FailureAnalysis
import GFP
import Testing
import Topology

@testable import Report

@Suite struct MarkCheckWordsTests {
    private func check(boost: Int) throws -> MarkCheck {
        let zones = [0, boost].enumerated().map { index, boost in
            ZoneSnapshot(
                span: ZoneSpan(
                    node: NodeID(index), kind: .normal, start: PageFrame(1 << 20 + index << 18), spanned: 100_000,
                    present: 100_000, managed: 100_000),
                watermarks: WatermarkValues(min: 1000, low: 1250, high: 1500, boost: boost))
        }
        var topology = Topology(nodes: [Topology.Node(id: 0, cpus: [0]), Topology.Node(id: 1, cpus: [1])])
        topology.sysctls.minFreeKbytes = 8000
        return try #require(MarkCheck(Snapshot(topology: topology, zones: zones)))
    }

    @Test func `only a mark that does not follow has a sentence`() throws {
        #expect(try check(boost: 0).sentences.isEmpty)
        let sentences = try check(boost: 512).sentences
        #expect(sentences.count == 1 && sentences.first?.contains("boosted it by 512") == true)
    }
}
