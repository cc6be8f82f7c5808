import BuddyEngine
import FailureAnalysis
import GFP
import KernelLog
import PageAllocator
import Testing
import Topology

@testable import Report

/// What is told about a kill where the log leaves something open.
@Suite struct KillWordsTests {
    @Test func `a kernel that prints no node mask is told to leave open which nodes a kill was bound to`() throws {
        let nodes = (0..<2).map { node in
            Topology.Node(
                id: NodeID(node), cpus: [CPUID(node)],
                memory: [PageFrame(4096 + node * 8192)..<PageFrame(4096 + (node + 1) * 8192)])
        }
        func sentence(_ kernel: KernelVersion) throws -> String {
            var machine = try Machine(Topology(architecture: .amd64, kernel: kernel, nodes: nodes))
            let start = machine.snapshot()
            let series = machine.make(
                AllocationRequest(.GFP_KERNEL, order: 3), by: TaskPlacement(.bind(NodeMask([1]))), count: nil)
            let log = WrittenReport(series, on: machine.snapshot(), start: start).text
            return FailureAnalysisReport(FailureAnalysis(try #require(LogScanner.reports(in: log).first))).sentence
        }
        #expect(try sentence(KernelVersion(3, 10)).contains("or the request was bound to node 1, which is full"))
        #expect(try !sentence(KernelVersion(6, 1)).contains("does not print the nodes"))
    }

    private func sentence(_ text: String) throws -> String {
        FailureAnalysisReport(FailureAnalysis(try #require(LogScanner.reports(in: text).first))).sentence
    }

    @Test
    func `page cache that a kill could not be spared by is told with what must be written first, and not with swap`()
        throws
    {
        let zone =
            "active_file:3000000kB inactive_file:600000kB unevictable:0kB writepending:400000kB present:4000000kB "
            + "managed:4000000kB mlocked:0kB"
        let text = """
            reader invoked oom-killer: gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=(null), order=0, oom_score_adj=0
            CPU: 1 PID: 29 Comm: reader Not tainted 4.9.0-test #1
            Mem-Info:
            active_anon:9000 inactive_anon:9000 isolated_anon:0
             active_file:750000 inactive_file:150000 isolated_file:0
             unevictable:0 dirty:99000 writeback:1000 unstable:0
             slab_reclaimable:20000 slab_unreclaimable:20000
             mapped:7000 shmem:3000 pagetables:1700 bounce:0
             free:5000 free_pcp:0 free_cma:0
            Node 0 Normal free:20000kB min:22000kB low:27000kB high:33000kB active_anon:36000kB inactive_anon:36000kB \(zone)
            lowmem_reserve[]: 0 0 0 0
            Node 0 Normal: 5000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 20000kB
            Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB
            900000 total pagecache pages
            Free swap  = 800000kB
            Total swap = 900000kB
            1000000 pages RAM
            0 pages reserved
            Out of memory: Kill process 37 (agent) score 2 or sacrifice child
            Killed process 37 (agent) total-vm:3844004kB, anon-rss:49616kB, file-rss:13028kB, shmem-rss:0kB
            """
        let told = try sentence(text)
        #expect(told.contains("is page cache, of which 390.6 MiB must be written first"), "\(told)")
        #expect(!told.contains("swap"), "\(told)")
    }

    @Test func `a kill whose head is lost is told with the policy that bound it`() throws {
        let told = try sentence(
            """
            Node 1 DMA32 free:34068kB min:32016kB low:40020kB high:48024kB inactive_anon:778076kB managed:866920kB
            oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=1,cpuset=/,mems_allowed=0-1,global_oom,task_memcg=/,task=m,pid=7,uid=0
            Out of memory: Killed process 7 (m) total-vm:239028kB, anon-rss:236300kB, file-rss:200kB, shmem-rss:0kB
            """)
        #expect(told.hasPrefix("A process was killed for want of memory"), "\(told)")
        #expect(told.contains("A memory policy bound the request to node 1."), "\(told)")
    }

    @Test func `a slab cache of a memory cgroup points to the group's limit`() throws {
        let told = try sentence(
            """
            SLUB: Unable to allocate memory on node -1, gfp=0xa20(GFP_ATOMIC)
              cache: sock_v6(960:web), object size: 232, buffer size: 240, default order: 1, min order: 0
              node 0: slabs: 5, objs: 170, free: 0
            """)
        #expect(told.contains("the memory cgroup web's own"), "\(told)")
    }
}
