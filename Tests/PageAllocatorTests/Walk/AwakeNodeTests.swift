import GFP
import PageAllocator
import Testing
import Topology

@testable import PageAllocator

/// What a walk does about nodes whose kswapd is at work (`get_page_from_freelist`, 7.2).
@Suite struct AwakeNodeTests {
    private func machine(_ profile: KernelProfile, nodes: Int = 2) throws -> Machine {
        try Machine(PressureMachine.topology(profile.version, nodes: nodes), profile: profile)
    }

    @Test(arguments: KernelProfile.all)
    func `a node whose kswapd is awake comes last where the rules say so`(profile: KernelProfile) throws {
        var machine = try machine(profile)
        machine.kswapd[0].isAsleep = false
        let explanation = machine.explain(AllocationRequest(.GFP_KERNEL, node: 0))
        let passedOver = explanation.walks.flatMap(\.visits).contains {
            if case .passedOver(let zone, .kswapdAwake) = $0 { zone.node == 0 } else { false }
        }
        #expect(passedOver == profile.walk.passesOverAwakeNodes)
        let frame = try #require(explanation.frame)
        #expect(machine.zone(of: frame)?.node == (profile.walk.passesOverAwakeNodes ? 1 : 0))
    }

    @Test(arguments: KernelProfile.all, [true, false])
    func `so it does on the short way, with checked frees and without`(profile: KernelProfile, checks: Bool) throws {
        var machine = try machine(profile)
        machine.checksFrees = checks
        // The first fills the CPU's list.
        let first = machine.allocate(AllocationRequest(.GFP_KERNEL, node: 0))
        #expect(first.flatMap { machine.zone(of: $0) }?.node == 0)
        machine.kswapd[0].isAsleep = false
        let next = machine.allocate(AllocationRequest(.GFP_KERNEL, node: 0))
        #expect(next.flatMap { machine.zone(of: $0) }?.node == (profile.walk.passesOverAwakeNodes ? 1 : 0))
    }

    @Test func `with every kswapd awake the near node serves, in a walk that starts over`() throws {
        var machine = try machine(.v7_2)
        for node in machine.kswapd.indices { machine.kswapd[node].isAsleep = false }
        let explanation = machine.explain(AllocationRequest(.GFP_KERNEL, node: 0))
        #expect(explanation.frame.flatMap { machine.zone(of: $0) }?.node == 0)
        #expect(explanation.walks.count > 1 && explanation.walks.dropFirst().allSatisfy(\.isRestart))
    }

    @Test func `a machine of one node has no other to turn to`() throws {
        var machine = try machine(.v7_2, nodes: 1)
        machine.kswapd[0].isAsleep = false
        let explanation = machine.explain(AllocationRequest(.GFP_KERNEL))
        #expect(explanation.walks.count == 1)
        #expect(explanation.frame != nil)
    }
}
