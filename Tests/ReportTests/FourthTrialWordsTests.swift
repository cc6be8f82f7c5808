import FailureAnalysis
import KernelLog
import Testing

@testable import Report

/// What the fourth trial's kinds are told in words.
@Suite struct FourthTrialWordsTests {
    private func sentence(_ text: String, _ number: Int = 0) throws -> String {
        let all = FailureAnalysis.analyses(of: LogScanner.reports(in: text))
        try #require(all.indices.contains(number))
        return FailureSentence(analysis: all[number]).text
    }

    @Test func `who fills the zones that a request may use is told where others have plenty`() throws {
        let text = """
            systemd invoked oom-killer: gfp_mask=0x40cc0(GFP_KERNEL|__GFP_COMP), order=0, oom_score_adj=0
            CPU: 4 PID: 1 Comm: systemd Not tainted 5.4.51 #1
            Mem-Info:
            active_anon:60744 inactive_anon:109226 isolated_anon:0
             active_file:6418 inactive_file:3869 isolated_file:2
             unevictable:0 dirty:8 writeback:1 unstable:0
             slab_reclaimable:34660 slab_unreclaimable:795718
             mapped:1256 shmem:165765 pagetables:689 bounce:0
             free:340962 free_pcp:4672 free_cma:0
            Node 0 active_anon:242976kB inactive_anon:436904kB active_file:25672kB inactive_file:15476kB unevictable:0kB \
            isolated(anon):0kB isolated(file):8kB mapped:5024kB dirty:32kB writeback:4kB shmem:663060kB writeback_tmp:0kB \
            unstable:0kB all_unreclaimable? yes
            Node 0 Normal free:12652kB min:14344kB low:19092kB high:23840kB active_anon:55340kB inactive_anon:60276kB \
            active_file:60kB inactive_file:128kB unevictable:0kB writepending:4kB present:6220656kB managed:4750196kB \
            mlocked:0kB kernel_stack:9568kB pagetables:2756kB bounce:0kB free_pcp:10056kB local_pcp:1376kB free_cma:0kB
            lowmem_reserve[]: 0 15360 15360
            Node 0 Movable free:1351196kB min:2544kB low:4508kB high:6472kB active_anon:188352kB inactive_anon:376856kB \
            active_file:26120kB inactive_file:15308kB unevictable:0kB writepending:32kB present:1966080kB \
            managed:1966080kB mlocked:0kB kernel_stack:0kB pagetables:0kB bounce:0kB free_pcp:8632kB local_pcp:1336kB \
            free_cma:0kB
            lowmem_reserve[]: 0 0 0
            Node 0 Normal: 3163*4kB (UME) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 12652kB
            Node 0 Movable: 1*4kB (M) 1*8kB (M) 1*16kB (M) 0*32kB 0*64kB 0*128kB 0*256kB 1*512kB (M) 1*1024kB (M) \
            1*2048kB (M) 329*4096kB (M) = 1351196kB
            176215 total pagecache pages
            2046684 pages RAM
            0 pages HighMem/MovableOnly
            367615 pages reserved
            Unreclaimable slab info:
            Name                      Used          Total
            leak_object             2449340KB    2449340KB
            kmalloc-512               87024KB      94124KB
            [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
            [    238]     0   238     3446     1394    61440        0         -1000 udevd
            Out of memory and no killable processes...
            Kernel panic - not syncing: System is deadlocked on memory
            """
        let told = try sentence(text)
        #expect(told.contains("of 4.5 GiB, of which 3 GiB are unreclaimable slab"))
        #expect(told.contains("most of it leak_object (2.3 GiB)"))
    }

    @Test func `who asked vmalloc for the room is told`() throws {
        let text = """
            vmap allocation for size 430080 failed: use vmalloc=<size> to increase size
            loader: vmalloc: allocation failure: 425984 bytes, mode:0x14000c0(GFP_KERNEL), nodemask=(null)
            CPU: 0 PID: 1134 Comm: loader Not tainted 4.14.107 #0
            [<c0631ee8>] (dump_stack) from [<c01b1904>] (warn_alloc+0xbc/0x168)
            [<c01b1904>] (warn_alloc) from [<c01de158>] (__vmalloc_node_range+0x228/0x234)
            [<c01de158>] (__vmalloc_node_range) from [<c010c0b8>] (module_alloc+0x4c/0x54)
            """
        let told = try sentence(text)
        #expect(told.hasPrefix("A vmalloc of 420 KiB made by module_alloc failed before any page was asked for"))
    }

    @Test func `of a report without a head the trace before it says who asked`() throws {
        let text = """
             [<ffffffff8115c4e1>] __alloc_pages_nodemask+0x423/0x468
             [<ffffffffa0104de7>] netvsc_recv_callback+0x80/0x190 [hv_netvsc]
            Mem-Info:
            active_anon:1 inactive_anon:1 isolated_anon:0
             free:4113 free_pcp:0 free_cma:0
            """
        let told = try sentence(text)
        #expect(told.hasPrefix("A request made by netvsc_recv_callback (hv_netvsc)"))
        #expect(told.contains("as the beginning of the report is missing. Who has most of the memory is not stated."))
    }
}
