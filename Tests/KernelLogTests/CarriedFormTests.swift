import Foundation
import GFP
import SourceText
import Testing

@testable import KernelLog

/// Reports are read alike however their log was carried: the memory told is the same to the figure.
@Suite struct CarriedFormTests {
    private static let lines = [
        "[  859.563156] tool: page allocation failure: order:5, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), nodemask=(null),cpuset=/,mems_allowed=0",
        "[  859.563163] CPU: 13 PID: 48544 Comm: tool Tainted: G           OE      6.7.0-rc2local+ #1",
        "[  859.563166] Call Trace:",
        "[  859.563207]  __kmalloc_large_node+0x7f/0x140",
        "[  859.563212]  ring_setup+0x29/0xe0 [nic]",
        "[  859.563319] Mem-Info:",
        "[  859.563320] active_anon:14091 inactive_anon:3805083 isolated_anon:2336",
        "[  859.563320]  free:56673 free_pcp:0 free_cma:0",
        "[  859.563323] Node 0 active_anon:56364kB inactive_anon:15220332kB active_file:18404kB inactive_file:21808kB unevictable:9032kB isolated(anon):9344kB isolated(file):12kB mapped:33940kB dirty:224kB all_unreclaimable? no",
        "[  859.563326] Node 0 DMA free:13308kB boost:0kB min:64kB low:80kB high:96kB reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB present:15992kB managed:15360kB mlocked:0kB free_cma:0kB",
        "[  859.563329] lowmem_reserve[]: 0 0 15744 15744 15744",
        "[  859.563338] Node 0 Normal free:149776kB boost:90112kB min:147740kB low:162144kB high:176548kB reserved_highatomic:2048KB active_anon:56024kB inactive_anon:12889984kB writepending:0kB present:14098432kB managed:13769880kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB",
        "[  859.563342] lowmem_reserve[]: 0 0 0 0 0",
        "[  859.563344] Node 0 DMA: 1*4kB (U) 1*8kB (U) 1*16kB (U) 1*32kB (U) 1*64kB (U) 1*128kB (U) 1*256kB (U) 1*512kB (U) 0*1024kB 2*2048kB (UM) 2*4096kB (M) = 13308kB",
        "[  859.563362] Node 0 Normal: 7073*4kB (UMEH) 1922*8kB (UMEH) 756*16kB (UMEH) 464*32kB (UMEH) 830*64kB (UMEH) 197*128kB (UMH) 6*256kB (MH) 0*512kB 0*1024kB 0*2048kB 0*4096kB = 150484kB",
        "[  859.563374] 23673 total pagecache pages",
        "[  859.563375] Free swap  = 7137276kB",
        "[  859.563375] Total swap = 8003580kB",
        "[  859.563376] 4145555 pages RAM",
        "[  859.563377] 98748 pages reserved",
    ]

    private static func reports(_ text: String) throws -> [FailureReport] {
        var stream = ByteStream(name: "log", bytes: Array(text.utf8))
        return try ReportFile(&stream).reports
    }

    /// The report is there, once, and says the same.
    private func expectSame(_ text: String, _ form: String) throws {
        let original = try #require(try Self.reports(Self.lines.joined(separator: "\n") + "\n").first)
        let carried = try Self.reports(text)
        try #require(carried.count == 1, "\(form): \(carried.count) reports")
        #expect(carried[0].memory == original.memory, "\(form)")
        #expect(carried[0].gfp == original.gfp && carried[0].order == 5, "\(form)")
        #expect(carried[0].process?.name == "tool", "\(form)")
        #expect(carried[0].kernelRelease == "6.7.0-rc2local+", "\(form)")
        #expect(carried[0].callTrace == original.callTrace, "\(form)")
    }

    private static func bare(_ line: String) -> String { String(line.dropFirst(15)) }

    @Test(arguments: [60, 71, 80, 100, 120, 132, 160, 205])
    func `lines broken at a column in the middle of words are put together`(_ width: Int) throws {
        let broken = Self.lines.flatMap { line in
            let all = Array(line)
            return stride(from: 0, to: all.count, by: width).map { String(all[$0..<min(all.count, $0 + width)]) }
        }
        try expectSame(broken.joined(separator: "\n") + "\n", "wrapped at \(width)")
    }

    @Test(arguments: ["> ", ">> ", "> > > "])
    func `lines broken at a column are put together though a reply quotes them`(_ quote: String) throws {
        let broken = Self.lines.map(Self.bare).flatMap { line in
            let all = Array(line)
            return stride(from: 0, to: all.count, by: 80).map { quote + String(all[$0..<min(all.count, $0 + 80)]) }
        }
        try expectSame(broken.joined(separator: "\n") + "\n", "wrapped at 80 and quoted")
    }

