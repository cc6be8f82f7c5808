import GFP
import KernelLog
import SourceText
import Testing

@testable import FailureAnalysis

/// The kinds that a fourth trial of logs nobody had used told wrongly or in part, each in a log of our own.
@Suite struct FourthBlindTrialTests {
    private func all(_ text: String) -> [FailureAnalysis] { FailureAnalysis.analyses(of: LogScanner.reports(in: text)) }

    private func only(_ text: String) throws -> FailureAnalysis {
        let found = all(text)
        try #require(found.count == 1)
        return found[0]
    }

    // MARK: Counters lost with the head

    /// A report of 6.1 whose first lines, with the counters of processes and slab, are lost.
    private func withoutHead(node: String) -> String {
        """
         active_file:460 inactive_file:545 isolated_file:0
         unevictable:0 dirty:56 writeback:0
         slab_reclaimable:3000 slab_unreclaimable:4000
         mapped:848 shmem:263 pagetables:3506
         sec_pagetables:0 bounce:0
         kernel_misc_reclaimable:0
         free:16000 free_pcp:0 free_cma:0
        \(node)
        Node 0 Normal free:64000kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB \
        active_anon:56024kB inactive_anon:740000kB active_file:1840kB inactive_file:2180kB unevictable:0kB \
        writepending:0kB present:1000000kB managed:1000000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
        lowmem_reserve[]: 0 0 0 0 0
        Node 0 Normal: 16000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 64000kB
        1100 total pagecache pages
        250000 pages RAM
        0 pages HighMem/MovableOnly
        0 pages reserved
        """
    }

    private static let node =
        "Node 0 active_anon:56364kB inactive_anon:740000kB active_file:1840kB inactive_file:2180kB unevictable:0kB "
        + "isolated(anon):0kB isolated(file):0kB mapped:3392kB dirty:224kB writeback:0kB shmem:1052kB kernel_stack:1000kB "
        + "pagetables:14024kB sec_pagetables:0kB all_unreclaimable? no"

    @Test func `a node's line stands in for the lost counters of the machine`() throws {
        let account = try #require(try only(withoutHead(node: Self.node)).account)
        #expect(account.isComplete && account.pages(.processes) == (56364 + 740_000) / 4 - 263)
        #expect(account.largestInUse?.kind == .processes && account.pages(.unaccounted) < 25000)
    }

    @Test func `a machine has no less than its nodes: a figure of a line broken within a name is another's`() throws {
        // `active_anon:14091 in` and `active_anon:185000 isolated_anon:0`, of `inactive_anon`, and the other way round.
        for own in ["active_anon:1973 isolated_anon:0", "inactive_anon:1973 isolated_anon:0"] {
            let text = withoutHead(node: Self.node).replacing(" active_file:460", with: " \(own)\n active_file:460")
            let account = try #require(try only(text).account)
            #expect(account.isComplete && account.largestInUse?.kind == .processes)
            #expect(account.pages(.unaccounted) < 25000)
        }
    }

