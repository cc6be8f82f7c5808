import KernelLog
import Testing

@testable import FailureAnalysis

/// The kinds that logs nobody had used were told wrongly by, each in a log of our own.
@Suite struct BlindTrialTests {
    private func analyses(_ text: String) -> [FailureAnalysis] {
        FailureAnalysis.analyses(of: LogScanner.reports(in: text))
    }

    /// As 2.6.11 prints it: no process, no order, no `Mem-info:`, zones of 32 bits.
    private func oldKill(_ header: String) -> String {
        """
        \(header)
        DMA per-cpu:
        cpu 0 hot: low 2, high 6, batch 1
        cpu 0 cold: low 0, high 2, batch 1
        Normal per-cpu:
        cpu 0 hot: low 32, high 96, batch 16
        cpu 0 cold: low 0, high 32, batch 16

        Free pages:        8200kB (900kB HighMem)
        Active:12000 inactive:150000 dirty:200 writeback:0 unstable:0 free:2050 slab:210000 mapped:12000 pagetables:120
        DMA free:3600kB min:68kB low:84kB high:100kB active:0kB inactive:700kB present:16384kB pages_scanned:5700 \
        all_unreclaimable? yes
        lowmem_reserve[]: 0 880 1500
        Normal free:3700kB min:3756kB low:4692kB high:5632kB active:0kB inactive:300kB present:901120kB \
        pages_scanned:6900 all_unreclaimable? yes
        lowmem_reserve[]: 0 0 5000
        HighMem free:900kB min:512kB low:640kB high:768kB active:48000kB inactive:600000kB present:640000kB \
        pages_scanned:0 all_unreclaimable? no
        lowmem_reserve[]: 0 0 0
        DMA: 0*4kB 2*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 1*512kB 1*1024kB 1*2048kB 0*4096kB = 3600kB
        Normal: 1*4kB 14*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 1*512kB 1*1024kB 1*2048kB 0*4096kB = 3700kB
        HighMem: 1*4kB 0*8kB 0*16kB 0*32kB 0*64kB 1*128kB 1*256kB 1*512kB 0*1024kB 0*2048kB 0*4096kB = 900kB
        Swap cache: add 2500, delete 2000, find 270/520, race 0+0
        Free swap  = 3610000kB
        Total swap = 3615000kB
        Out of Memory: Killed process 17900 (indexer).
        """
    }

    @Test(arguments: ["oom-killer: gfp_mask=0xd0", "oom-killer: gfp_mask=0xd0, order=0"])
    func `a kill of kernels that did not name the process is one report`(_ header: String) throws {
        let all = analyses(oldKill(header))
        let only = try #require(all.first)
        #expect(all.count == 1 && only.report.kind == .oomKill && only.request?.order == 0)
        #expect(only.report.oom?.victims.map(\.name) == ["indexer"])
        // A request of the kernel's own cannot use what lies above, where there is little more.
        #expect(only.cause == .slabLeak, "\(only.cause) \(only.verdict) \(only.gaps)")
    }

    @Test func `scraps in a higher zone are not memory that was there`() throws {
        // 6 MiB above HighMem's marks, of 1.5 GiB in all.
        let text = oldKill("oom-killer: gfp_mask=0xd0, order=0")
            .replacing("HighMem free:900kB", with: "HighMem free:6020kB")
            .replacing(
                "1*512kB 0*1024kB 0*2048kB 0*4096kB = 900kB", with: "1*512kB 1*1024kB 0*2048kB 1*4096kB = 6020kB")
        let only = try #require(analyses(text).first)
        #expect(only.cause == .slabLeak, "\(only.cause) \(only.verdict) \(only.gaps)")
    }

