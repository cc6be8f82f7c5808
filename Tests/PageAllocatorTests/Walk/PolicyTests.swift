import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Where policies put requests.
@Suite struct PolicyTests {
    let topology = PressureMachine.topology(nodes: 4)
    let request = AllocationRequest(.GFP_HIGHUSER_MOVABLE)

    private func nodes(_ words: String, pages: Int = 6, allowed: NodeMask? = nil) throws -> [Int?] {
        var machine = try Machine(topology)
        var task = try TaskPlacement(words: words.split(separator: " ").map(String.init), topology: topology)
        task.cpuset = allowed.map { Cpuset($0) }
        return (0..<pages).map { _ in
            machine.allocate(request, by: &task).flatMap { machine.zone(of: $0) }.map { Int($0.node.rawValue) }
        }
    }

    @Test func `interleaving goes around, preferring stays, binding keeps inside`() throws {
        #expect(try nodes("--interleave all") == [0, 1, 2, 3, 0, 1])
        #expect(try nodes("--interleave=1,3") == [1, 3, 1, 3, 1, 3])
        #expect(try nodes("--preferred 2", pages: 2) == [2, 2])
        #expect(try nodes("--membind 1-2 --cpunodebind 3", pages: 2).allSatisfy { $0 == 1 || $0 == 2 })
        #expect(try nodes("--cpunodebind 3", pages: 1) == [3])
        #expect(try nodes("--membind !0", pages: 1) == [1])
    }

    @Test func `weights give pages in turn`() throws {
        var machine = try Machine(topology)
        var task = TaskPlacement(.weightedInterleave(NodeMask([0, 2]), weights: [0: 3, 2: 1]))
        let nodes = (0..<8).map { _ in machine.allocate(request, by: &task).flatMap { machine.zone(of: $0)?.node } }
        #expect(nodes == [0, 0, 0, 2, 0, 0, 0, 2])
    }

    @Test func `a cpuset binds, and a policy outside it is dropped`() throws {
        #expect(try nodes("--localalloc", pages: 1, allowed: NodeMask([2])) == [2])
        #expect(try nodes("--membind 0", pages: 1, allowed: NodeMask([3])) == [3])
        #expect(try nodes("--interleave all", pages: 4, allowed: NodeMask([1, 2])) == [1, 2, 1, 2])
    }

    @Test func `weights are read, and kernels before 6.9 have none`() throws {
        let task = try TaskPlacement(words: ["--weighted-interleave", "0:3,2-3:2"], topology: topology)
        #expect(task.policy == .weightedInterleave(NodeMask([0, 2, 3]), weights: [0: 3, 2: 2, 3: 2]))
        #expect(task.policy.words == "--weighted-interleave 0:3,2:2,3:2")
        let old = PressureMachine.topology(KernelVersion(6, 1), nodes: 2)
        #expect(throws: PolicyWordsError.self) {
            try TaskPlacement(words: ["--weighted-interleave", "0"], topology: old)
        }
    }

    @Test func `who names a node, and who asks for DMA, goes past the policy`() throws {
        var machine = try Machine(
            Topology(nodes: [
                .init(id: 0, cpus: [0], memory: [0..<16_384, 1_048_576..<1_064_960]),
                .init(id: 1, cpus: [1], memory: [1_064_960..<1_081_344]),
            ]))
        var bound = TaskPlacement(.bind(NodeMask([1])))
        func node(_ request: AllocationRequest) -> NodeID? {
            let frame = machine.allocate(request, by: &bound)
            return frame.flatMap { machine.zone(of: $0)?.node }
        }
        #expect(node(AllocationRequest(.GFP_KERNEL)) == 1)
        #expect(node(AllocationRequest(.GFP_KERNEL, node: 0)) == 0)
        #expect(node(AllocationRequest(.GFP_DMA32)) == 0)
    }

    @Test func `binding fails at its nodes' end, preferring continues`() throws {
        var machine = try Machine(topology)
        var bound = TaskPlacement(.bind(NodeMask([1])))
        while machine.allocate(request, by: &bound) != nil {}
        var preferring = TaskPlacement(.preferred(1))
        let other = machine.allocate(request, by: &preferring)
        let node = other.flatMap { machine.zone(of: $0)?.node }
        #expect(node != nil && node != 1)
        var many = TaskPlacement(.preferredMany(NodeMask([1])))
        let any = machine.allocate(request, by: &many)
        #expect(any != nil)
    }

    @Test(arguments: [
        ("--membnd 0", "did you mean \"--membind\"?"), ("--membind", "needs a value"), ("--membind 9", "has no node 9"),
        ("--membind 0 --interleave 1", "contradict"), ("--preferred 0,1", "takes one node"),
        ("--membind x", "not a number"), ("--membind 0 --membind 1", "given twice"),
        ("--cpunodebind 0 --physcpubind 1", "contradict"), ("--membind 4", "node 4 has no memory"),
        ("--interleave !0-3", "leaves no node"), ("--cpuset-mems 4", "node 4 has no memory"),
        ("--weighted-interleave 0:0", "1 to 255"), ("--weighted-interleave x:2", "not a number or range"),
        ("--cpunodebind 4", "have no CPU"), ("--physcpubind 9", "no CPU 9"),
        ("--membind 0 --cpuset-mems 1", "outside the cpuset"),
    ])
    func `wrong words are reported`(words: String, part: String) {
        var topology = topology
        topology.nodes.append(.init(id: 4, cpus: [], memory: []))
        do {
            _ = try TaskPlacement(words: words.split(separator: " ").map(String.init), topology: topology)
            Issue.record("taken: \(words)")
        } catch {
            #expect(error.description.contains(part), "\(error.description)")
        }
    }
}