    @Test func `without any line of them nobody knows how much is on no counter`() throws {
        let account = try #require(
            try only(withoutHead(node: "").replacing("active_anon:56024kB inactive_anon:740000kB ", with: "")).account)
        #expect(!account.isComplete && account.pages(.unaccounted) == 0 && !account.hasCertainLargest)
        #expect(account.managed == 250_000)
    }

    @Test func `zones' lines alone say what those zones hold`() throws {
        let zone =
            "Node 0 Normal free:8700kB min:22000kB low:41000kB high:61000kB active_anon:12300000kB "
            + "inactive_anon:6760000kB active_file:42000kB inactive_file:20000kB unevictable:11000kB writepending:0kB "
            + "present:19818000kB managed:19502000kB mlocked:0kB kernel_stack:2404kB pagetables:1146kB bounce:0kB "
            + "free_pcp:940kB local_pcp:96kB free_cma:0kB\nlowmem_reserve[]: 0 0 0 0\n"
        let found = try only(zone + zone.replacing("Node 0", with: "Node 1"))
        let account = try #require(found.account)
        #expect(account.managed == nil && account.listed == 2 * 19_502_000 / 4 && !account.isComplete)
        #expect(account.largestInUse?.kind == .processes && account.pages(.processes) > 9_000_000)
    }

    @Test func `where the machine prints no counter, zones still say that none had a block`() throws {
        let found = try only(
            """
            loader invoked oom-killer: gfp_mask=0x6000c0(GFP_KERNEL), nodemask=(null), order=3, oom_score_adj=0
            Task in /user.slice killed as a result of limit of host
            Node 0 Normal free:23500kB min:15892kB low:19864kB high:23836kB active_anon:308kB inactive_anon:194492kB \
            active_file:384kB inactive_file:420kB writepending:464kB present:917504kB managed:852784kB mlocked:0kB \
            kernel_stack:2928kB pagetables:9188kB bounce:0kB
            lowmem_reserve[]: 0 0 0
            Node 0 Normal: 1325*4kB (UME) 966*8kB (UME) 675*16kB (UME) 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB \
            0*2048kB 0*4096kB = 23828kB
            """)
        #expect(found.cause == .unknown && !found.gaps.contains { if case .counters = $0 { true } else { false } })
        #expect(found.account?.isComplete == false && found.account?.pages(.processes) == 194_800 / 4)
    }

    // MARK: Asked for in a debugger

    @Test(arguments: ["3:mon> mi", "> 1:mon> mi", "mon> mi", "<4>[   12.345678] 0:mon> mi"])
    func `what a debugger's command printed is no failure, and zones without pages are none`(_ prompt: String) throws {
        let quote = prompt.hasPrefix("> ") ? "> " : ""
        let lines = [
            "Mem-info:", "Node 0 DMA per-cpu:", "cpu 0 hot: high 6, batch 1 used:5", "Node 0 HighMem per-cpu: empty",
            "Free pages:       36288kB (0kB HighMem)",
            "Active:25944 inactive:88655 dirty:13 writeback:11 unstable:0 free:567 slab:9664 mapped:468 pagetables:3094",
            "Node 0 DMA free:36288kB min:11584kB low:14464kB high:17344kB active:1660416kB inactive:5673920kB "
                + "present:8388608kB pages_scanned:0 all_unreclaimable? no",
            "lowmem_reserve[]: 0 0 0 0",
            "Node 0 HighMem free:0kB min:2048kB low:2048kB high:2048kB active:0kB inactive:0kB present:0kB "
                + "pages_scanned:0 all_unreclaimable? no",
            "lowmem_reserve[]: 0 0 0 0",
            "Node 0 DMA: 73*64kB 109*128kB 15*256kB 3*512kB 0*1024kB 2*2048kB 0*4096kB 1*8192kB 0*16384kB = 36288kB",
            "Node 0 HighMem: empty", "131072 pages of RAM", "601 reserved pages",
        ]
        let text = prompt + "\n" + lines.map { quote + $0 }.joined(separator: "\n")
        let found = try only(text)
        #expect(found.cause == .none && found.report.kind == .sysrqShowMemory)
        let cut = try only(lines.joined(separator: "\n"))
        #expect(cut.cause == .unknown && cut.zones.map(\.zone.kind) == [.dma])
    }

    // MARK: vmalloc

    private static let room = "vmap allocation for size 430080 failed: use vmalloc=<size> to increase size"

    @Test(arguments: [
        "loader: vmalloc: allocation failure: 425984 bytes, mode:0x14000c0(GFP_KERNEL), nodemask=(null)",
        "loader: vmalloc: allocation failure: 422000 bytes, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0",
        "loader: vmalloc error: size 425984, vm_struct allocation failed, mode:0xcc0(GFP_KERNEL), nodemask=(null)",
        "vmalloc: allocation failure: 425984 bytes\nloader: page allocation failure: order:0, mode:0xd2",
    ])
    func `no room for a vmalloc is one report, with who asked`(_ failure: String) throws {
        let found = try only(
            "\(Self.room)\n\(failure)\nCPU: 0 PID: 11 Comm: loader Not tainted 4.14.107 #0\nMem-Info:\n"
                + " free:16000 free_pcp:0 free_cma:0\n")
        #expect(found.cause == .vmallocSize && found.verdict == .notAsked(.vmallocWithoutRoom))
        #expect(found.report.process?.name == "loader" && found.report.vmalloc?.size == 430080)
    }

    @Test func `a vmalloc of another size is another report`() {
        let other = "loader: vmalloc: allocation failure: 8192 bytes, mode:0x14000c0(GFP_KERNEL), nodemask=(null)"
        #expect(all("\(Self.room)\n\(other)\n").count == 2)
    }

    @Test func `a vmalloc that asked for no page was refused for its size`() throws {
        let line = "loader: vmalloc: allocation failure: 425984 bytes, mode:0x14000c0(GFP_KERNEL), nodemask=(null)\n"
        #expect(try only(line).verdict == .notAsked(.vmallocOfSize))
        let known = line + "Mem-Info:\n free:16000 free_pcp:0 free_cma:0\n65536 pages RAM\n"
        #expect(try only(known).verdict == .notAsked(.vmallocWithoutRoom))
        let large = known.replacing("425984 bytes", with: "425984000 bytes")
        #expect(try only(large).verdict == .notAsked(.vmallocAboveMemory))
        // This one ran out of pages.
        let pages = known.replacing("failure: 425984 bytes", with: "failure, allocated 4096 of 425984 bytes")
        #expect(try only(pages).verdict == .notRebuilt(.noZones))
    }
}

