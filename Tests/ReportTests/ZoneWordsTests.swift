import FailureAnalysis
import KernelLog
import Testing

@testable import Report

/// What is said where a request has no zone to look in, or a report does not say what there is.
@Suite struct ZoneWordsTests {
    private func report(_ text: String) throws -> FailureAnalysisReport {
        FailureAnalysisReport(try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text)).first))
    }

    /// A kernel that writes a crash dump, whose memory is all above what `GFP_DMA` may use.
    private func dump(_ zone: String, _ mask: String, reserve: String = "0 0 0 0 0") -> String {
        """
        swapper/0: page allocation failure: order:6, mode:\(mask), nodemask=(null),cpuset=/,mems_allowed=0
        CPU: 0 PID: 1 Comm: swapper/0 Not tainted 5.7.0-test.aarch64 #1
        Mem-Info:
        active_anon:0 inactive_anon:0 isolated_anon:0
         active_file:0 inactive_file:0 isolated_file:0
         unevictable:0 dirty:0 writeback:0 unstable:0
         slab_reclaimable:300 slab_unreclaimable:1000
         mapped:0 shmem:0 pagetables:10 bounce:0
         free:1600000 free_pcp:0 free_cma:0
        Node 0 active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB all_unreclaimable? no
        Node 0 \(zone) free:6400000kB min:8000kB low:10000kB high:12000kB reserved_highatomic:0KB active_anon:0kB \
        inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:6553600kB \
        managed:6500000kB mlocked:0kB kernel_stack:0kB pagetables:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
        lowmem_reserve[]: \(reserve)
        Node 0 \(zone): 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 1*2048kB (M) \
        1562*4096kB (M) = 6400000kB
        0 total pagecache pages
        Free swap  = 0kB
        Total swap = 0kB
        1638400 pages RAM
        0 pages HighMem/MovableOnly
        13400 pages reserved
        """
    }

    @Test func `a request for ZONE_DMA where no memory lies there is told so`() throws {
        let report = try report(dump("Normal", "0xcc1(GFP_KERNEL|GFP_DMA)"))
        #expect(report.analysis.cause == .zoneExhausted)
        #expect(
            report.sentence.contains("no zone that its mask allows has any memory, while 6.1 GiB are free in others"))
    }

    @Test func `a whole report without any zone says that the mask allows none, by kernels that leave the others out`()
        throws
    {
        func report(_ mask: String, release: String = "6.6.0-test") throws -> FailureAnalysisReport {
            let lines = dump("Normal", mask).replacing("5.7.0-test.aarch64", with: release).split(separator: "\n")
            return try self.report(
                lines.filter { !$0.hasPrefix("Node 0") && !$0.hasPrefix("lowmem_reserve") }
                    .joined(separator: "\n"))
        }
        let small = try report("0xcc4(GFP_KERNEL|GFP_DMA32)")
        #expect(small.analysis.cause == .zoneExhausted && small.analysis.isRefused == true)
        #expect(small.sentence.contains("no zone that its mask allows has any memory"), "\(small.sentence)")
        #expect(try report("0xcc0(GFP_KERNEL)").analysis.cause == .movableOnly)
        // Older kernels list all zones: there the lines are lost.
        #expect(try report("0xcc4(GFP_KERNEL|GFP_DMA32)", release: "5.10.0").analysis.cause == .unknown)
    }

    @Test func `a slab cache that got no memory is named`() throws {
        let report = try report(
            "SLAB: Unable to allocate memory on node 0 (gfp=0x20)\n  cache: size-4096, object size: 4096, order: 0\n")
        #expect(report.sentence.contains("for the slab cache size-4096"), "\(report.sentence)")
    }

    @Test func `a request that may not use the only zone there is, ZONE_MOVABLE, is told so`() throws {
        let report = try report(dump("Movable", "0xcc0(GFP_KERNEL)"))
        #expect(report.analysis.cause == .movableOnly)
        #expect(
            report.sentence.contains(
                "have ZONE_MOVABLE only, where 6.1 GiB are free, which only movable requests may use"),
            "\(report.sentence)")
        #expect(!report.sentence.contains("must stay free (0 B)"))
    }

    @Test func `a reserve beyond all memory is not stated, rather than nothing or all of it`() throws {
        let report = try report(dump("Normal", "0xcc0(GFP_KERNEL)", reserve: "0 0 72057594037927865"))
        #expect(report.analysis.zones.map(\.lowmemReserve) == [nil])
        #expect(report.text().contains("not stated"))
    }

    @Test func `a kill whose report is lost is told as a kill`() throws {
        let report = try report("Out of memory: Killed process 537 (login) total-vm:27584kB, anon-rss:860kB\n")
        #expect(report.sentence.hasPrefix("A process was killed for want of memory"))
        #expect(report.killed == "login (537), which had 860 KiB")
    }

    @Test func `free blocks without marks say what belongs to CMA`() throws {
        let report = try report(
            """
            app: page allocation failure: order:0, mode:0xc00(GFP_NOIO), nodemask=(null),cpuset=/,mems_allowed=0
            DMA32: 0*4kB 447*8kB (C) 217*16kB (C) 124*32kB (C) 136*64kB (C) 70*128kB (C) 22*256kB (C) 3*512kB (C) \
            0*1024kB 0*2048kB 0*4096kB = 35848kB
            Normal: 231*4kB (UM) 49*8kB (M) 14*16kB (U) 13*32kB (U) 8*64kB (U) 2*128kB (U) 0*256kB 1*512kB (U) 0*1024kB \
            0*2048kB 0*4096kB = 3236kB
            """)
        #expect(report.sentence.contains("Of the 38.2 MiB that are free, 35 MiB are in CMA"), "\(report.sentence)")
    }

    @Test func `why a CMA area gave nothing is told by its error and its longest run`() throws {
        func sentence(_ result: Int, _ runs: String) throws -> String {
            try report(
                """
                cma: cma_alloc: alloc failed, req-size: 4050 pages, ret: \(result)
                cma: number of available pages: \(runs) total pages
                """
            ).sentence
        }
        let small = try sentence(-12, "72@184+3886@4306=> 3958 free of 8192")
        #expect(small.contains("the longest run that its users have left is of 3886 pages, of 3958 in all and 8192"))
        #expect(small.contains("cma= makes the area larger"))
        let pinned = try sentence(-16, "253648@8496=> 253648 free of 262144")
        #expect(pinned.contains("could not be moved: pinned") && !pinned.contains("cma="))
        #expect(try sentence(-4, "3886@4306=> 3886 free of 8192").contains("a signal came"))
    }
}
