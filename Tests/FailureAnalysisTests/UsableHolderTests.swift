import KernelLog
import Testing

@testable import FailureAnalysis

/// Who has the memory that the request could have had: not who has the rest.
@Suite struct UsableHolderTests {
    /// A kernel's request on a machine of which three quarters are ZONE_MOVABLE, full of a process.
    private static func text(slab: Int, stacks: Int) -> String {
        """
        worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
        CPU: 0 PID: 100 Comm: worker Not tainted 6.1.0-28-amd64 #1  Debian 6.1.119-1
        Mem-Info:
        active_anon:700000 inactive_anon:0 isolated_anon:0
         active_file:0 inactive_file:0 isolated_file:0
         unevictable:0 dirty:0 writeback:0
         slab_reclaimable:0 slab_unreclaimable:\(slab)
         mapped:0 shmem:0 pagetables:2000
         free:8000 free_pcp:0 free_cma:0
        Node 0 active_anon:2800000kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB \
        kernel_stack:\(stacks)kB all_unreclaimable? yes
        Node 0 Normal free:4000kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB \
        active_anon:40000kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB \
        present:1000000kB managed:1000000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
        lowmem_reserve[]: 0 0 0 23437 23437
        Node 0 Movable free:28000kB boost:0kB min:12000kB low:15000kB high:30000kB reserved_highatomic:0KB \
        active_anon:2760000kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB \
        present:3000000kB managed:3000000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
        lowmem_reserve[]: 0 0 0 0 0
        Node 0 Normal: 1000*4kB (U) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 4000kB
        Node 0 Movable: 7000*4kB (M) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 28000kB
        0 total pagecache pages
        Free swap  = 0kB
        Total swap = 0kB
        1000000 pages RAM
        0 pages HighMem/MovableOnly
        0 pages reserved
        oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=big,pid=200,uid=0
        Out of memory: Killed process 200 (big) total-vm:2900000kB, anon-rss:2800000kB, file-rss:0kB, shmem-rss:0kB, UID:0
        """
    }

    private func analysis(slab: Int, stacks: Int) throws -> FailureAnalysis {
        let text = Self.text(slab: slab, stacks: stacks)
        return try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: text)).first)
    }

    @Test func `a process in ZONE_MOVABLE is not what a kernel's request lacks`() throws {
        let analysis = try analysis(slab: 200_000, stacks: 4_000)
        #expect(analysis.cause == .slabLeak)
        #expect(analysis.usable?.managed == 250_000)
        #expect(analysis.usable?.pages(.processes) == 10_000)
        // The whole machine's account stays as it is.
        #expect(analysis.account?.pages(.processes) == 700_000)
    }

    @Test func `slab caches of very many tasks are a fork bomb's`() throws {
        let analysis = try analysis(slab: 150_000, stacks: 200_000)
        #expect(analysis.cause == .forkBomb)
    }
}
