import KernelLog
import Testing

@testable import FailureAnalysis

/// Kills for the two pages of a new task's stack, as kernels before 4.4 reported them: few blocks are left where memory is
/// used up, and what is to be told is who has it.
@Suite struct ForkedProcessTests {
    /// - Parameters:
    ///   - free: Single pages and blocks of two.
    ///   - file: Pages of page cache.
    private func kill(
        free: (singles: Int, pairs: Int), anonymous: Int = 1200, file: Int = 30, slab: Int = 64_000,
        pageTables: Int = 52_000
    ) throws -> FailureAnalysis {
        let pages = free.singles + 2 * free.pairs
        let text = """
            msgtest invoked oom-killer: gfp_mask=0xd0, order=1, oom_adj=0
            msgtest cpuset=/ mems_allowed=0
            Pid: 7000, comm: msgtest Not tainted 2.6.31-test #2
            Call Trace:
             [<ffffffff81080811>] ? __out_of_memory+0x12f/0x146
             [<ffffffff81080895>] out_of_memory+0x6d/0xaf
             [<ffffffff810836a5>] __alloc_pages_nodemask+0x42b/0x517
             [<ffffffff810309b7>] copy_process+0x95/0x119b
             [<ffffffff81031bec>] do_fork+0x12f/0x2a5
            Mem-Info:
            Node 0 DMA32 per-cpu:
            CPU    0: hi:  186, btch:  31 usd:  29
            active_anon:\(anonymous) inactive_anon:0 isolated_anon:0
             active_file:\(file) inactive_file:\(file) isolated_file:0
             unevictable:0 dirty:0 writeback:0 unstable:0 buffer:0
             free:\(pages) slab_reclaimable:4000 slab_unreclaimable:\(slab)
             mapped:20 shmem:0 pagetables:\(pageTables) bounce:0
            Node 0 DMA32 free:\(pages * 4)kB min:4000kB low:5000kB high:6000kB active_anon:\(anonymous * 4)kB inactive_anon:0kB \
            active_file:\(file * 4)kB inactive_file:\(file * 4)kB unevictable:0kB present:1016064kB pages_scanned:9000 \
            all_unreclaimable? yes
            lowmem_reserve[]: 0 0 0 0
            Node 0 DMA32: \(free.singles)*4kB \(free.pairs)*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB \
            0*2048kB 0*4096kB = \(pages * 4)kB
            100 total pagecache pages
            Swap cache stats: add 0, delete 0, find 0/0
            Free swap  = 0kB
            Total swap = 0kB
            255744 pages RAM
            5589 pages reserved
            Out of memory: kill process 6800 (msgtest) score 3700 or a child
            Killed process 6810 (msgtest)
            """
        return FailureAnalysis(try #require(LogScanner.reports(in: text).first))
    }

    @Test func `a new task refused among very many is no fragmentation`() throws {
        let found = try kill(free: (1100, 20))
        #expect(found.isRefused == true && found.cause == .forkBomb)
    }

    @Test func `who has most of the memory is told where it is not the tasks' own`() throws {
        let processes = try kill(free: (1100, 20), anonymous: 190_000, slab: 3000, pageTables: 900)
        #expect(processes.isRefused == true && processes.cause == .processMemory)
        let slab = try kill(free: (1100, 20), slab: 180_000, pageTables: 900)
        #expect(slab.cause == .slabLeak)
    }

    @Test func `pages in plenty and few blocks are fragmentation`() throws {
        let found = try kill(free: (9000, 20), anonymous: 90_000, slab: 3000, pageTables: 900)
        #expect(found.isRefused == true && found.cause == .fragmentation)
        // What reclaim could have given counts as free.
        let cached = try kill(free: (1100, 20), anonymous: 90_000, file: 50_000, slab: 3000, pageTables: 900)
        #expect(cached.isRefused == true && cached.cause == .fragmentation)
    }
}
