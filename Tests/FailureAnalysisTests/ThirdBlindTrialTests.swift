import KernelLog
import Testing

@testable import FailureAnalysis

/// The kinds that a third trial of logs nobody had used told wrongly or in part, each in a log of our own.
@Suite struct ThirdBlindTrialTests {
    private func all(_ text: String) -> [FailureAnalysis] { FailureAnalysis.analyses(of: LogScanner.reports(in: text)) }

    private static let stall = """
        khugepaged: page allocation stalls for 10273ms, order:10, mode:0x4340ca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), nodemask=(null)
        CPU: 0 PID: 3936 Comm: khugepaged Not tainted 4.12.3 #1
        Call Trace:
         ? warn_alloc+0xb9/0x140
         ? __alloc_pages_nodemask+0x724/0x880
         ? cpu_count+0x1/0x40
         ? wait_handler+0x60/0x60
         ? khugepaged+0x10a/0x1d40
         ? next_entity+0x95/0x180
        """

    @Test func `a stall without any zone is a stall, and a trace of guesses only is called one`() throws {
        let found = try #require(all(Self.stall).first)
        #expect(found.cause == .allocationStall && found.isRefused == nil)
        // The address of a function, at its beginning or at the end of the one before, is data, and no caller.
        #expect(found.requester?.function == "khugepaged" && found.requester?.isCertain == false)
        #expect(found.requester?.purpose == .transparentHugePage)
    }

    @Test func `in a trace of guesses a kernel thread's function is not another process's`() throws {
        func requester(_ name: String, order: Int) throws -> Requester? {
            let text = Self.stall.replacing("khugepaged: page", with: "\(name): page")
                .replacing("Comm: khugepaged", with: "Comm: \(name)").replacing("order:10", with: "order:\(order)")
            return try #require(all(text).first).requester
        }
        #expect(try requester("editor", order: 10)?.function == "next_entity")
        #expect(try requester("editor", order: 10)?.purpose == .other)
        // A single page is no huge one, whoever asks.
        #expect(try requester("khugepaged", order: 0)?.purpose == .other)
        // What the kernel is certain of counts alone.
        let certain = Self.stall.replacing("? wait_handler+0x60/0x60", with: "collapse+0x60/0x90")
            .replacing("? __alloc", with: "__alloc")
        #expect(all(certain).first?.requester?.function == "collapse")
        #expect(all(certain).first?.requester?.isCertain == true)
    }

    @Test func `a large kmalloc from its own cache is one, by guesses as well`() throws {
        let text = """
            reader: page allocation failure. order:10, mode:0xd0
            Call Trace:
             [<ffffffff8113e77c>] ? __alloc_pages_nodemask+0x7dc/0x950
             [<ffffffff8117f132>] ? kmem_getpages+0x62/0x170
             [<ffffffff81180719>] ? __kmalloc+0x199/0x230
             [<ffffffff811bfe68>] ? read_table+0x148/0x400
            """
        let requester = try #require(all(text).first?.requester)
        #expect(requester.function == "read_table" && requester.purpose == .largeKmalloc && !requester.isCertain)
    }

    @Test func `a full stop after failure tells a kernel before 3.0, whose masks are read so`() throws {
        let text = """
            server: page allocation failure. order:0, mode:0xd0
            Call Trace:
             [<c012a3dd>] __alloc_pages+0x255/0x264
             [<c017e36c>] make_head+0x10/0x68
            """
        let found = try #require(all(text).first)
        #expect(found.request?.maskText == "GFP_KERNEL" && found.cause == .unknown)
    }

    @Test func `a slab cache of a memory cgroup names the group`() throws {
        let text = """
            [ 8642.253395] SLUB: Unable to allocate memory on node -1, gfp=0xa20(GFP_ATOMIC)
            [ 8642.269170]   cache: sock_v6(960:web), object size: 232, buffer size: 240, default order: 1, min order: 0
            [ 8642.293009]   node 0: slabs: 5, objs: 170, free: 0
            """
        let report = try #require(all(text).first).report
        #expect(report.slub.first?.cgroup == "web")
        let shared = try #require(all(text.replacing("(960:web)", with: "(x)")).first).report
        #expect(shared.slub.first?.cache == "sock_v6(x)" && shared.slub.first?.cgroup == nil)
    }

    @Test func `a kill whose head is lost is one report with its zones`() throws {
        let text = """
            active_anon:218 inactive_anon:202527 isolated_anon:0
             active_file:5979 inactive_file:5231 isolated_file:0
             free:226231 free_pcp:36 free_cma:0
            Node 1 DMA32 free:34068kB min:32016kB low:40020kB high:48024kB reserved_highatomic:0KB active_anon:188kB \
            inactive_anon:778076kB present:1048444kB managed:866920kB free_cma:0kB
            oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=1,cpuset=/,mems_allowed=0-1,global_oom,task_memcg=/,task=main,pid=17,uid=0
            Out of memory: Killed process 17 (main) total-vm:239028kB, anon-rss:236300kB, file-rss:200kB, shmem-rss:0kB
            """
        let found = all(text)
        #expect(found.count == 1 && found.first?.cause == .unknown && found.first?.zones.count == 1)
        #expect(found.first?.report.oom?.victims.map(\.pid) == [17])
        // A group's kill has no such lines: it is another report.
        let other = text.replacing("CONSTRAINT_MEMORY_POLICY,nodemask=1", with: "CONSTRAINT_MEMCG,nodemask=(null)")
            .replacing("Out of memory", with: "Memory cgroup out of memory")
        #expect(all(other).map(\.cause).contains(.memcg) && all(other).count == 2)
    }

    @Test func `swap that is being switched off is told from none`() throws {
        var text = FailureText()
        text.header = "worker invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0"
        text.freeSwap = -245_804
        let found = try #require(all(text.text).first)
        let swap = try #require(found.account?.swap)
        #expect(swap.isLeaving && swap.total == 0 && swap.free == 0 && !swap.isFull && !swap.hasRoom)
    }

    @Test func `without the free blocks only what helps at their worst is named`() throws {
        var text = FailureText()
        text.header = text.header.replacing("order:0", with: "order:5")
        text.fileCache = 900_000
        let lost = text.text.split(separator: "\n").filter { !$0.hasPrefix("Node 0 Normal: ") }.joined(separator: "\n")
        let found = try #require(all(lost).first)
        #expect(found.verdict == .undecided && !found.remedies.isEmpty)
        #expect(found.remedies.allSatisfy { $0.odds == .certain })
        #expect(found.remedies.contains { $0.change == .lowerOrder(0, insteadOf: 5) })
        // With the free blocks compaction is tried; without them nobody knows how much of them is movable.
        func isCompaction(_ remedy: Remedy) -> Bool { if case .compaction = remedy.change { true } else { false } }
        #expect(all(text.text).first?.remedies.contains(where: isCompaction) ?? false)
        #expect(!found.remedies.contains(where: isCompaction))
        // Marks that are lost bound nothing.
        let unmarked = lost.replacing("min:4000kB low:5000kB high:6000kB ", with: "")
        #expect(all(unmarked).first?.remedies.isEmpty ?? false)
    }
}
