import BuddyEngine
import GFP
import PageAllocator
import Testing
import Topology

@testable import FailureAnalysis

@Suite struct AllocationForecastTests {
    private func forecast(free blocks: Int, _ gfp: GFPFlags, order: Order = 0) throws -> AllocationForecast {
        let zone = ZoneSnapshot(
            span: ZoneSpan(
                node: 0, kind: .normal, start: PageFrame(1 << 20), spanned: 1 << 18, present: 1 << 18, managed: 1 << 18),
            watermarks: WatermarkValues(min: 1000, low: 1250, high: 1500), lowmemReserve: [0, 0, 0, 0, 0],
            freePages: blocks, free: .counts([FreeCount(total: blocks)]))
        let topology = Topology(nodes: [
            Topology.Node(id: 0, cpus: [0], memory: [PageFrame(1 << 20)..<PageFrame(1 << 20 + 1 << 18)])
        ])
        return try AllocationForecast(
            AllocationRequest(gfp, order: order), on: Snapshot(topology: topology, zones: [zone]))
    }

    @Test func `the margin is what lies above the mark`() throws {
        #expect(try forecast(free: 3000, .GFP_KERNEL).requestsLeft == 2000)
    }

    @Test func `an urgent request may go lower`() throws {
        // 1000 - 500 - 125 stay.
        #expect(try forecast(free: 3000, .GFP_ATOMIC).requestsLeft == 2625)
    }

    @Test func `without blocks nothing is left`() throws {
        let forecast = try forecast(free: 3000, .GFP_KERNEL, order: 3)
        #expect(forecast.requestsLeft == 0)
        #expect(forecast.explanation.frame == nil)
    }
}
