import KernelLog
import Testing

@testable import FailureAnalysis

/// The kinds that a second trial of logs nobody had used told wrongly, each in a log of our own.
@Suite struct SecondBlindTrialTests {
    private func only(_ text: String) throws -> FailureAnalysis {
        let all = FailureAnalysis.analyses(of: LogScanner.reports(in: text))
        try #require(all.count == 1)
        return all[0]
    }

    /// As 2.6.31 prints it on a machine of 32 bits, with the given frames.
    private func oldFailure(_ frames: String, zone: String = "DMA") -> String {
        """
        ifup: page allocation failure. order:5, mode:0x8020
        Pid: 5151, comm: ifup Not tainted 2.6.31-test #2
        Call Trace:
        \(frames)
        Mem-Info:
        active_anon:15000 inactive_anon:22000 isolated_anon:0
         active_file:10000 inactive_file:11000 isolated_file:0
         unevictable:0 dirty:6 writeback:0 unstable:0 buffer:0
         free:1031 slab_reclaimable:1000 slab_unreclaimable:1083
         mapped:6193 shmem:0 pagetables:417 bounce:0
        \(zone) free:1096kB min:124kB low:152kB high:184kB present:15868kB pages_scanned:0 all_unreclaimable? no
        lowmem_reserve[]: 0 238 238
        Normal free:3028kB min:1908kB low:2384kB high:2860kB present:243776kB pages_scanned:0 all_unreclaimable? no
        lowmem_reserve[]: 0 0 0
        \(zone): 46*4kB 0*8kB 5*16kB 0*32kB 1*64kB 0*128kB 1*256kB 1*512kB 0*1024kB 0*2048kB 0*4096kB = 1096kB
        Normal: 135*4kB 213*8kB 21*16kB 4*32kB 5*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 3028kB
        21000 total pagecache pages
        Free swap  = 485236kB
        Total swap = 514040kB
        65520 pages RAM
        1663 pages reserved
        """
    }

    @Test func `a driver's buffer is asked for by the driver, not by the DMA layer between`() throws {
        let found = try only(
            oldFailure(
                """
                 [<c015c4e1>] ? __alloc_pages_nodemask+0x423/0x468
                 [<c0104de7>] ? dma_generic_alloc_coherent+0x4a/0xab
                 [<c0104d9d>] ? dma_generic_alloc_coherent+0x0/0xab
                 [<d1614b6f>] ? ring_alloc_cbs+0xc7/0x174 [nic]
                 [<d1615bfe>] ? nic_up+0x1b/0xf5 [nic]
                """))
        #expect(found.requester?.function == "ring_alloc_cbs" && found.requester?.module == "nic")
        #expect(found.requester?.purpose == .dma)
        #expect(found.requester?.practices.contains(.allocateAtProbe) ?? false)
    }

    @Test(arguments: [
        "iommu_dma_alloc", "x86_swiotlb_alloc_coherent", "arm_dma_alloc", "dma_pool_alloc", "intel_alloc_coherent",
        "pci_alloc_consistent", "mempool_alloc", "spl_kmem_alloc", "usb_alloc_coherent",
    ])
    func `layers between a caller and the allocator are not who asked`(_ layer: String) throws {
        let found = try only(
            oldFailure(
                """
                 [<c015c4e1>] __alloc_pages_nodemask+0x423/0x468
                 [<c0104de7>] \(layer)+0x4a/0xab
                 [<d1614b6f>] start_device+0xc7/0x174 [device]
                """))
        #expect(found.requester?.function == "start_device", "\(layer)")
    }

