import TestSupport
import Testing

@testable import KernelLog

/// A log is untrusted: whatever its bytes, reading ends, within its limits, and the snapshot can be made.
@Suite struct LogMutationTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `no damage makes the reader fail`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for round in 0..<12 {
            var log = Array((LogFixture.all.randomElement(using: &random) ?? "").utf8)
            switch round % 6 {
            case 0: log.removeLast(Int.random(in: 0...log.count, using: &random))
            case 1:
                for _ in 0..<Int.random(in: 1...400, using: &random) {
                    let index = Int.random(in: log.indices, using: &random)
                    log[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
                }
            case 2: log = Array(log.split(separator: 0x0A).shuffled(using: &random).joined(separator: [0x0A]))
            case 3:
                // Every number becomes enormous, negative or nothing.
                let numbers = ["9223372036854775807", "18446744073709551616", "-1", "-9223372036854775808", "", "0"]
                let number = numbers.randomElement(using: &random) ?? ""
                let digit = Character(String(Int.random(in: 0...9, using: &random)))
                log = Array(String(decoding: log, as: UTF8.self).replacing(String(digit), with: number).utf8)
            case 4:
                let lines = log.split(separator: 0x0A)
                log = Array((lines + lines + lines.reversed()).joined(separator: [0x0A]))
            default:
                let cut = Int.random(in: log.indices, using: &random)
                log = Array(log[cut...] + log[..<cut])
                log.removeAll { $0 == 0x0A && Bool.random(using: &random) }
            }
            for report in LogScanner.reports(in: log) {
                #expect(report.line >= 1 && report.lastLine >= 1, "\(random)")
                #expect(report.callTrace.count <= LogLimits().frames, "\(random)")
                _ = report.processes
                let snapshot = report.snapshot().snapshot
                #expect(snapshot.zones.allSatisfy { $0.span.managed <= $0.span.present }, "\(random)")
            }
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `no damage makes the reader of boot logs fail`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            var log = Array(LogFixture.boot.utf8)
            for _ in 0..<Int.random(in: 1...2000, using: &random) {
                let index = Int.random(in: log.indices, using: &random)
                log[index] = UInt8(ascii: "0123456789abcdefx-[] \n".unicodeScalars.randomElement(using: &random) ?? "0")
            }
            let boot = BootLog(log)
            let topology = boot.machine().topology
            #expect(topology.nodes.map(\.id) == topology.nodes.map(\.id).sorted(), "\(random)")
        }
    }

    @Test func `lists are kept within their limits, which the notes say`() throws {
        let task = "[  123]     0   123   714 263 0 57344 0 0 sh\n"
        let log = LogFixture.cpuset.replacing("oom-kill:", with: String(repeating: task, count: 200) + "oom-kill:")
        let limits = LogLimits(entries: 20, frames: 3)
        let report = try #require(LogScanner.reports(in: log, limits: limits).first)
        #expect(report.callTrace.count == 3 && report.tasks.count <= 20)
        var scanner = LogScanner(limits: LogLimits(lineBytes: 1000))
        // A line that never ends, behind a trigger, is not kept.
        let endless = Array("Mem-Info: ".utf8) + Array(repeating: UInt8(ascii: "x"), count: 300_000)
        for _ in 0..<5 { #expect(scanner.scan(endless).isEmpty) }
        #expect(scanner.bufferedBytes < 100_000)
        #expect(scanner.finish().map(\.kind) == [.memoryInfo])
    }

    @Test func `between reports only a small piece of the log is kept`() {
        var scanner = LogScanner()
        let chunk = Array(
            String(repeating: "Mar  2 00:00:22 guest sshd[12]: nothing of interest here\n", count: 20_000).utf8)
        for _ in 0..<4 {
            #expect(scanner.scan(chunk).isEmpty)
            #expect(scanner.bufferedBytes <= 32 * 1024)
        }
        #expect(scanner.scan(Array(LogFixture.atomic.utf8)).isEmpty)
        #expect(scanner.finish().map(\.line) == [80_001])
    }
}