    @Test func `pages that an old kernel reserved are not taken for a leak`() throws {
        // 2.6.16 on 8 MiB: more than half of it is the kernel itself.
        let text = """
            oom-killer: gfp_mask=0x201d2, order=0
            Mem-info:
            Free pages:         476kB (0kB HighMem)
            Active:96 inactive:126 dirty:0 writeback:0 unstable:0 free:119 slab:445 mapped:186 pagetables:31
            DMA free:476kB min:360kB low:448kB high:540kB active:384kB inactive:504kB present:8192kB \
            pages_scanned:250 all_unreclaimable? no
            lowmem_reserve[]: 0 0 0 0
            DMA: 23*4kB 4*8kB 0*16kB 1*32kB 1*64kB 0*128kB 1*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 476kB
            Free swap  = 1016696kB
            Total swap = 1020088kB
            2048 pages of RAM
            0 pages of HIGHMEM
            1031 reserved pages
            Out of memory: Killed process 104 (mc).
            """
        let only = try #require(analyses(text).first)
        #expect(only.account?.managed == 1017 && only.cause == .slabLeak)
    }

    @Test func `a folded header is not taken for that of an old kernel`() throws {
        let only = try #require(
            analyses("worker invoked\noom-killer: gfp_mask=0xd0, order=0, oom_adj=0\nMem-Info:\n").first)
        #expect(only.report.process?.name == "worker")
    }

    @Test func `a vmalloc without room in its address space is one report of three lines`() throws {
        var text = FailureText()
        text.release = "4.1.20"
        text.header = """
            vmap allocation for size 15736832 failed: use vmalloc=<size> to increase size.
            vmalloc: allocation failure: 15729534 bytes
            insmod: page allocation failure: order:0, mode:0xd0
            """
        let all = analyses(text.text)
        #expect(all.map(\.cause) == [.vmallocSize])
        #expect(all.first?.report.process?.name == "worker" || all.first?.report.process?.name == "insmod")
    }

    @Test func `low memory that is full is no fragmentation where the small zone alone lacks a block`() throws {
        let text = """
            shell invoked oom-killer: gfp_mask=0xd0, order=1, oom_adj=0, oom_score_adj=0
            Pid: 3836, comm: shell Not tainted 3.2.0-4-686-pae #1 Debian 3.2.32-1
            Mem-Info:
            active_anon:13500 inactive_anon:100 isolated_anon:0
             active_file:2600 inactive_file:4000000 isolated_file:0
             unevictable:0 dirty:500 writeback:0 unstable:0
             free:11867000 slab_reclaimable:68000 slab_unreclaimable:7200
             mapped:8000 shmem:250 pagetables:500 bounce:0
            DMA free:4260kB min:784kB low:980kB high:1176kB present:15784kB all_unreclaimable? yes
            lowmem_reserve[]: 0 867 62932 62932
            Normal free:43700kB min:44112kB low:55140kB high:66168kB present:887976kB slab_reclaimable:260000kB \
            all_unreclaimable? yes
            lowmem_reserve[]: 0 0 496525 496525
            HighMem free:47420820kB min:512kB low:789888kB high:1579264kB present:63555300kB all_unreclaimable? no
            lowmem_reserve[]: 0 0 0 0
            DMA: 445*4kB 36*8kB 3*16kB 1*32kB 1*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 1*2048kB 0*4096kB = 4260kB
            Normal: 1103*4kB 620*8kB 237*16kB 70*32kB 38*64kB 26*128kB 20*256kB 14*512kB 4*1024kB 3*2048kB \
            0*4096kB = 43692kB
            HighMem: 226*4kB 242*8kB 155*16kB 66*32kB 10*64kB 1*128kB 1*256kB 0*512kB 1*1024kB 2*2048kB \
            11574*4096kB = 47420680kB
            4148000 total pagecache pages
            Free swap  = 0kB
            Total swap = 0kB
            16777200 pages RAM
            16549378 pages HighMem
            664304 pages reserved
            """
        #expect(analyses(text).map(\.cause) == [.zoneExhausted])
    }

    @Test func `a kill is told by who has the memory though a little of it is free in CMA`() throws {
        var text = FailureText()
        text.header = "worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
        text.free = 20_000
        text.freeCMA = 17_000
        text.counters = "free:5000 free_pcp:0 free_cma:4250"
        text.blocks = "750*4kB (U) 0*8kB 0*16kB 0*32kB 0*64kB 133*128kB (C) 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        text.tail = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,pid=1,uid=0"
        let slab = text.text.replacing("slab_reclaimable:0", with: "slab_reclaimable:160000")
        #expect(analyses(slab).map(\.cause) == [.slabLeak])
    }

    @Test func `a few pages freed since say more than a reserve that nobody printed`() throws {
        var text = FailureText()
        text.release = "5.0.10"
        text.header =
            "worker: page allocation failure: order:0, mode:0x400000(GFP_NOWAIT), nodemask=(null),cpuset=/,mems_allowed=0"
        text.free = 4_100
        text.blocks =
            "961*4kB (UMEH) 0*8kB 16*16kB (UME) 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        text.counters = "free:1025 free_pcp:0 free_cma:0"
        let printed = text.text.replacing(" boost:0kB", with: "").replacing(" reserved_highatomic:0KB", with: "")
        let only = try #require(analyses(printed).first)
        #expect(only.cause == .belowMinNoReserve, "\(only.cause) \(only.assumptions)")
        #expect(only.assumptions.contains { if case .freedSince = $0 { true } else { false } })
    }

    @Test func `who asked within reclaim is not whom reclaim worked for`() throws {
        var text = FailureText()
        text.free = 0
        text.blocks = "0*4kB 0*8kB"
        let trace = """
            Call Trace:
             warn_alloc+0x10/0x20
             __alloc_pages_slowpath+0x10/0x20
             new_slab+0x10/0x20
             kmem_cache_alloc+0x10/0x20
             start_writeback+0x10/0x20
             wake_flushers+0x10/0x20
             do_try_to_free_pages+0x10/0x20
             try_to_free_pages+0x10/0x20
             __alloc_pages_slowpath+0x10/0x20
             filemap_fault+0x10/0x20
            Mem-Info:
            """
        let only = try #require(analyses(text.text.replacing("Mem-Info:", with: trace)).first)
        #expect(only.requester?.function == "start_writeback" && only.requester?.purpose == .slab)
    }

    @Test func `swap with room is said, not more of it proposed`() throws {
        var text = FailureText()
        text.header = "worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
        text.free = 3_000
        text.blocks = "750*4kB (U) 0*8kB"
        text.counters = "free:750 free_pcp:0 free_cma:0"
        text.totalSwap = 1_000_000
        text.tail = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,pid=1,uid=0"
        let full = text.text.replacing("active_anon:0 inactive_anon:0", with: "active_anon:200000 inactive_anon:20000")
        func proposes(_ text: String) throws -> Bool {
            let only = try #require(analyses(text).first)
            #expect(only.cause == .processMemory)
            return only.remedies.contains { if case .moreSwap = $0.change { true } else { false } }
        }
        #expect(try proposes(full))
        #expect(try !proposes(full.replacing("Free swap  = 0kB", with: "Free swap  = 900000kB")))
    }

    @Test func `a zone's line cut before its atomic reserve does not say that nothing is kept`() throws {
        var text = FailureText()
        text.header =
            "worker: page allocation failure: order:0, mode:0x800(GFP_NOWAIT), nodemask=(null),cpuset=/,mems_allowed=0"
        text.free = 3_000
        text.blocks = "750*4kB (U) 0*8kB"
        text.counters = "free:750 free_pcp:0 free_cma:0"
        #expect(analyses(text.text).map(\.cause) == [.belowMinNoReserve])
        let place = try #require(text.text.firstRange(of: "reserved_highatomic:"))
        #expect(analyses(String(text.text[..<place.lowerBound])).map(\.cause) == [.unknown])
    }
}
