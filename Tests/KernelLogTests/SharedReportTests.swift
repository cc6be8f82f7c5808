import Foundation
import TestSupport
import Testing

@testable import KernelLog

/// Every report of the public logs and of the project's own kernels is read to the last figure.
@Suite struct SharedReportTests {
    /// Holds for any log: what an independent count finds in the text is in the reports, and sums come out.
    private func checkComplete(_ log: LogCorpus) throws -> [FailureReport] {
        let reports = LogScanner.reports(in: log.bytes)
        let zones = reports.flatMap { $0.memory?.zones ?? [] }
        #expect(zones.count { $0.high != nil } == log.markLines, "\(log.path)")
        #expect(zones.count { $0.freeBlocks != nil } == log.freeBlockLines, "\(log.path)")
        #expect(zones.count { $0.lowmemReserve != nil } == log.reserveLines, "\(log.path)")
        #expect(reports.reduce(0) { $0 + ($1.memory?.nodes.count ?? 0) } == log.nodeLines, "\(log.path)")
        #expect(reports.reduce(0) { $0 + ($1.memory?.hugePages.count ?? 0) } == log.hugePageLines, "\(log.path)")
        for zone in zones {
            #expect(
                zone.free != nil && zone.min != nil && zone.low != nil && zone.present != nil,
                "\(log.path) \(zone.name)")
            #expect(
                zone.freeBlocksTotal != nil && zone.freeBlocksSum == zone.freeBlocksTotal, "\(log.path) \(zone.name)")
            #expect(zone.kind != nil, "\(log.path) \(zone.name)")
        }
        let blocks = zones.flatMap { $0.freeBlocks ?? [] }
        #expect(blocks.count == log.freeBlockOrders, "\(log.path)")
        #expect(blocks.count { $0.letters?.isEmpty == false } == log.freeBlockLetters, "\(log.path)")
        let memories = reports.compactMap(\.memory)
        #expect(memories.count { $0.counters["active_anon"] != nil && $0.counters["free"] != nil } == log.counterBlocks)
        #expect(memories.count { $0.pageTotals["RAM"] != nil } == log.sizeLines)
        #expect(reports.reduce(0) { $0 + $1.tasks.count } == log.taskRows, "\(log.path)")
        for report in reports { #expect(report.notes.isEmpty, "\(log.path): \(report.notes)") }
        return reports
    }

    @Test(
        .enabled(if: SharedMaterial.has("corpus/dmesg")),
        arguments: LogCorpus.dmesg)
    func `public reports are read completely`(path: String) throws {
        let log = try LogCorpus(path)
        let reports = try checkComplete(log)
        let report = try #require(reports.first)
        #expect(reports.count == 1, "\(reports.map { "\($0.line) \($0.kind)" })")
        let row = try #require(
            try String(
                contentsOf: SharedMaterial.root.appendingPathComponent("corpus/dmesg/index.tsv"), encoding: .utf8
            )
            .split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
            .first { path.hasSuffix("/" + $0[0]) })
        let kinds: [Substring: FailureReport.Kind] = [
            "oom": .oomKill, "alloc-fail": .pageAllocationFailure, "vmalloc-fail": .vmallocFailure,
            "show-mem": .sysrqShowMemory,
        ]
        #expect(report.kind == kinds[row[3]])
        if let order = Int(row[4]) { #expect(report.order == order) }
        let gfp = report.gfp.map { "0x" + String($0.number ?? 0, radix: 16) + ($0.names.map { "(\($0))" } ?? "") }
        if row[5] != "?" { #expect(gfp.map { $0[...] } == row[5]) }
        #expect(report.kernelRelease == (row[1].isEmpty || row[1] == "?" ? nil : String(row[1])))
        let nodes = Set((report.memory?.zones ?? []).map(\.node))
        #expect(String(nodes.count) == row[6])
        let zones = Set((report.memory?.zones ?? []).map(\.name))
        #expect(zones == Set(row[7].split(separator: "+").map(String.init)))
        // The index has only the name's last word, and none for some.
        if row[14].count > 1, let name = report.process?.name { #expect(name == row[14].trimmingCharacters(in: [":"])) }
        #expect(report.process != nil || report.kind == .sysrqShowMemory)
    }

    @Test(
        .enabled(if: SharedMaterial.has("corpus/dmesg-wrapped")),
        arguments: LogCorpus.wrapped)
    func `folded reports are read completely`(path: String) throws {
        let log = try LogCorpus(path)
        let reports = try checkComplete(log)
        let report = try #require(reports.first)
        #expect(reports.count == 1, "\(reports.map { "\($0.line) \($0.kind)" })")
        #expect(report.kernelRelease != nil && report.gfp != nil && report.process != nil)
    }

    @Test(
        .enabled(if: SharedMaterial.has("oracle/failures")),
        arguments: LogCorpus.failures)
    func `recorded failures are read completely`(path: String) throws {
        let log = try LogCorpus(path)
        let reports = try checkComplete(log)
        #expect(!reports.isEmpty)
        let truth = try FailureTruth(of: path)
        let failures = reports.filter { $0.kind == .pageAllocationFailure }
        #expect(
            failures.map {
                [$0.process?.name ?? "", "\($0.order ?? -99)", "0x" + String($0.gfp?.number ?? 0, radix: 16)]
            }
                == truth.in_log.page_allocation_failures)
        let invocations = reports.filter { $0.header.contains("invoked oom-killer") }
        #expect(
            invocations.map {
                [
                    $0.process?.name ?? "", "0x" + String($0.gfp?.number ?? 0, radix: 16), $0.gfp?.names ?? "",
                    "\($0.order ?? -99)",
                ]
            } == truth.in_log.oom_invocations)
        let victims = reports.flatMap { $0.oom?.victims ?? [] }.sorted { $0.line < $1.line }
        #expect(victims.map { ["\($0.pid)", $0.name] } == truth.in_log.oom_killed)
        #expect(victims.allSatisfy { $0.kibibytes["anon-rss"] != nil && $0.uid == 0 })
        #expect(reports.compactMap { $0.oom?.constraint } == truth.in_log.constraints)
        let release = truth.release.split(separator: " ").first.map(String.init)
        #expect(
            reports.allSatisfy {
                $0.kernelRelease == release || $0.missing.contains(.kernelRelease) && $0.callTrace.isEmpty
            })
    }

    @Test(
        .enabled(if: SharedMaterial.has("oracle/failures/variants")),
        arguments: LogCorpus.variants)
    func `other forms of a log give the same reports`(path: String) throws {
        let name = try #require(path.split(separator: "/").last?.split(separator: ".").first)
        let plain = LogScanner.reports(in: try LogCorpus("oracle/failures/\(name).log").bytes)
        let other = LogScanner.reports(in: try LogCorpus(path).bytes)
        #expect(plain.count == other.count)
        for (var left, var right) in zip(plain, other) {
            for field in [\FailureReport.line, \.lastLine] {
                left[keyPath: field] = 0
                right[keyPath: field] = 0
            }
            left.timestamp = nil
            left.stateTimestamp = nil
            right.timestamp = nil
            right.stateTimestamp = nil
            for index in left.oom?.victims.indices ?? 0..<0 { left.oom?.victims[index].line = 0 }
            for index in right.oom?.victims.indices ?? 0..<0 { right.oom?.victims[index].line = 0 }
            for index in left.slub.indices { left.slub[index].line = 0 }
            for index in right.slub.indices { right.slub[index].line = 0 }
            #expect(left == right)
        }
    }
}