extension FourthBlindTrialTests {
    // MARK: Who asked

    @Test func `names that klogd wrote are passed over, and so is an interrupt on a sleeper's stack`() throws {
        let text = """
            Xorg invoked oom-killer: gfp_mask=0x2d0, order=0, oomkilladj=0
            Pid: 6186, comm: Xorg Tainted: P        2.6.24-19-generic #1
             [oom_kill_process+0x10a/0x120] oom_kill_process+0x10a/0x120
             [out_of_memory+0x167/0x1a0] out_of_memory+0x167/0x1a0
             [agpgart:__alloc_pages+0x36c/0x3a0] __alloc_pages+0x36c/0x3a0
             [apic_timer_interrupt+0x28/0x30] apic_timer_interrupt+0x28/0x30
             [gpu:kunmap_atomic+0x3d/0x2f30] kunmap_atomic+0x3d/0xb0
             [ext3:__get_free_pages+0x37/0x820] __get_free_pages+0x37/0x50
             [<f97102f9>] gpu_vm_pages+0x109/0x310 [gpu]
            """
        let found = try only(text)
        #expect(found.requester?.function == "gpu_vm_pages" && found.requester?.module == "gpu")
    }

    @Test func `swap's own functions are not the allocator's, and do not wait within reclaim`() throws {
        let text = """
            prime: page allocation failure: order:0, mode:0xc0de0(GFP_KERNEL|__GFP_HIGH|__GFP_COMP|__GFP_NOMEMALLOC), \
            nodemask=(null),cpuset=/,mems_allowed=0
            CPU: 3 UID: 1000 PID: 4108 Comm: prime Not tainted 7.1.5 #1 PREEMPT
            Call Trace:
             warn_alloc+0x131/0x1d0
             __alloc_pages_slowpath+0x11f9/0x1270
             __alloc_frozen_pages_noprof+0x23b/0x320
             cluster_alloc_swap_entry+0x111/0x300
             folio_alloc_swap+0x237/0x440
             shrink_folio_list+0x753/0x15d0
            """
        let found = try only(text)
        #expect(found.requester?.function == "cluster_alloc_swap_entry")
        #expect(found.request?.maySleep == false)
        #expect(found.assumptions.contains(.askedByReclaim(mayUseReserves: false)))
        let free = try only(text.replacing("|__GFP_NOMEMALLOC", with: ""))
        #expect(free.assumptions.contains(.askedByReclaim(mayUseReserves: true)))
    }

