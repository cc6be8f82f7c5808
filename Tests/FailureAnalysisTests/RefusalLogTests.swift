import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Testing
import Topology

@testable import FailureAnalysis

/// What a machine refuses is printed as its kernel would print it, whole, and explained by the nodes it was bound to.
@Suite struct RefusalLogTests {
    /// Two nodes of 32 MiB, and what is printed when a task bound to the second has taken all of it.
    private static func refusal(_ kernel: KernelVersion, _ gfp: GFPFlags) throws -> WrittenReport {
        let nodes = (0..<2).map { node in
            Topology.Node(
                id: NodeID(node), cpus: [CPUID(node)],
                memory: [PageFrame(4096 + node * 8192)..<PageFrame(4096 + (node + 1) * 8192)])
        }
        var machine = try Machine(Topology(architecture: .amd64, kernel: kernel, nodes: nodes))
        let start = machine.snapshot()
        let series = machine.make(
            AllocationRequest(gfp, order: 3), by: TaskPlacement(.bind(NodeMask([1]))), count: nil)
        return WrittenReport(series, on: machine.snapshot(), start: start)
    }

    private static let kernels = [
        KernelVersion(3, 10), KernelVersion(4, 9), KernelVersion(4, 19), KernelVersion(5, 10), KernelVersion(6, 1),
        KernelVersion(6, 12), KernelVersion(7, 3),
    ]

    @Test(arguments: kernels, [GFPFlags.GFP_KERNEL, .GFP_HIGHUSER_MOVABLE])
    func `a kill by a memory policy is printed with its summary and its victim`(
        _ kernel: KernelVersion, _ gfp: GFPFlags
    ) throws {
        let written = try Self.refusal(kernel, gfp)
        let report = try #require(LogScanner.reports(in: written.text).first)
        #expect(report.kind == .oomKill && !written.text.contains("no killable"))
        #expect(report.oom?.victims.map(\.pid) == [written.pid] && report.tasks.map(\.pid) == [written.pid])
        let hasSummary = kernel >= KernelVersion(5, 0)
        #expect(report.oom?.constraint == (hasSummary ? "CONSTRAINT_MEMORY_POLICY" : nil))
        #expect(written.text.contains("\nOut of memory: ") || written.text.contains("] Out of memory: "))
        let found = FailureAnalysis(report)
        // Older kernels do not print which nodes a kill was bound to: by their state the other node would have served.
        let tellsNodes = kernel >= KernelVersion(4, 8)
        #expect(
            found.cause == (tellsNodes ? .mempolicy : .stateWouldServe) && found.isRefused == tellsNodes, "\(kernel)")
    }

    @Test func `who can be killed made the request itself, no thread of the kernel`() throws {
        let found = FailureAnalysis(
            try #require(
                LogScanner.reports(in: try Self.refusal(KernelVersion(6, 12), .GFP_KERNEL).text).first))
        #expect(found.requester.map { !$0.function.contains("kthread") } ?? false)
    }
}
