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
}
