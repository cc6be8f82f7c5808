import KernelLog
import Testing

@testable import FailureAnalysis

/// Remedies that a kernel, a caller or the report itself rules out are not named, and those that it has are.
@Suite struct RemedyLimitTests {
    private static let pieces =
        "20000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"

    private func analysis(_ change: (inout FailureText) -> Void) throws -> FailureAnalysis {
        var text = FailureText()
        change(&text)
        return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text.text)).first)
    }

    /// A block is missing, and much is free.
    private func fragmented(
        _ mask: String, _ change: (inout FailureText) -> Void = { _ in }
    ) throws -> FailureAnalysis {
        try analysis {
            $0.header = $0.header.replacing("order:0", with: "order:4").replacing("0xcc0(GFP_KERNEL)", with: mask)
            $0.free = 80_000
            $0.counters = "free:20000 free_pcp:0 free_cma:0"
            $0.blocks = Self.pieces
            change(&$0)
        }
    }

    private func dropping(_ analysis: FailureAnalysis) -> Remedy? {
        analysis.remedies.first { if case .dropCaches = $0.change { true } else { false } }
    }

    private func compaction(_ analysis: FailureAnalysis) -> Remedy? {
        analysis.remedies.first { if case .compaction = $0.change { true } else { false } }
    }

    @Test func `where there is no page cache, dropping it gives no blocks`() throws {
        let none = try #require(dropping(try fragmented("0xcc0(GFP_KERNEL)")))
        #expect(none.odds == .none)
        let much = try #require(dropping(try fragmented("0xcc0(GFP_KERNEL)") { $0.fileCache = 800_000 }))
        #expect(much.odds == .likely)
    }

    @Test func `only a caller that may sleep can have pages mapped together`() throws {
        let trace = """
            Call Trace:
             warn_alloc+0x10/0x20
             __alloc_pages+0x10/0x20
             __kmalloc_large_node+0x10/0x20
             table_create+0x10/0x20
            Mem-Info:
            """
        func has(_ mask: String) throws -> Bool {
            var text = FailureText()
            text.header = text.header.replacing("order:0", with: "order:4").replacing("0xcc0(GFP_KERNEL)", with: mask)
            text.free = 80_000
            text.blocks = Self.pieces
            let log = text.text.replacing("Mem-Info:", with: trace)
            let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: log)).first)
            #expect(analysis.requester?.purpose == .largeKmalloc)
            return analysis.remedies.contains { $0.change == .practice(.kvmalloc) }
        }
        #expect(try has("0xcc0(GFP_KERNEL)"))
        #expect(try !has("0x820(GFP_ATOMIC)"))
    }

    @Test(arguments: [
        ("2.6.31", false), ("2.6.32-504.el6.x86_64", true), ("2.6.32-5-amd64", false), ("3.2.0-4-amd64", true),
    ])
    func `compaction by hand is for kernels that have it`(release: String, isThere: Bool) throws {
        let analysis = try fragmented("0xd0") { $0.release = release }
        #expect((compaction(analysis) != nil) == isThere, "\(analysis.remedies)")
    }

    @Test func `defrag_mode is named from 6.15 on`() throws {
        for (release, isThere) in [("6.12.9-amd64", false), ("6.17.0", true)] {
            let analysis = try fragmented("0xcc0(GFP_KERNEL)") { $0.release = release }
            #expect(analysis.cause == .fragmentation)
            #expect(analysis.remedies.contains { $0.change == .defragMode } == isThere, "\(release)")
        }
    }

    private func kill(_ rows: String, _ change: (inout FailureText) -> Void = { _ in }) throws -> FailureAnalysis {
        try analysis {
            $0.header =
                "worker invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, "
                + "oom_score_adj=0"
            $0.free = 2_000
            $0.counters = "free:500 free_pcp:0 free_cma:0 active_anon:220000"
            $0.blocks = "500*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
            $0.tail =
                "Tasks state (memory values in pages):\n"
                + "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n" + rows
            change(&$0)
        }
    }

    @Test func `the first process is not ended`() throws {
        let rows = """
            [      1]     0     1   230000   200000  4096        0             0 shell
            [    200]     0   200    20000    15000  4096        0             0 helper
            """
        let analysis = try kill(rows)
        #expect(analysis.cause == .processMemory)
        let ended = analysis.remedies.compactMap { remedy -> Int? in
            if case .release(.process(_, let pid), _) = remedy.change { pid } else { nil }
        }
        #expect(ended == [200])
    }

    @Test func `slab that reclaim left over is not given back by dropping it`() throws {
        let analysis = try kill("") {
            $0.counters = "free:500 free_pcp:0 free_cma:0 slab_unreclaimable:200000 slab_reclaimable:900"
            $0.tail = ""
        }
        #expect(analysis.cause == .slabLeak)
        let slab = analysis.remedies.first {
            if case .release(.reclaimableSlab, _) = $0.change { true } else { false }
        }
        #expect(slab?.odds == Remedy.Odds.none)
        #expect(analysis.remedies.contains { $0.change == .track(.slabUsers) })
    }

    @Test func `a group of the first version has the limit of that version`() throws {
        func change(_ lines: String) throws -> Remedy.Change? {
            let log = """
                worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
                \(lines)
                oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/box,task_memcg=/box,task=worker,pid=5,uid=0
                Memory cgroup out of memory: Killed process 5 (worker) total-vm:100kB, anon-rss:50kB, file-rss:0kB

                """
            return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: log)).first).remedies.first?.change
        }
        let first = try change(
            """
            memory: usage 1024kB, limit 1024kB, failcnt 5
            memory+swap: usage 1024kB, limit 9007199254740988kB, failcnt 0
            """)
        #expect(first == .cgroupLimit(name: "/box", now: 1024, isFirstVersion: true))
        let second = try change("memory: usage 1024kB, limit 1024kB, failcnt 5\nswap: usage 0kB, limit 0kB, failcnt 0")
        #expect(second == .cgroupLimit(name: "/box", now: 1024, isFirstVersion: false))
    }
}