    /// Loggers that nothing here knows by name.
    @Test(arguments: [
        "web-1  | ", "[pod/agent-7f9/agent] ", "12:00:01.250 W kmsg: ", "node7 dmesg[1234]: ",
        "2026/03/02 00:00:22 WARN ",
        "I0302 00:00:22.306131       1 log_monitor.go:160] ", "ttyS0 3 ",
    ])
    func `what an unknown logger puts before every line is taken off`(_ prefix: String) throws {
        let lines = Self.lines.map { prefix + Self.bare($0) }
        try expectSame(lines.joined(separator: "\n") + "\n", prefix)
        // Its figures may change from line to line.
        let counted = lines.enumerated().map { $1.replacing("22.306131", with: "22.\(306_131 + $0)") }
        try expectSame(counted.joined(separator: "\n") + "\n", prefix)
    }

    @Test(arguments: [
        ("ts=2026-03-02T00:00:22Z level=warn msg=\"", "\""), ("  - \"", "\""),
        ("2026-03-02T00:00:00.123Z cpu1:1234)", ""),
        (".(0)[12:kworker]", ""), ("{\"version\":\"1.1\",\"short_message\":\"", "\"}"), ("{\"text\":\"", "\"}"),
    ])
    func `a prefix without a blank, and quotes around the text, are taken off`(_ around: (String, String)) throws {
        let lines = Self.lines.map { around.0 + Self.bare($0) + around.1 }
        try expectSame(lines.joined(separator: "\n") + "\n", around.0)
    }

    @Test func `a text in one line with its line breaks written out is read`() throws {
        try expectSame(Self.lines.map(Self.bare).joined(separator: "\\n") + "\\n\n", "one line")
    }

    @Test(arguments: [
        "Out of memory (oom_kill_allocating_task): Killed process 4321 (stress) total-vm:102400kB, anon-rss:90000kB",
        "Out of memory and no killable processes...", "Kernel panic - not syncing: System is deadlocked on memory",
    ])
    func `the end of a kill alone is a report of a kill`(_ line: String) throws {
        let reports = try Self.reports("[    5.120864] \(line)\n")
        #expect(reports.map(\.kind) == [.oomKill], "\(line)")
    }

    @Test func `a line cut within the mask's names is not of a kernel that printed none`() throws {
        let reports = try Self.reports("tool: page allocation failure: order:4, mode:0xa20(GFP_ATO\n")
        #expect(reports.first.map { $0.era.first >= KernelVersion(4, 6) } ?? false)
    }

