import BuddyEngine
import Experiments
import GFP
import PageAllocator
import Scenarios
import TestSupport
import Testing
import Topology

@Suite struct HeadroomTests {
    /// A machine of two small nodes, aged by a seed.
    private func aged(_ kernel: KernelVersion, seed: UInt64) throws -> Snapshot {
        let nodes = (0..<2).map { number in
            let start = UInt64(number) * 8192
            return Topology.Node(
                id: NodeID(number), cpus: [CPUID(number)],
                memory: [PageFrame(rawValue: start)..<PageFrame(rawValue: start + 8192)])
        }
        var topology = Topology(name: "small", nodes: nodes)
        topology.kernel = kernel
        var machine = try Machine(topology)
        var random = SeededGenerator(seed: seed)
        let ageing = Ageing(
            occupancy: Double.random(in: 0.2...0.9, using: &random),
            unusableIndex: Double.random(in: 0...1, using: &random),
            unmovable: Double.random(in: 0...1, using: &random),
            seed: seed)
        _ = ageing.age(&machine)
        return machine.snapshot()
    }

    @Test(arguments: KernelProfile.all.map(\.version))
    func `what is foretold is what happens when the requests are made one by one`(_ kernel: KernelVersion) throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        let snapshot = try aged(kernel, seed: seed)
        let headroom = try Headroom(of: snapshot, conditions: [.now])
        #expect(headroom.rows.count > 20, "seed \(seed)")
        for row in headroom.rows {
            var machine = try Machine.restoring(snapshot)
            let own = CPUID(Int(row.node.rawValue))
            let request = AllocationRequest(
                row.kind.gfp.union(.thisNode), order: row.kind.order, cpu: own, node: row.node)
            var served = 0
            while let frame = machine.allocate(request) {
                #expect(machine.zone(of: frame)?.node == row.node)
                served += 1
            }
            #expect(served == row.served, "\(kernel), \(row.kind.name), node \(row.node), seed \(seed)")
            #expect(!row.stops.isEmpty)
        }
    }

    @Test func `dropping cache and compacting do not make less of it`() throws {
        let snapshot = try aged(KernelVersion(6, 12), seed: 5)
        let headroom = try Headroom(of: snapshot)
        for row in headroom.rows where row.condition != .now && row.kind.order >= 3 {
            let now = headroom.rows.first { $0.node == row.node && $0.kind == row.kind && $0.condition == .now }
            #expect(row.served >= now?.served ?? 0, "\(row.kind.name) \(row.condition)")
        }
    }
}