    @Test func `the trace right before a report without a head says who asked`() throws {
        let trace = """
            Nov 14 13:06:58 box kernel: [19625.084000]  [__alloc_pages+769/800] __alloc_pages+0x301/0x320
            Nov 14 13:06:58 box kernel: [19625.084000]  [__slab_alloc+362/976] __slab_alloc+0x16a/0x3d0
            Nov 14 13:06:58 box kernel: [19625.084000]  [__alloc_skb+87/288] __alloc_skb+0x57/0x120
            Nov 14 13:06:58 box kernel: [19625.084000]  [<e08d7057>] nic_interrupt+0x647/0xb00 [nic]
            Nov 14 13:06:58 box kernel: [19625.084000]  [do_IRQ+55/112] do_IRQ+0x37/0x70
            Nov 14 13:06:58 box kernel: [19625.084000]  =======================

            """
        let memory = """
            Nov 14 13:06:58 box kernel: [19625.084000] Mem-info:
            Nov 14 13:06:58 box kernel: [19625.084000] Active:110163 inactive:7778 dirty:6106 writeback:0 unstable:0
            Nov 14 13:06:58 box kernel: [19625.084000]  free:4113 slab:4639 mapped:16956 pagetables:515 bounce:0

            """
        let found = try only(trace + memory)
        #expect(found.requester?.function == "__alloc_skb")
        #expect(found.requester?.purpose == .networkReceive && found.cause == .unknown)
        // A trace of something else, or one far away, is not the report's.
        let far = (0..<20).map { "Nov 14 13:06:58 box kernel: [19625.084000] eth0: link \($0)\n" }.joined()
        #expect(try only(trace + far + memory).requester == nil)
        #expect(try only(trace.replacing("__alloc_pages", with: "panic") + memory).requester == nil)
    }

    @Test func `frames that a terminal broke and a mail quoted are joined`() throws {
        let lines = [
            "Mar 26 12:32:15 pi kernel: [126742.472373] python3: page allocation stalls for 10060ms, order:1, "
                + "mode:0x15080c0(GFP_KERNEL_ACCOUNT|__GFP_ZERO), nodemask=(null)",
            "Mar 26 12:32:15 pi kernel: [126742.472422] CPU: 0 PID: 530 Comm: python3 Tainted: G 4.14.79-v7+ #1159",
            "Mar 26 12:32:15 pi kernel: [126742.472473] [<80788fa4>] (dump_stack) from [<80228fc8>] (warn_alloc+0xcc/0x17c)",
            "Mar 26 12:32:15 pi kernel: [126742.472483] [<80228fc8>] (warn_alloc) from [<80229dbc>] "
                + "(__alloc_pages_nodemask+0xc90/0x11d8)",
            "Mar 26 12:32:15 pi kernel: [126742.472493] [<80229dbc>] (__alloc_pages_nodemask) from [<8011b398>] "
                + "(copy_process.part.5+0xec/0x1858)",
            "Mar 26 12:32:15 pi kernel: [126742.472500] [<8011b398>] (copy_process.part.5) from [<8011cc94>] "
                + "(_do_fork+0xc8/0x408)",
        ]
        for width in 96...108 {
            let broken = lines.flatMap { line -> [String] in
                stride(from: 0, to: line.count, by: width).map { "> " + line.dropFirst($0).prefix(width) }
            }
            let found = try only(broken.joined(separator: "\n"))
            #expect(found.requester?.function == "copy_process", "\(width)")
            #expect(found.request?.maskText == "GFP_KERNEL_ACCOUNT|__GFP_ZERO", "\(width)")
        }
    }

    // MARK: Slab caches, masks and eras

    @Test func `SLAB has one order for a cache, and a mask without a kernel is read as a usual one`() throws {
        let found = try only(
            """
            SLAB: Unable to allocate memory on node 0 (gfp=0x20)
              cache: TCP, object size: 1728, order: 1
              node 0: slabs: 5/5, objs: 20/20, free: 0
            """)
        #expect(found.request?.order == 1 && found.request?.maskText == "GFP_ATOMIC")
        let later = try only(
            "SLUB: Unable to allocate memory on node -1 (gfp=0x2080020)\n  cache: a, object size: 8, buffer size: 8, "
                + "default order: 1, min order: 0\n")
        #expect(later.request?.maskText == "GFP_ATOMIC")
    }