    @Test func `a mail's part in base64 is decoded`() throws {
        let body = Data((Self.lines.joined(separator: "\n") + "\n").utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithLineFeed,
        ])
        for encoding in ["Content-Transfer-Encoding: base64", "content-transfer-encoding: base64"] {
            try expectSame(
                "Content-Type: text/plain; charset=utf-8\n\(encoding)\n\n\(body)\n--boundary\nContent-Type: text/html\n",
                encoding)
        }
    }

    @Test func `a memory cgroup's kill that came newest first is one report`() throws {
        let lines = [
            "[    5.100000] boxed invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
            "[    5.100000] CPU: 1 PID: 156 Comm: boxed Not tainted 6.12.95+deb12-amd64 #1",
            "[    5.200000] memory: usage 49152kB, limit 49152kB, failcnt 74",
            "[    5.200000] swap: usage 0kB, limit 9007199254740988kB, failcnt 0",
            "[    5.200000] Memory cgroup stats for /outer:",
            "[    5.300000] Tasks state (memory values in pages):",
            "[    5.300000] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
            "[    5.300000] [    156]     0   156    16698    10000   126976        0             0 boxed",
            "[    5.400000] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=outer,mems_allowed=0-1,oom_memcg=/outer,task_memcg=/outer/inner,task=boxed,pid=156,uid=0",
            "[    5.500000] Memory cgroup out of memory: Killed process 156 (boxed) total-vm:66792kB, anon-rss:38592kB, file-rss:0kB, shmem-rss:648kB, UID:0 pgtables:124kB oom_score_adj:0",
        ]
        let plain = try Self.reports(lines.joined(separator: "\n") + "\n")
        let turned = try Self.reports(lines.reversed().joined(separator: "\n") + "\n")
        #expect(plain.count == 1 && turned.count == 1)
        #expect(turned.first?.order == 0 && turned.first?.oom?.memcg == plain.first?.oom?.memcg)
        #expect(turned.first?.oom?.victims.map(\.pid) == [156])
    }

    @Test func `prefixes of vendors' kernels and of tests are taken off`() throws {
        for prefix in ["[03-02 00:00:22.306] ", "00177 ", "[   12.5] [03-02 00:00:22.306] "] {
            try expectSame(Self.lines.map { prefix + Self.bare($0) }.joined(separator: "\n") + "\n", prefix)
        }
    }

    @Test func `what was on the console's line before is no part of a task's name`() throws {
        for before in ["[Playing  (List Repeated)][Vol=01][00:02:54/00:04:07]", "a program's own words: ready "] {
            try expectSame(before + Self.lines.map(Self.bare).joined(separator: "\n") + "\n", before)
        }
    }

    @Test func `a forum's tags and a mailer's no-break spaces are taken off`() throws {
        let tagged = Self.lines.map { Self.bare($0) }.map {
            $0.hasPrefix("Free swap") || $0.contains("page allocation") ? "[COLOR=\"Red\"]\($0)[/COLOR]" : $0
        }
        try expectSame("[CODE]\n" + tagged.joined(separator: "\n") + "\n[/CODE]\n", "forum")
        // ISO 8859-1, in which a mailer wrote blanks at the beginning of lines and pairs of them.
        var stream = ByteStream(
            name: "log",
            bytes: Self.lines.flatMap { line in
                [UInt8(ascii: ">"), 0x20]
                    + Self.bare(line).utf8.enumerated().map { $0 == 0 && $1 == 0x20 ? 0xA0 : $1 } + [0x0A]
            })
        let original = try #require(try Self.reports(Self.lines.joined(separator: "\n") + "\n").first)
        #expect(try ReportFile(&stream).reports.first?.memory == original.memory)
    }

    @Test func `a module that a mailer folded off its frame is read`() throws {
        let lines = Self.lines.map(Self.bare).map { $0.replacing("0xe0 [nic]", with: "0xe0\n[nic]") }
        try expectSame(lines.joined(separator: "\n") + "\n", "folded frame")
    }

    @Test func `quoted-printable is decoded`() throws {
        let encoded = Self.lines.map { line in
            var pieces: [String] = []
            var rest = line.replacing("=", with: "=3D")[...]
            while rest.count > 70 {
                // An escape is not cut.
                let end = rest.prefix(70).hasSuffix("=") ? 69 : rest.prefix(70).hasSuffix("=3") ? 68 : 70
                pieces.append(rest.prefix(end) + "=")
                rest = rest.dropFirst(end)
            }
            return (pieces + [String(rest)]).joined(separator: "\n")
        }
        try expectSame(
            "Content-Transfer-Encoding: quoted-printable\n\n" + encoded.joined(separator: "\n") + "\n", "mail")
    }

    @Test func `the newest line may come first`() throws {
        try expectSame(Self.lines.reversed().joined(separator: "\n") + "\n", "newest first")
    }

    @Test(arguments: [
        "06-12 12:00:00.000     0     0 W ", "06-12 12:00:00.000     0     0 W kernel  : ",
        "[  859.563156]-(0)[48544:tool]", "<4>[  859.563156] [0:           tool:48544] ",
        "10.5.0.2: kern: warning: [2024-06-12T12:00:00.000Z]: ", "> | ",
        "2024-06-12T12:00:00.000048+00:00 host1 kernel: [  859.563388] ", "[Jun12 12:00] ", "[  +0.000123] ",
        "Jun 12 12:00:00 10.5.0.2 6,3873,859563320,-;", "Jun 12 12:00:00 host1 6,3873,859563320,-,caller=T48544;",
    ])
    func `prefixes of phones, clusters and mails are taken off`(_ prefix: String) throws {
        try expectSame(Self.lines.map { prefix + Self.bare($0) }.joined(separator: "\n") + "\n", prefix)
    }

    @Test func `records of comma-separated values are read`() throws {
        let records = Self.lines.map { line in
            "2024-06-12 12:00:00,host1,kernel,\"\(Self.bare(line).replacing("\"", with: "\"\""))\""
        }
        try expectSame(records.joined(separator: "\n") + "\n", "CSV")
        for head in ["\"2024-06-12 12:00:00\",\"host1\",\"kernel\",", "\"1718193600000000000\",", "1718193600,"] {
            let quoted = Self.lines.map { "\(head)\"\(Self.bare($0).replacing("\"", with: "\"\""))\"" }
            try expectSame("time,message\n" + quoted.joined(separator: "\n") + "\n", head)
        }
    }

    @Test func `entities and tags of a page are taken off`() throws {
        let page =
            "<pre>\n" + Self.lines.joined(separator: "<br/>\n").replacing("(null)", with: "(null)") + "\n</pre>\n"
        try expectSame(page, "HTML")
    }

    @Test func `asterisks that Markdown ate are put back`() throws {
        try expectSame(Self.lines.joined(separator: "\n").replacing("*", with: "") + "\n", "Markdown")
    }

    @Test(arguments: [true, false])
    func `UTF-16 is read`(_ isLittleEndian: Bool) throws {
        let units = Array(("\u{FEFF}" + Self.lines.joined(separator: "\n") + "\n").utf16)
        let bytes = units.flatMap { unit in
            isLittleEndian ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        var stream = ByteStream(name: "log", bytes: bytes)
        let report = try #require(try ReportFile(&stream).reports.first)
        #expect(report.memory == (try Self.reports(Self.lines.joined(separator: "\n") + "\n").first?.memory))
    }

    @Test func `a line of free blocks that is cut off says nothing of larger orders`() throws {
        let cut = Self.lines.map { $0.contains("Normal: ") ? String($0.prefix(100)) : $0 }
        let report = try #require(try Self.reports(cut.joined(separator: "\n") + "\n").first)
        let normal = try #require(report.memory?.zones.last)
        #expect(normal.freeBlocksState == .cut)
        #expect(report.snapshot().snapshot.topology.maximumOrder == 10)
    }
}