    @Test func `the width and form of a trace's addresses tell the architecture`() throws {
        func architecture(_ frame: String, zone: String = "DMA") throws -> String? {
            try only(oldFailure(frame, zone: zone)).machine?.snapshot.topology.architecture.rawValue
        }
        #expect(try architecture(" [<c015c4e1>] ? __alloc_pages_nodemask+0x423/0x468") == "i386")
        #expect(try architecture(" [<ffffffff8115c4e1>] ? __alloc_pages_nodemask+0x423/0x468") == "x86_64")
        #expect(
            try architecture("[<80013b00>] (unwind_backtrace+0x0/0xf4) from [<80011524>] (show_stack+0x10/0x14)")
                == "other")
        #expect(
            try architecture("[c000000001c62fc0] [c000000000012214] .show_stack+0x7c/0x184 (unreliable)") == "other")
    }

    /// A kill of a task whose cpuset has one node, which has ZONE_MOVABLE only.
    private static let movableNode = """
        runc:[2:INIT] invoked oom-killer: gfp_mask=0x500cc2(GFP_HIGHUSER|__GFP_ACCOUNT), order=0, oom_score_adj=0
        CPU: 8 PID: 8291 Comm: runc:[2:INIT] Tainted: G        W I E     5.8.2-test #1
        Mem-Info:
        active_anon:392832 inactive_anon:182 isolated_anon:0
         active_file:68130 inactive_file:151527 isolated_file:0
         unevictable:2701 dirty:0 writeback:7
         slab_reclaimable:51418 slab_unreclaimable:116300
         mapped:45825 shmem:735 pagetables:2540 bounce:0
         free:159849484 free_pcp:73 free_cma:0
        Node 4 active_anon:1448kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB all_unreclaimable? no
        Node 4 Movable free:130021408kB min:9140kB low:139160kB high:269180kB reserved_highatomic:0KB active_anon:1448kB \
        inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:130023424kB \
        managed:130023424kB mlocked:0kB kernel_stack:0kB pagetables:0kB bounce:0kB free_pcp:292kB local_pcp:84kB free_cma:0kB
        lowmem_reserve[]: 0 0 0 0 0
        Node 4 Movable: 1*4kB (M) 0*8kB 0*16kB 1*32kB (M) 0*64kB 0*128kB 1*256kB (M) 1*512kB (M) 1*1024kB (M) 0*2048kB \
        31743*4096kB (M) = 130021156kB
        oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset=pod,mems_allowed=4,global_oom,task_memcg=/,task=x,pid=41,uid=0
        Out of memory: Killed process 41 (x) total-vm:4077036kB, anon-rss:51184kB, file-rss:26016kB, shmem-rss:0kB, UID:0
        """

    @Test func `a cpuset of movable nodes is eased by the other nodes, whose size is not stated`() throws {
        let found = try only(Self.movableNode)
        #expect(found.cause == .movableOnly && found.process == "runc:[2:INIT]")
        // More is counted than the one node has: that node is not all memory.
        #expect(found.account?.managed == nil)
        let unbinding = try #require(
            found.remedies.first { if case .unbind(.cpuset, _) = $0.change { true } else { false } })
        guard case .unbind(_, let free) = unbinding.change else { return }
        #expect(unbinding.helps && free == 159_849_484 - 130_021_408 / 4)
        let movable = found.remedies.first { if case .movable = $0.change { true } else { false } }
        #expect(movable?.change == .movable(unlistedFree: nil) && movable?.helps ?? false)
    }

    @Test func `pages that are counted twice over do not make shares beyond all memory`() throws {
        // 3.10 did not count CMA's pages as managed.
        var text = FailureText()
        text.release = "3.10.53"
        text.header = "swapper/0: page allocation failure: order:0, mode:0x200020"
        text.managed = 600_000
        text.fileCache = 620_000
        text.free = 143_000
        text.freeCMA = 142_000
        let printed = text.text.replacing("present:600000kB", with: "present:1048576kB")
        let cut = printed.split(separator: "\n").filter { !$0.contains(" pages R") && !$0.contains(" pages reserved") }
        let account = try #require(try only(cut.joined(separator: "\n")).account)
        #expect(account.managed == 1_048_576 / 4)
        #expect(account.holders.allSatisfy { $0.pages <= account.managed ?? 0 })
    }

    @Test func `a single page is not had from what is kept for high orders, though the mark lets it pass`() throws {
        var text = FailureText()
        text.release = "4.9.0-test"
        text.header = "worker: page allocation failure: order:0, mode:0x2280020(GFP_ATOMIC|__GFP_NOTRACK)"
        text.min = 1_300
        text.free = 1_836
        text.managed = 139_012
        text.blocks =
            "77*4kB (H) 71*8kB (H) 28*16kB (H) 8*32kB (H) 4*64kB (H) 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"
        text.counters = "free:459 free_pcp:0 free_cma:0"
        let printed = text.text.replacing(" boost:0kB", with: "").replacing(" reserved_highatomic:0KB", with: "")
        #expect(try only(printed).cause == .highAtomic)
        // The same with pages of any type is for the marks to say.
        #expect(try only(printed.replacing("(H)", with: "(U)")).cause != .highAtomic)
    }

    @Test func `a kill without its summary does not say whether nodes or zones kept it from memory elsewhere`() throws {
        var text = FailureText()
        text.header = "worker invoked oom-killer: gfp_mask=0x100cc0(GFP_USER), order=0, oom_score_adj=0"
        text.free = 3_000
        text.blocks = "750*4kB (U) 0*8kB"
        text.counters = "free:500750 free_pcp:0 free_cma:0"
        let more = text.text.replacing("250000 pages RAM", with: "1250000 pages RAM")
        #expect(try only(more + "\nOut of memory and no killable processes...\n").cause == .unknown)
        let summary =
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,pid=1,uid=0"
        #expect(try only(more + "\n\(summary)\n").cause == .movableOnly)
    }

    @Test func `a kill before any process that lost its totals is not told`() throws {
        var text = FailureText()
        text.header = "swapper/0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
        text.free = 1_000
        text.managed = 100_000
        text.blocks = "250*4kB (U) 0*8kB"
        text.counters = "free:250 free_pcp:0 free_cma:0"
        text.tail = "Kernel panic - not syncing: System is deadlocked on memory"
        let whole = text.text.replacing("25000 pages RAM", with: "250000 pages RAM")
            .replacing("0 pages reserved", with: "225000 pages reserved").replacing(
                "present:100000kB", with: "present:1000000kB")
        #expect(try only(whole).cause == .bootInitramfs)
        let cut = whole.split(separator: "\n").filter { !$0.hasSuffix("pages RAM") && !$0.hasSuffix("pages reserved") }
        #expect(try only(cut.joined(separator: "\n")).cause == .unknown)
    }

    @Test func `full swap is named where processes and page cache are one figure`() throws {
        let text = """
            shell invoked oom-killer: gfp_mask=0x201d2, order=0, oomkilladj=0
            Mem-info:
            Active:91264 inactive:90907 dirty:0 writeback:0 unstable:0
             free:1871 slab:6392 mapped:83 pagetables:857 bounce:0
            DMA free:3044kB min:72kB low:88kB high:108kB active:4088kB inactive:4008kB present:16256kB pages_scanned:1 \
            all_unreclaimable? yes
            lowmem_reserve[]: 0 745 745
            Normal free:4440kB min:3456kB low:4320kB high:5184kB active:360968kB inactive:359620kB present:763524kB \
            pages_scanned:1 all_unreclaimable? yes
            lowmem_reserve[]: 0 0 0
            DMA: 1*4kB 92*8kB 8*16kB 2*32kB 1*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 1*2048kB 0*4096kB = 3044kB
            Normal: 272*4kB 9*8kB 1*16kB 2*32kB 18*64kB 2*128kB 1*256kB 1*512kB 1*1024kB 0*2048kB 0*4096kB = 4440kB
            Free swap  = 0kB
            Total swap = 746980kB
            196480 pages of RAM
            0 pages of HIGHMEM
            2737 reserved pages
            Killed process 18662 (download)
            """
        func swap(_ text: String) throws -> Remedy? {
            try only(text).remedies.first { if case .moreSwap = $0.change { true } else { false } }
        }
        #expect(try only(text).cause == .memoryFull)
        #expect(try swap(text)?.odds == .likely)
        #expect(try swap(text.replacing("Free swap  = 0kB", with: "Free swap  = 700000kB")) == nil)
    }

    @Test func `what a CMA area's users have left says whether it is too small`() throws {
        func area(_ result: String, _ runs: String) throws -> FailureAnalysis {
            try only(
                """
                [  392.1] cma: cma_alloc: reserved: alloc failed, req-size: 4050 pages\(result)
                [  392.1] cma: number of available pages: \(runs) total pages
                [  392.1] cma: cma_alloc(): returned (null)
                """)
        }
        func isLargerProposed(_ analysis: FailureAnalysis) -> Bool {
            analysis.remedies.contains { $0.change == .contiguousArea(isLarger: true) }
        }
        let small = try area(", ret: -12", "72@184+3886@4306=> 3958 free of 8192")
        #expect(small.report.cma?.largestRun == 3886 && small.report.cma?.free == 3958)
        #expect(small.report.cma?.total == 8192 && small.cause == .cmaArea && isLargerProposed(small))
        let pinned = try area(", ret: -16", "6@8314+253648@8496=> 253654 free of 262144")
        #expect(pinned.cause == .cmaArea && !isLargerProposed(pinned))
        // Where the error is lost, a run that was there tells it.
        #expect(!isLargerProposed(try area("", "6@8314+253648@8496=> 253654 free of 262144")))
        #expect(isLargerProposed(try area("", "6@8314+3000@8496=> 3006 free of 8192")))
    }

    @Test func `free blocks without their zone's marks say what is CMA's, and no more`() throws {
        let found = try only(
            """
            [   36.172486] [03-19 10:05:52.172] Activity: page allocation failure: order:0, mode:0xc00(GFP_NOIO), \
            nodemask=(null),cpuset=foreground,mems_allowed=0
            [   36.189447] [03-19 10:05:52.189] DMA32: 0*4kB 447*8kB (C) 217*16kB (C) 124*32kB (C) 136*64kB (C) \
            70*128kB (C) 22*256kB (C) 3*512kB (C) 0*1024kB 0*2048kB 0*4096kB = 35848kB
            [   36.193125] [03-19 10:05:52.193] Normal: 231*4kB (UM) 49*8kB (M) 14*16kB (U) 13*32kB (U) 8*64kB (U) \
            2*128kB (U) 0*256kB 1*512kB (U) 0*1024kB 0*2048kB 0*4096kB = 3236kB
            """)
        #expect(found.report.process?.name == "Activity" && found.verdict == .undecided)
        #expect(found.zones.allSatisfy { $0.outcome == .notTold && $0.mark == nil })
        #expect(found.zones.reduce(0) { $0 + $1.cma } == 35_848 / 4)
    }
}

extension FailureAnalysis {
    fileprivate var process: String? { report.process?.name }
}
