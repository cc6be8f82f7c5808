import BuddyEngine
import GFP
import Testing
import Topology

@testable import KernelLog

/// What is written as a kernel of some version prints it is read again as it was meant.
@Suite struct WrittenReportTests {
    private static let releases = [
        "2.6.32", "3.2.0-4-amd64", "3.10.0", "3.16.0-4-amd64", "4.4.0-142-generic", "4.9.0-8-amd64", "4.14.35",
        "4.19.0-21-amd64", "5.4.0-150-generic", "5.10.0-28-amd64", "5.15.0-91-generic", "6.1.0-28-amd64",
        "6.12.9-amd64", "6.17.0", "7.2.0", "7.3.0",
    ]

    private static let events: [WrittenReport.Event] = [.failure, .kill(victim: 1), .stall(milliseconds: 12_000)]

    /// A zone of 100 MiB with free blocks of order 0, 3 and 9.
    private static var snapshot: Snapshot {
        var topology = Topology(
            architecture: .amd64, kernel: KernelVersion(6, 1), nodes: [.init(id: 0, cpus: [0, 1])])
        topology.maximumOrder = 10
        var counts = (0...10).map { _ in FreeCount(total: 0, byType: [:]) }
        counts[0] = FreeCount(total: 17, byType: [.unmovable: 5, .movable: 12])
        counts[3] = FreeCount(total: 2, byType: [.highAtomic: 2])
        counts[9] = FreeCount(total: 1, byType: [.movable: 1])
        let zone = ZoneSnapshot(
            span: ZoneSpan(
                node: 0, kind: .dma32, start: PageFrame(4096), spanned: 25_600, present: 25_600, managed: 25_000),
            watermarks: WatermarkValues(min: 300, low: 375, high: 450), lowmemReserve: [0, 0, 0, 0],
            freePages: 17 + 16 + 512, free: .counts(counts), reservedHighAtomic: 512)
        return Snapshot(topology: topology, zones: [zone])
    }

    private static func report(_ event: WrittenReport.Event, _ release: String) -> WrittenReport {
        var report = WrittenReport(
            event, snapshot, release: release, gfp: .GFP_KERNEL.union([.noRetry, .comp]), order: 2)
        report.use.anonymous = 9000
        report.use.slabUnreclaimable = 700
        report.use.totalSwap = 4096
        report.tasks = [.init(pid: 7, name: "small", anonymous: 10), .init(pid: 100, name: "worker", anonymous: 9000)]
        report.trace = ["warn_alloc", "__alloc_pages", "alloc_pages", "test_request"]
        return report
    }

    @Test(arguments: releases)
    func `a report is read as it was written`(_ release: String) throws {
        for event in Self.events {
            let written = Self.report(event, release)
            guard written.isPrinted else { continue }
            let reports = LogScanner.reports(in: written.text)
            #expect(reports.count == 1, "\(release) \(event): \(reports.map(\.header))")
            let report = try #require(reports.first)
            #expect(report.kernelRelease == release)
            #expect(report.order == 2)
            let layout = GFPLayout.layout(for: try #require(KernelVersion(release)))
            #expect(
                report.gfp?.number.map { layout.modernized(layout.flags(fromKernelValue: $0).flags) } == written.gfp)
            let zone = try #require(report.memory?.zones.first)
            #expect(zone.free == 545 * 4 && zone.min == 1200 && zone.freeBlocksSum == 545 * 4)
            #expect(zone.freeBlocksState == .complete && zone.lowmemReserve == [0, 0, 0, 0])
            #expect(report.memory?.counters["inactive_anon"] == 9000 && report.memory?.totalSwap == 4096)
            #expect(report.memory?.pageTotals["RAM"] == 25_600)
            #expect(report.notes.isEmpty, "\(release) \(event): \(report.notes)")
            if case .kill = event {
                #expect(report.tasks.map(\.name) == ["small", "worker"] && report.tasks.last?.residentPages == 9000)
                #expect(report.oom?.victims.map(\.pid) == [100])
            }
        }
    }

    @Test(arguments: releases)
    func `the era told from the form is the writer's`(_ release: String) throws {
        let version = try #require(KernelVersion(release))
        for event in Self.events {
            var written = Self.report(event, release)
            guard written.isPrinted else { continue }
            written.release = release
            let text = written.text.split(separator: "\n").filter { !$0.contains("tainted") }.joined(separator: "\n")
            let report = try #require(LogScanner.reports(in: text).first)
            #expect(report.kernelRelease == nil)
            let era = report.era
            let isWithin = era.first <= version && era.end.map { version < $0 } ?? true
            #expect(isWithin, "\(release) \(event): told as \(era)")
        }
    }

    @Test func `a silent request prints nothing, and a stall only where kernels report stalls`() {
        var silent = Self.report(.failure, "6.1.0")
        silent.gfp.insert(.noWarn)
        #expect(!silent.isPrinted)
        #expect(!Self.report(.stall(milliseconds: 10_000), "6.1.0").isPrinted)
        #expect(Self.report(.stall(milliseconds: 10_000), "4.9.0").isPrinted)
    }
}
