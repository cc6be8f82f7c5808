import BuddyEngine
import PageAllocator
import Scenarios
import Testing
import Topology

@Suite struct AgeingTests {
    private static let topology = Topology(
        name: "two small nodes",
        nodes: [
            Topology.Node(id: 0, cpus: [0, 1], memory: [PageFrame(rawValue: 0)..<PageFrame(rawValue: 1 << 15)]),
            Topology.Node(id: 1, cpus: [2, 3], memory: [PageFrame(rawValue: 1 << 15)..<PageFrame(rawValue: 1 << 16)]),
        ])

    @Test(
        arguments: [(0.5, 0.5), (0.8, 0.2), (0.8, 0.9), (0.95, 1.0), (0.3, 0.0)], [9, 4] as [UInt8])
    func `occupancy and fragmentation come out as asked`(target: (occupancy: Double, index: Double), order: UInt8)
        throws
    {
        var machine = try Machine(Self.topology)
        let ageing = Ageing(
            occupancy: target.occupancy, unusableIndex: target.index, order: Order(order), unmovable: 0.3, seed: 5)
        let outcome = ageing.age(&machine)
        #expect(abs(outcome.occupancy - target.occupancy) < 0.01)
        #expect(abs(outcome.unusableIndex - target.index) < 0.08)
        #expect(abs(outcome.unmovable - 0.3) < 0.1)
        try machine.checkInvariants()
    }

    @Test func `the same seed gives the same state, another seed another`() throws {
        func aged(_ seed: UInt64) throws -> Snapshot {
            var machine = try Machine(Self.topology)
            _ = Ageing(occupancy: 0.7, unusableIndex: 0.5, seed: seed).age(&machine)
            return machine.snapshot()
        }
        #expect(try aged(1) == aged(1))
        #expect(try aged(1) != aged(2))
    }
}
