import Testing

@testable import KernelLog

/// The same report comes out of each form that a log may have.
@Suite struct LogFormTests {
    /// A report without what the form itself changes.
    private func essence(_ log: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> FailureReport {
        let reports = LogScanner.reports(in: log)
        #expect(reports.count == 1, sourceLocation: sourceLocation)
        var report = try #require(reports.first, sourceLocation: sourceLocation)
        report.line = 0
        report.lastLine = 0
        report.timestamp = nil
        report.stateTimestamp = nil
        return report
    }

    private var lines: [Substring] { LogFixture.atomic.split(separator: "\n") }

    private func each(_ change: (Int, Substring) -> String) -> String {
        lines.enumerated().map(change).joined(separator: "\n")
    }

    /// The text behind `[    5.120864] `.
    private func bare(_ line: Substring) -> Substring { line.drop { $0 != "]" }.dropFirst(2) }

    /// With a caller behind the time stamp.
    private func tagged(_ line: Substring, _ caller: String) -> String {
        String(line.replacing("] ", with: "]\(caller) ", maxReplacements: 1))
    }

    @Test func `prefixes of loggers, consoles and mails are taken off`() throws {
        let plain = try essence(LogFixture.atomic)
        let forms: [String: String] = [
            "no time": each { String(bare($1)) },
            "levels": each { "<4>" + $1 },
            "bare levels": each { "<4>" + bare($1) },
            "human time": each { "[Mon Mar  2 00:00:22 2026] " + bare($1) },
            "caller": each { tagged($1, "[ T1778]") },
            "caller apart": each { tagged($1, " [    C3]") },
            "syslog": each { "Mar  2 00:00:22 guest kernel: " + $1 },
            "journal": each { "Mar 02 00:00:22 my-host.example kernel: " + bare($1) },
            "RFC 5424": each { "<4>1 2026-03-02T00:00:22.306131+00:00 guest kernel - - - " + $1 },
            "ISO": each { "2026-03-02T00:00:22+0000 guest kernel: " + bare($1) },
            "netconsole": each { "4,\(100 + $0),5120864,-;" + bare($1) },
            "netconsole with release": each { "6.1.0-56-amd64,4,\(100 + $0),5120864,-,caller=T9;" + bare($1) },
            "serial": each { $1 + "\r" },
            "serial twice": lines.joined(separator: "\r\r\n"),
            "quoted mail": each { "> >> " + $1 },
            "colours": each {
                "\u{1B}[32m[\u{1B}[0m" + $1.dropFirst().replacing("] ", with: "] \u{1B}[33m", maxReplacements: 1)
            },
            "container": each { "{\"log\":\"" + $1 + "\\n\",\"stream\":\"stdout\"}" },
            "journal bytes": each {
                $1.contains("Mem-Info")
                    ? String($1)
                    : "{\"PRIORITY\":\"4\",\"MESSAGE\":[" + bare($1).utf8.map(String.init).joined(separator: ",") + "]}"
            },
            "string literals": each { "\t\"" + bare($1) + "\"," },
            "tabs": each { "\t\t" + $1 },
        ]
        for name in forms.keys.sorted() {
            let report = try essence(forms[name] ?? "")
            #expect(report == plain, "\(name)")
        }
    }

    @Test func `every form that dmesg, journalctl, containers and consoles print a log in is read`() throws {
        let plain = try essence(LogFixture.atomic)
        let (date, clock) = ("2026-03-02", "00:00:22")
        func json(_ text: Substring) -> String {
            String(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        }
        let forms: [String: String] = [
            "journalctl short-precise": each { "Mar 02 \(clock).306131 my-host kernel: " + bare($1) },
            "journalctl short-full": each { "Mon \(date) \(clock) UTC my-host kernel: " + bare($1) },
            "journalctl short-iso-precise": each { "\(date)T\(clock).306131+0000 host kernel: " + bare($1) },
            "journalctl short-unix": each { "1772409622.306131 host kernel: " + bare($1) },
            "journalctl short-monotonic": each { "[    5.120864] host kernel: " + bare($1) },
            "journalctl verbose": each {
                "Mon \(date) \(clock).306131 UTC [s=abc;i=\($0)]\n    PRIORITY=4\n    MESSAGE=\(bare($1))\n    _HOSTNAME=g"
            },
            "journalctl export": each { "__CURSOR=s=abc;i=\($0)\nPRIORITY=4\nMESSAGE=\(bare($1))\n_HOSTNAME=guest\n" },
            "journalctl json-pretty": each { "{\n\t\"PRIORITY\" : \"4\",\n\t\"MESSAGE\" : \"\(json(bare($1)))\"\n}" },
            "dmesg -x": each { "kern  :warn  : " + $1 },
            "dmesg -x -T": each { "kern  :warn  : [Mon Mar  2 00:00:22 2026] " + bare($1) },
            "dmesg -d": each { "[    5.120864 <    0.000123>] " + bare($1) },
            "dmesg -d -t": each { "[<    0.000123>] " + bare($1) },
            "dmesg -e": each { ($0 == 0 ? "[Mar 2 00:00] " : "[  +0.000123] ") + bare($1) },
            "dmesg --time-format iso": each { "\(date)T\(clock),306131+00:00 " + bare($1) },
            "dmesg -J": each { "      {\n \"pri\": 4,\n \"time\": 5.1,\n  \"msg\": \"\(json(bare($1)))\"\n      }," },
            "OpenWrt's logread": each { "Mon Mar  2 00:00:22 2026 kern.warn kernel: " + $1 },
            "busybox": each { "Mar  2 00:00:22 router kern.warn kernel: " + $1 },
            "logcat -b kernel": each { "03-02 \(clock).306     0     0 W         : " + bare($1) },
            "a vendor's kernel": each { "<4>[    5.120864]  (0)[12:kworker/0:1]" + bare($1) },
            "containerd": each { "\(date)T\(clock).306131123+02:00 stderr F " + bare($1) },
            "Kubernetes": each {
                "{\"stream\":\"stdout\",\"logtag\":\"F\",\"message\":\"\(json($1))\",\"kubernetes\":{\"pod_name\":\"x\"}}"
            },
            "Cloud Logging": each { "{\"insertId\":\"x\",\"jsonPayload\":{\"MESSAGE\":\"\(json(bare($1)))\"}}" },
            "minicom": each { "[\(date) \(clock)] " + $1 },
            "pstore": "Panic#1 Part1\n" + each { "<4>" + $1 },
            "a byte order mark": "\u{FEFF}" + LogFixture.atomic,
            "grep -n": each { "\($0 + 1):" + $1 },
            "rate limits": each {
                $0 % 7 == 3
                    ? "\($1)\n[    5.2] warn_alloc: 12 callbacks suppressed\n[    5.2] eth0: link up" : String($1)
            },
        ]
        for name in forms.keys.sorted() {
            let report = try essence(forms[name] ?? "")
            #expect(report == plain, "\(name)")
        }
    }

    @Test func `what is left of a report that the log's head or tail cuts off is read`() throws {
        for start in stride(from: 1, to: lines.count - 4, by: 3) {
            let tail = LogScanner.reports(in: lines[start...].joined(separator: "\n"))
            let head = LogScanner.reports(in: lines[..<start].joined(separator: "\n"))
            #expect(head.count == 1 && head.first?.order == 0, "cut after line \(start)")
            guard lines[start...].contains(where: { $0.contains("Mem-Info:") }) else { continue }
            #expect(tail.first?.memory?.zones.count == 2, "cut before line \(start)")
        }
    }

    @Test func `escaped line breaks are line breaks`() throws {
        let plain = try essence(LogFixture.atomic)
        let counters = lines.drop { !$0.contains("] active_anon:") }.prefix { !$0.contains("Node 0 active_anon") }
        let block = counters.joined(separator: "\n")
        for mark in ["#012", "\\x0a"] {
            let escaped = counters.enumerated().map { $0 == 0 ? $1 : bare($1) }.joined(separator: mark)
            #expect(try essence(LogFixture.atomic.replacing(block, with: escaped)) == plain)
        }
    }

    @Test(arguments: [60, 66, 72, 76, 80, 100, 132])
    func `lines folded at any width are joined again`(width: Int) throws {
        func folded(_ line: Substring) -> String {
            var rows: [String] = []
            var row = ""
            for word in line.split(separator: " ", omittingEmptySubsequences: false) {
                if !row.isEmpty, row.count + word.count + 1 > width {
                    rows.append(row)
                    row = String(word)
                } else {
                    row += (row.isEmpty && rows.isEmpty && word.isEmpty ? "" : row.isEmpty ? "" : " ") + word
                }
            }
            return (rows + [row]).joined(separator: "\n")
        }
        for log in LogFixture.all {
            var plain = try essence(log)
            var report = try essence(log.split(separator: "\n").map(folded).joined(separator: "\n"))
            // Names of machines end anywhere: their folds cannot be determined from the next line.
            plain.hardware = nil
            report.hardware = nil
            for index in plain.oom?.victims.indices ?? 0..<0 { plain.oom?.victims[index].line = 0 }
            for index in report.oom?.victims.indices ?? 0..<0 { report.oom?.victims[index].line = 0 }
            for index in plain.slub.indices { plain.slub[index].line = 0 }
            for index in report.slub.indices { report.slub[index].line = 0 }
            // Field by field, so that a failure says which.
            #expect(report.header == plain.header && report.taint == plain.taint && report.oom == plain.oom)
            #expect(report.callTrace.map(\.function) == plain.callTrace.map(\.function))
            #expect(report.callTrace == plain.callTrace)
            #expect(report.memory?.zones == plain.memory?.zones)
            #expect(report.memory?.nodes == plain.memory?.nodes)
            #expect(report.tasks == plain.tasks)
            #expect(report.slub == plain.slub)
            #expect(report == plain)
        }
    }

    @Test func `output of programs in between does no harm`() throws {
        let plain = try essence(LogFixture.atomic)
        let noisy = each { $0 % 3 == 0 ? "progress 17% done\n\($1)\nfree: 12 of 40 mode: fast" : "make: ok " + $1 }
        #expect(try essence(noisy) == plain)
    }

    @Test func `two reports printed at once come apart by their callers`() throws {
        let first = lines.map { tagged($0, "[ T11]") }
        let second = LogFixture.slub.split(separator: "\n").map { tagged($0, "[ T22]") }
        var mixed: [String] = []
        for index in 0..<max(first.count, second.count) {
            if index < first.count { mixed.append(first[index]) }
            if index < second.count { mixed.append(second[index]) }
        }
        let reports = LogScanner.reports(in: mixed.joined(separator: "\n"))
        #expect(reports.map { $0.memory?.zones.count } == [2, 3])
        #expect(reports.map(\.missing) == [[], []] && reports.map { $0.slub.count } == [0, 1])
        #expect(reports.map { $0.process?.name } == ["swapper/0", "init"])
    }

    @Test(
        arguments: [1, 7, 100, 4096, 100_000])
    func `several reports in one log, each with its line, whatever the size of the pieces`(size: Int) {
        let filler = String(
            repeating: "Mar  2 00:00:22 guest sshd[12]: nothing of interest, out of memory not meant\n", count: 500)
        let log = Array((filler + LogFixture.all.joined(separator: filler) + filler).utf8)
        let whole = LogScanner.reports(in: log)
        #expect(whole.map(\.line) == [501, 501 + 500 + lines.count, whole.last?.line ?? 0])
        #expect(whole.count == 3)
        var scanner = LogScanner()
        var reports: [FailureReport] = []
        for start in stride(from: 0, to: log.count, by: size) {
            reports += scanner.scan(Array(log[start..<min(start + size, log.count)]))
        }
        reports += scanner.finish()
        #expect(reports.sorted { $0.line < $1.line } == whole)
    }
}
