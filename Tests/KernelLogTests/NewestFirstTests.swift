import BuddyEngine
import GFP
import Testing
import Topology

@testable import KernelLog

/// Logs that were printed with their newest line first (`journalctl -r`, log viewers).
@Suite struct NewestFirstTests {
    private static func kill(_ release: String, tasks: Int, order: Int = 0) -> WrittenReport {
        var topology = Topology(
            architecture: .amd64, kernel: KernelVersion(6, 1), nodes: [.init(id: 0, cpus: [0, 1])])
        topology.maximumOrder = 10
        var counts = (0...10).map { _ in FreeCount(total: 0, byType: [:]) }
        counts[0] = FreeCount(total: 200, byType: [.movable: 200])
        let zone = ZoneSnapshot(
            span: ZoneSpan(
                node: 0, kind: .dma32, start: PageFrame(4096), spanned: 25_600, present: 25_600, managed: 25_000),
            watermarks: WatermarkValues(min: 300, low: 375, high: 450), lowmemReserve: [0, 0, 0, 0], freePages: 200,
            free: .counts(counts))
        var report = WrittenReport(
            .kill(victim: 0), Snapshot(topology: topology, zones: [zone]), release: release,
            gfp: .GFP_HIGHUSER_MOVABLE, order: order)
        report.use.anonymous = 20_000
        report.trace = ["dump_header", "oom_kill_process", "out_of_memory", "__alloc_pages", "handle_mm_fault"]
        report.tasks = (0..<tasks).map { .init(pid: 100 + $0, name: "task\($0 % 9)", anonymous: 20_000 / tasks) }
        return report
    }

    private static func reversed(_ text: String, _ prefix: (Int) -> String = { _ in "" }) -> String {
        let lines = text.split(separator: "\n").reversed().enumerated().map { prefix($0.offset) + $0.element }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Without what the order of lines itself changes.
    private static func essence(_ text: String) throws -> FailureReport {
        let reports = LogScanner.reports(in: text)
        try #require(reports.count == 1, "\(reports.map(\.kind))")
        var report = reports[0]
        (report.line, report.lastLine, report.timestamp) = (0, 0, nil)
        for index in report.oom?.victims.indices ?? 0..<0 { report.oom?.victims[index].line = 0 }
        return report
    }

    /// The table is longer than what is looked ahead at, and than any call trace.
    @Test(arguments: ["2.6.32", "3.10.0", "4.9.0-8-amd64", "4.19.0", "5.10.0", "6.12.9", "7.3.0"], [3, 30, 900])
    func `a kill with a table of tasks of any length is turned around`(_ release: String, _ tasks: Int) throws {
        let text = Self.kill(release, tasks: tasks).text
        let plain = try Self.essence(text)
        #expect(try Self.essence(Self.reversed(text)) == plain)
        let stamped = Self.reversed(text) { "Mar 02 00:00:\($0 % 50 + 10) host kernel: " }
        #expect(try Self.essence(stamped) == plain)
        #expect(plain.tasks.count == tasks && plain.memory?.zones.count == 1)
    }

    @Test func `several kills in one log come out whole`() throws {
        let texts = (0..<4).map { _ in Self.kill("6.1.0", tasks: 400).text }
        let reports = LogScanner.reports(in: Self.reversed(texts.joined(separator: "[    9.000000] eth0: link up\n")))
        #expect(reports.count == 4)
        #expect(reports.allSatisfy { $0.tasks.count == 400 && $0.memory?.zones.count == 1 && $0.order == 0 })
        #expect(reports.allSatisfy { $0.oom?.victims.count == 1 && $0.oom?.constraint == "CONSTRAINT_NONE" })
    }

    @Test func `kills one after the other in the order of time are not turned around`() throws {
        let texts = (0..<3).map { _ in Self.kill("6.1.0", tasks: 40).text }
        let reports = LogScanner.reports(in: texts.joined())
        #expect(reports.count == 3 && reports.allSatisfy { $0.tasks.count == 40 && $0.oom?.victims.count == 1 })
    }
}
