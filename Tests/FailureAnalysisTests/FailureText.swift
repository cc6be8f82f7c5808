/// Reports written for tests, in the form of 6.1.
struct FailureText {
    var header =
        "worker: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0"
    var counters = "free:16000 free_pcp:0 free_cma:0"
    /// KiB.
    var free = 64_000
    var boost = 0
    var min = 4_000
    var reservedHighAtomic = 0
    var managed = 1_000_000
    var fileCache = 0
    var freeCMA = 0
    var release = "6.1.0-28-amd64"
    /// More figures at the end of the node's line, and of the zone's.
    var nodeFigures = ""
    var zoneFigures = ""
    /// KiB.
    var freeSwap = 0
    var totalSwap = 0
    /// Lines after the totals.
    var tail = ""
    /// From order 0 on.
    var blocks = "16000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB"

    var text: String {
        let low = min + min / 4
        let high = min + min / 2
        return """
            \(header)
            CPU: 0 PID: 100 Comm: worker Not tainted \(release) #1  Debian 6.1.119-1
            Mem-Info:
            active_anon:0 inactive_anon:0 isolated_anon:0
             active_file:0 inactive_file:\(fileCache / 4) isolated_file:0
             unevictable:0 dirty:0 writeback:0
             slab_reclaimable:0 slab_unreclaimable:1000
             mapped:0 shmem:0 pagetables:10
             \(counters)
            Node 0 active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:\(fileCache)kB unevictable:0kB \
            all_unreclaimable? no\(nodeFigures)
            Node 0 Normal free:\(free)kB boost:\(boost)kB min:\(min + boost)kB low:\(low + boost)kB high:\(high + boost)kB \
            reserved_highatomic:\(reservedHighAtomic)KB active_anon:0kB inactive_anon:0kB active_file:0kB \
            inactive_file:\(fileCache)kB unevictable:0kB writepending:0kB\(zoneFigures) present:\(managed)kB managed:\(managed)kB \
            mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:\(freeCMA)kB
            lowmem_reserve[]: 0 0 0 0 0
            Node 0 Normal: \(blocks) = \(free)kB
            0 total pagecache pages
            0 pages in swap cache
            Free swap  = \(freeSwap)kB
            Total swap = \(totalSwap)kB
            \(managed / 4) pages RAM
            0 pages HighMem/MovableOnly
            0 pages reserved
            \(tail)
            """
    }
}
