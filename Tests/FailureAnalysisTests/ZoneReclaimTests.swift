import KernelLog
import Testing

@testable import FailureAnalysis

/// `vm.zone_reclaim_mode`: of several nodes each may keep something of its own free.
@Suite struct ZoneReclaimTests {
    /// Node 0 is full of page cache, and a request tied to it is refused.
    private static func text(cache: Int, nodes: Int) -> String {
        func zone(_ node: Int, free: Int, cache: Int) -> String {
            """
            Node \(node) Normal free:\(free)kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB \
            active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:\(cache)kB unevictable:0kB writepending:0kB \
            present:1000000kB managed:1000000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
            lowmem_reserve[]: 0 0 0 0 0
            """
        }
        let frees = (0..<nodes).map { $0 == 0 ? 3_200 : 320_000 }
        let zones = frees.enumerated().map { zone($0.offset, free: $0.element, cache: cache) }
        let blocks = frees.enumerated().map { node, free in
            "Node \(node) Normal: \(free / 4)*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB "
                + "0*4096kB = \(free)kB"
        }
        return """
            worker: page allocation failure: order:0, mode:0x800(GFP_NOWAIT), nodemask=0,cpuset=/,mems_allowed=0-\(nodes - 1)
            CPU: 0 PID: 100 Comm: worker Not tainted 6.1.0-28-amd64 #1
            Mem-Info:
            active_anon:0 inactive_anon:0 isolated_anon:0
             active_file:0 inactive_file:\(cache / 4 * nodes) isolated_file:0
             unevictable:0 dirty:0 writeback:0
             slab_reclaimable:0 slab_unreclaimable:1000
             mapped:0 shmem:0 pagetables:10
             free:\(frees.reduce(0, +) / 4) free_pcp:0 free_cma:0
            \((zones + blocks).joined(separator: "\n"))
            0 total pagecache pages
            Free swap  = 0kB
            Total swap = 0kB
            \(250_000 * nodes) pages RAM
            0 pages HighMem/MovableOnly
            0 pages reserved
            """
    }

    private func isListed(cache: Int, nodes: Int) throws -> Bool {
        let reports = LogScanner.reports(in: Self.text(cache: cache, nodes: nodes))
        let analysis = try #require(FailureAnalysis.analyses(of: reports).first)
        #expect(analysis.isRefused == true)
        return analysis.remedies.contains { if case .zoneReclaim = $0.change { true } else { false } }
    }

    @Test func `zone_reclaim_mode is named where a node of several has cache to give`() throws {
        #expect(try isListed(cache: 400_000, nodes: 2))
        #expect(try !isListed(cache: 0, nodes: 2))
        #expect(try !isListed(cache: 400_000, nodes: 1))
    }
}