    @Test func `whole zone lines without managed pages are of before 3.9`() throws {
        let found = try only(
            """
            Node 0 Normal free:4552kB min:13224kB low:16528kB high:19836kB active_anon:2288172kB inactive_anon:229976kB \
            active_file:1044952kB inactive_file:1819592kB unevictable:0kB isolated(anon):0kB isolated(file):0kB \
            present:13445120kB mlocked:0kB dirty:228568kB pages_scanned:33 all_unreclaimable? no
            lowmem_reserve[]: 0 0 0 0
            SLUB: Unable to allocate memory on node -1 (gfp=0x20)
              cache: kmalloc-64, object size: 64, buffer size: 64, default order: 0, min order: 0
            """)
        #expect(found.report.era.end == KernelVersion(3, 9) && found.request?.maskText == "GFP_ATOMIC")
    }
}

extension FourthBlindTrialTests {
    // MARK: Memory cgroups

    @Test(arguments: ["mem_cgroup_out_of_memory", "mem_cgroup_oom_synchronize"])
    func `a kill that a memory cgroup began is its own, though its lines are lost`(_ function: String) throws {
        let text = """
            eater invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null),  order=0, oom_score_adj=0
            eater cpuset=/ mems_allowed=0
            CPU: 0 PID: 93 Comm: eater Not tainted 4.14.67+ #1
            Call Trace:
             dump_header+0x97/0x224
             ? mem_cgroup_scan_tasks+0x7a/0xc0
             oom_kill_process+0x21f/0x440
             \(function)+0x36/0x50
             pagefault_out_of_memory+0x1f/0x4d
            """
        #expect(try only(text).cause == .memcg)
        let stale = text.replacing(" \(function)", with: " ? \(function)")
        #expect(try only(stale).cause == .unknown)
    }

    @Test func `a memory cgroup's figures without the head are a kill of its own`() throws {
        let text = """
            host kernel:  asm_exc_page_fault+0x1e/0x30
            host kernel: memory: usage 1048576kB, limit 1048576kB, failcnt 141
            host kernel: swap: usage 0kB, limit 9007199254740988kB, failcnt 0
            host kernel: Memory cgroup stats for /kubepods.slice/pod1:
            host kernel: anon 1000000000
            host kernel: Memory cgroup out of memory: Killed process 12 (eater) total-vm:2000000kB, anon-rss:1000000kB, \
            file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:124kB oom_score_adj:0
            """
        let found = try only(text)
        #expect(found.cause == .memcg && found.report.oom?.memcg == "/kubepods.slice/pod1")
        #expect(found.report.oom?.cgroupUsage.first?.limit == 1_048_576)
        #expect(found.report.oom?.victims.map(\.pid) == [12])
    }

    @Test func `only a network's driver has rings to make smaller`() throws {
        func practices(_ caller: String) throws -> [Requester.Practice] {
            let text = """
                cam: page allocation failure: order:5, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0
                CPU: 1 PID: 12 Comm: cam Not tainted 6.19.5 #1
                Call Trace:
                 warn_alloc+0x162/0x190
                 __alloc_pages_noprof+0xe/0x20
                 dma_direct_alloc_pages+0x3f/0x190
                 alloc_single_sgt+0x12a/0x200
                 dma_alloc_noncontiguous+0x49/0x150
                 usb_alloc_noncoherent+0x45/0xa0
                 \(caller)+0x95/0x130 [driver]
                """
            let found = try only(text)
            #expect(found.requester?.function == caller && found.requester?.purpose == .dma)
            return found.requester?.practices ?? []
        }
        #expect(try practices("video_alloc_buffers") == [.allocateAtProbe])
        #expect(try practices("nic_ring_alloc") == [.allocateAtProbe, .smallerRing])
    }
}
