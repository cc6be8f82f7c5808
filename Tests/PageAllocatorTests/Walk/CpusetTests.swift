import BuddyEngine
import GFP
import TestSupport
import Testing
import Topology

@testable import PageAllocator

/// What a cpuset keeps in, and what gets out of it in need (`cpuset_node_allowed`, `__alloc_pages_slowpath`).
@Suite struct CpusetTests {
    static let kernels = [KernelVersion(6, 1), KernelVersion(6, 12)]

    /// Two nodes, of which node 1 is full but for what its watermarks keep.
    private func machine(_ kernel: KernelVersion = KernelVersion(6, 12)) throws -> Machine {
        var machine = try Machine(PressureMachine.topology(kernel, nodes: 2))
        _ = PressureMachine.fill(&machine, AllocationRequest([.GFP_HIGHUSER_MOVABLE, .thisNode], node: 1))
        return machine
    }

    private func node(
        _ gfp: GFPFlags, _ machine: inout Machine, cpuset: Cpuset = Cpuset(NodeMask([1])), nodemask: NodeMask? = nil,
        task state: AllocationRequest.TaskState = []
    ) -> NodeID? {
        var task = TaskPlacement(cpuset: cpuset)
        let frame = machine.allocate(AllocationRequest(gfp, nodemask: nodemask, task: state), by: &task)
        return frame.flatMap { machine.zone(of: $0)?.node }
    }

    @Test(arguments: kernels)
    func `a process's own memory stays inside, the kernel's may come from outside`(kernel: KernelVersion) throws {
        var machine = try machine(kernel)
        #expect(node(.GFP_USER, &machine) == nil)
        #expect(node(.GFP_HIGHUSER_MOVABLE, &machine) == nil)
        #expect(node(.GFP_KERNEL, &machine) == 0)
        // Not further than an ancestor that is a hardwall allows.
        #expect(node(.GFP_KERNEL, &machine, cpuset: Cpuset(NodeMask([1]), outerNodes: NodeMask([1]))) == nil)
    }

    @Test func `victims of the OOM killer, interrupts and PF_MEMALLOC leave it`() throws {
        var machine = try machine()
        #expect(node(.GFP_USER, &machine, task: .oomVictim) == 0)
        #expect(node(.GFP_USER, &machine, task: .interrupt) == 0)
        #expect(node(.GFP_USER, &machine, task: .memoryAllocator) != nil)
    }

    @Test func `a request that cannot sleep and has __GFP_HIGH drops it, even with __GFP_HARDWALL`() throws {
        var machine = try machine()
        let atomic = GFPFlags.GFP_ATOMIC.union(.hardWall)
        while node(atomic, &machine) == 1 {}
        #expect(node(atomic, &machine) == 0)
        #expect(node([.kswapdReclaim, .hardWall], &machine) == nil)
    }

    @Test func `the walk says whom it passed by, and the first binds all`() throws {
        var machine = try Machine(PressureMachine.topology(nodes: 2))
        var task: TaskPlacement? = TaskPlacement(cpuset: Cpuset(NodeMask([1])))
        let explanation = machine.explain(AllocationRequest(.GFP_KERNEL), by: &task)
        #expect(explanation.walks.count == 1)
        #expect(explanation.placement?.cpuset == Cpuset(NodeMask([1])))
        // A mask as good as the cpuset: node 0 is not even on the way (`first_zones_zonelist`).
        #expect(explanation.frame.flatMap { machine.zone(of: $0)?.node } == 1)

        var full = try self.machine()
        let refused = full.explain(AllocationRequest(.GFP_USER), by: &task)
        #expect(refused.outcome == .refused(.belowMarks))
        let visits = refused.walks.dropFirst().flatMap(\.visits)
        let passed = visits.contains {
            if case .passedOver(let zone, .nodeNotInCpuset) = $0 { zone.node == 0 } else { false }
        }
        #expect(passed)
        #expect(refused.walks.dropFirst().allSatisfy { $0.flags.contains(.cpuset) })
    }

    @Test func `a mask outside the cpuset is let go in the end`() throws {
        var machine = try Machine(PressureMachine.topology(nodes: 2))
        #expect(node(.GFP_USER, &machine, nodemask: NodeMask([0])) == 1)
        #expect(node(.GFP_USER, &machine, cpuset: Cpuset(NodeMask([0, 1])), nodemask: NodeMask([1])) == 1)
    }

    @Test func `a cpuset of movable memory alone refuses the process's kernel memory at once`() throws {
        var topology = PressureMachine.topology(nodes: 2)
        topology.nodes[1].isHotPluggable = true
        topology.boot.movableNode = true
        var machine = try Machine(topology)
        var task: TaskPlacement? = TaskPlacement(cpuset: Cpuset(NodeMask([1])))
        let explanation = machine.explain(AllocationRequest(.GFP_USER), by: &task)
        #expect(explanation.frame == nil)
        #expect(explanation.walks.count == 1 && machine.counters.kswapdRounds == 0)
        #expect(node(.GFP_HIGHUSER_MOVABLE, &machine) == 1)
        #expect(node(.GFP_KERNEL, &machine) == 0)
    }

    @Test func `kswapd of a node outside is not woken, and reclaim stays inside`() throws {
        var machine = try Machine(PressureMachine.topology(nodes: 2))
        let lru = LRUReclaim()
        for node in [0, 1] {
            let request = AllocationRequest([.GFP_HIGHUSER_MOVABLE, .thisNode], node: NodeID(node))
            for frame in PressureMachine.fill(&machine, request) { lru.add(frame..<(frame + 1), .file, in: &machine) }
        }
        machine.reclaimHook = lru
        for node in machine.kswapd.indices { machine.kswapd[node].isAsleep = true }
        let outside = lru.pages(.file, isActive: false, node: 0)
        for _ in 0..<500 { #expect(node(.GFP_USER, &machine) == 1) }
        #expect(lru.pages(.file, isActive: false, node: 0) == outside)
        #expect(machine.kswapd[0].isAsleep)
    }

    @Test(arguments: KernelProfile.all)
    func `a cpuset of all nodes changes nothing`(profile: KernelProfile) throws {
        var plain = try Machine(PressureMachine.topology(profile.version, nodes: 2), profile: profile)
        var confined = try Machine(PressureMachine.topology(profile.version, nodes: 2), profile: profile)
        var task = TaskPlacement(cpuset: Cpuset(NodeMask([0, 1])))
        var load = PairedLoad(seed: 0xC905E7, cpus: [0, 1], nodes: [0, 1])
        for step in 0..<20_000 {
            let isSame = load.step(
                step,
                allocate: { (plain.allocate($0), confined.allocate($0, by: &task)) },
                free: { frame, order, cpu in
                    plain.free(frame, order: order, cpu: cpu)
                    confined.free(frame, order: order, cpu: cpu)
                })
            try #require(isSame, "\(load.generator), step \(step)")
        }
        #expect(plain.snapshot() == confined.snapshot())
    }
}
