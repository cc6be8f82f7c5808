import BuddyEngine
import Testing
import Topology

@testable import KernelLog

@Suite struct FailureReportTests {
    @Test func `A page allocation failure is read to the last figure`() throws {
        let reports = LogScanner.reports(in: LogFixture.atomic)
        let report = try #require(reports.first)
        #expect(reports.count == 1)
        #expect(report.kind == .pageAllocationFailure && report.line == 1)
        #expect(report.lastLine == LogFixture.atomic.split(separator: "\n").count)
        #expect(report.timestamp == "5.120864")
        #expect(report.process == FailureReport.Process(name: "swapper/0", pid: 0, cpu: 0))
        #expect(report.order == 0)
        #expect(report.gfp == FailureReport.Mask(number: 0xa20, names: "GFP_ATOMIC"))
        #expect(report.nodemask == "(null)" && report.cpuset == "/" && report.memsAllowed == "0-1023")
        #expect(report.kernelRelease == "6.1.0-56-amd64" && report.taint == "G OE")
        #expect(report.hardware?.hasPrefix("QEMU Standard PC") == true)
        #expect(report.callTrace.first == FailureReport.Frame(function: "dump_stack_lvl", isReliable: true))
        #expect(report.callTrace.contains { $0.function == "k_fn" && !$0.isReliable && $0.module != nil })
        #expect(report.callTrace.count { $0.function == "native_safe_halt" } == 0)
        let memory = try #require(report.memory)
        #expect(memory.counters["free_pcp"] == 136 && memory.counters["kernel_misc_reclaimable"] == 0)
        #expect(memory.nodes.map(\.isAllUnreclaimable) == [true] && memory.nodes[0].kibibytes["anon_thp"] == 0)
        #expect(memory.pageTotals == ["RAM": 65406, "HighMem/MovableOnly": 0, "reserved": 14375, "hwpoisoned": 0])
        #expect(memory.hugePages.map(\.size) == [1_048_576, 2048] && memory.totalSwap == 0 && memory.pageSize == 4096)
        #expect(memory.zones.map(\.name) == ["DMA", "DMA32"])
        let zone = memory.zones[1]
        #expect(zone.free == 592 && zone.boost == 2048 && zone.min == 3668 && zone.low == 4072 && zone.high == 4476)
        #expect(zone.present == 245_632 && zone.managed == 188_764 && zone.kibibytes["local_pcp"] == 544)
        #expect(zone.reservedHighAtomic == 0 && zone.lowmemReserve == [0, 0, 0, 0, 0])
        let first = try #require(zone.freeBlocks?.first)
        #expect(
            first == FailureReport.FreeBlocks(count: 2, kibibytes: 4, letters: "UM")
                && first.types == [.unmovable, .movable])
        #expect(zone.freeBlocksTotal == 592 && zone.freeBlocksSum == 592)
        #expect(report.missing.isEmpty && report.notes.isEmpty)
    }

    @Test func `A kill tells the constraint, the victim and the tasks`() throws {
        let report = try #require(LogScanner.reports(in: LogFixture.cpuset).first)
        #expect(
            report.kind == .oomKill && report.oom?.constraint == "CONSTRAINT_CPUSET" && report.oom?.scoreAdjustment == 0
        )
        #expect(report.oom?.task == "inset" && report.oom?.taskPID == 159 && report.oom?.victims.map(\.pid) == [159])
        #expect(report.oom?.victims.first?.kibibytes["anon-rss"] ?? 0 > 0)
        #expect(report.memsAllowed != nil && report.cpuset != nil)
        #expect(
            report.processes.first?.name == "inset" && report.tasks.contains { $0.pid == 159 && $0.residentPages > 0 })
    }

    @Test func `A kill of which only the lines that name it are left is one report`() throws {
        let log = """
            worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
            oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=a,pid=7,uid=0
            Out of memory: Killed process 7 (a) total-vm:900kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB
            """
        for lines in [[0, 1, 2], [0, 2], [0, 1], [1, 2]] {
            let rows = log.split(separator: "\n")
            let reports = LogScanner.reports(in: lines.map { rows[$0] }.joined(separator: "\n"))
            #expect(reports.count == 1, "lines \(lines)")
            #expect(reports.first?.oom?.victims.map(\.name) == (lines.contains(2) ? ["a"] : []), "lines \(lines)")
        }
    }

    @Test func `Mem-Info after a SLUB failure is of another report`() throws {
        let slub = """
            SLUB: Unable to allocate memory on node -1, gfp=0x820(GFP_ATOMIC)
              cache: skbuff_small_head, object size: 480, buffer size: 544, default order: 1, min order: 0
              node 0: slabs: 18, objs: 270, free: 0

            """
        let rest = LogFixture.atomic.split(separator: "\n").drop { !$0.contains("Mem-Info:") }.joined(separator: "\n")
        let reports = LogScanner.reports(in: slub + rest)
        #expect(reports.map(\.kind) == [.slubFailure, .memoryInfo])
        #expect(reports.first?.memory == nil && reports.last?.memory?.zones.count == 2)
    }

    @Test func `A SLUB failure behind a page allocation failure belongs to it`() throws {
        let reports = LogScanner.reports(in: LogFixture.slub)
        #expect(reports.map(\.kind) == [.pageAllocationFailure])
        let slub = try #require(reports.first?.slub.first)
        #expect(
            slub.node == 1 && slub.cache == "iommu_iova_magazine" && slub.objectSize == 1024 && slub.defaultOrder == 2)
        #expect(slub.gfp?.names == "__GFP_THISNODE|__GFP_KSWAPD_RECLAIM")
        #expect(
            slub.nodes == [
                FailureReport.SlubNode(node: 0, slabs: 0, objects: 0, free: 0),
                FailureReport.SlubNode(node: 1, slabs: 1, objects: 16, free: 0),
            ])
    }

    @Test func `A cut report says what is missing and keeps what is there`() throws {
        let text = LogFixture.atomic
        let cut = try #require(text.range(of: "reserved_highatomic:0KB active_anon:3472kB"))
        let report = try #require(LogScanner.reports(in: String(text[..<cut.lowerBound])).first)
        #expect(report.memory?.zones.count == 2 && report.memory?.zones[1].boost == 2048)
        #expect(report.missing.contains(.freeBlocks) && report.missing.contains(.totalPages))
    }

    @Test func `free blocks that do not add up are said to be damaged`() throws {
        let text = LogFixture.atomic.replacing("3*8kB (UM)", with: "4*8kB (UM)")
        let report = try #require(LogScanner.reports(in: text).first)
        #expect(report.memory?.zones[1].freeBlocksSum == 600)
        #expect(report.notes.contains { $0.contains("do not add up") })
    }

    @Test func `old kernels: no node, no letters, per-CPU lists, numbers in pieces`() throws {
        let log = """
            java: page allocation failure. order:3, mode:0x4020
            Pid: 99, comm: java Tainted: P           2.6.32-5-686 #1
            Mem-Info:
            DMA per-cpu:
            CPU    0: hi:    0, btch:   1 usd:   0
            Normal per-cpu:
            CPU    0: hi:  186, btch:  31 usd: 170
            active_anon:10 inactive_anon:20 isolated_anon:0
             free:2172 slab_reclaimable:8880
            DMA free:3508kB min:64kB low:80kB high:96kB present:15872kB pages_scanned:7 all_unreclaimable? yes
            lowmem_reserve[]:
             0
             865
             16240
            Normal free:8kB min:3728kB low:4660kB high:5592kB present:885944kB pages_scanned:0 all_unreclaimable? no
            lowmem_reserve[]: 0 0 123000
            DMA: 1*4kB 0*8kB 1*16kB = 20kB
            Normal: 2*4kB 0*8kB 0*16kB = 8kB
            Total swap = 0kB
            229264 pages RAM
            """
        let report = try #require(LogScanner.reports(in: log).first)
        let zones = try #require(report.memory?.zones)
        #expect(report.kernelRelease == "2.6.32-5-686" && report.order == 3 && report.gfp?.names == nil)
        #expect(zones.map(\.lowmemReserve) == [[0, 865, 16240], [0, 0, 123_000]])
        #expect(zones[1].perCPU == [FailureReport.PerCPULists(cpu: 0, high: 186, batch: 31, used: 170)])
        #expect(zones[0].isAllUnreclaimable == true && zones[0].counts["pages_scanned"] == 7)
        #expect(zones[0].freeBlocks?.map(\.letters) == [nil, nil, nil] && zones[0].freeBlocksTotal == 20)
        #expect(report.missing.contains(.managedPages) && report.missing.contains(.gfpNames))
    }
}
