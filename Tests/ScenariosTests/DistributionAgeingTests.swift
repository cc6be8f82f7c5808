import BuddyEngine
import PageAllocator
import Scenarios
import Testing
import Topology

@Suite struct DistributionAgeingTests {
    private func topology(_ mebibytes: UInt64) -> Topology {
        let end = PageFrame(rawValue: mebibytes << 8)
        return Topology(name: "small", nodes: [Topology.Node(id: 0, cpus: [0], memory: [PageFrame(rawValue: 0)..<end])])
    }

    @Test func `several orders at once are reached`() throws {
        var machine = try Machine(topology(128))
        var orders = [Double](repeating: 0, count: 11)
        (orders[0], orders[2], orders[4], orders[9]) = (0.1, 0.3, 0.2, 0.4)
        let ageing = DistributionAgeing(FreeDistribution(free: 0.2, orders: orders, unmovable: 0.2), seed: 3)
        let outcome = ageing.age(&machine)
        #expect(outcome.error < 0.02, "\(outcome)")
        try machine.checkInvariants()
    }

    @Test(arguments: [64 as UInt64, 128, 256])
    func `a machine of any size becomes like another`(_ size: UInt64) throws {
        var original = try Machine(topology(128))
        _ = Ageing(occupancy: 0.7, unusableIndex: 0.6, unmovable: 0.3, seed: 9).age(&original)
        var machine = try Machine(topology(size))
        let outcome = DistributionAgeing(FreeDistribution(of: original), seed: 4).age(&machine)
        #expect(outcome.error < 0.05, "\(outcome)")
        try machine.checkInvariants()
    }

    @Test func `seeds give different machines with the same counts`() throws {
        let target = FreeDistribution(
            free: 0.3, orders: [0.2, 0.2, 0.2, 0.2, 0.2, 0, 0, 0, 0, 0, 0], unmovable: 0.1)
        var states: [Snapshot] = []
        for seed in [1, 2, 1] as [UInt64] {
            var machine = try Machine(topology(64))
            _ = DistributionAgeing(target, seed: seed).age(&machine)
            states.append(machine.snapshot())
        }
        #expect(states[0] == states[2])
        #expect(states[0] != states[1])
    }
}
