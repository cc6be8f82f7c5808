import BuddyEngine
import TestSupport
import Testing
import Topology

@testable import KernelLog

@Suite struct ReportSnapshotTests {
    @Test func `A snapshot has the report's amounts, in pages, its marks without the boost`() throws {
        let report = try #require(LogScanner.reports(in: LogFixture.atomic).first)
        let (snapshot, notes) = report.snapshot()
        #expect(snapshot.topology.architecture == .amd64 && snapshot.topology.kernel.description == "6.1")
        #expect(snapshot.zones.map(\.span.kind) == [.dma, .dma32])
        let zone = snapshot.zones[1]
        #expect(zone.span.start == 4096 && zone.span.present == 245_632 / 4 && zone.span.managed == 188_764 / 4)
        // /proc/zoneinfo of the same boot says: boost 512 of these, min 405, low 506, high 607.
        #expect(zone.watermarks == WatermarkValues(min: 405, low: 506, high: 607, boost: 512))
        #expect(zone.lowmemReserve == [0, 0, 0, 0, 0] && snapshot.zones[0].lowmemReserve == [0, 174, 174, 174, 174])
        #expect(zone.freePages == 148 && zone.perCPUPages == 136)
        guard case .counts(let counts) = zone.free else {
            Issue.record("no counts")
            return
        }
        #expect(counts.map(\.total) == [2, 3, 1, 1, 2, 3, 0, 0, 0, 0, 0])
        #expect(counts[0].presentTypes == [.unmovable, .movable] && counts[6].presentTypes == [])
        #expect(!notes.isEmpty && snapshot.notes == notes)
    }

    @Test(.enabled(if: SharedMaterial.has("corpus/dmesg")))
    func `zones of every report lie side by side within their nodes`() throws {
        for path in LogCorpus.dmesg + LogCorpus.wrapped {
            let report = try #require(LogScanner.reports(in: try LogCorpus(path).bytes).first)
            let (snapshot, _) = report.snapshot()
            #expect(snapshot.zones.count == report.memory?.zones.count, "\(path)")
            let spans = snapshot.zones.map(\.span).sorted { $0.start < $1.start }
            #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start }, "\(path)")
            for zone in snapshot.zones {
                let node = try #require(snapshot.topology.nodes.first { $0.id == zone.span.node })
                #expect(zone.span.present == 0 || node.memory.contains { $0.contains(zone.span.start) }, "\(path)")
                #expect(zone.span.managed <= zone.span.present && zone.span.present <= zone.span.spanned, "\(path)")
            }
        }
    }
}
