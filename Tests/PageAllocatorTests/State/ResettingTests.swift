import BuddyEngine
import GFP
import TestSupport
import Testing
import Topology

@testable import PageAllocator

/// A machine put into another state is as good as one built in that state.
@Suite struct ResettingTests {
    @Test(arguments: SampleMachine.all, [3] as [UInt64])
    func `what was done on a machine is undone by putting it back`(sample: SampleMachine, seed: UInt64) throws {
        var machine = try Machine(sample.topology)
        var load = RandomLoad(seed: seed)
        for round in 0..<2 {
            load.share = round % 2 == 0 ? 80 : 40
            _ = load.run(&machine, steps: 300)
            let before = machine.snapshot()
            var undone = load
            undone.share = 60
            _ = undone.run(&machine, steps: 300)
            #expect(machine.snapshot() != before, "seed \(seed), round \(round): nothing was done")

            try machine.reset(to: before)
            #expect(machine.snapshot() == before, "seed \(seed), round \(round)")
            try machine.checkInvariants()
            var built = try Machine.restoring(before)
            var other = load
            let expected = other.run(&built, steps: 300)
            let answers = load.run(&machine, steps: 300)
            #expect(answers == expected, "seed \(seed), round \(round)")
            #expect(machine.snapshot() == built.snapshot(), "seed \(seed), round \(round)")
            try machine.checkInvariants()
        }
    }

    @Test(arguments: SampleMachine.all, [5] as [UInt64])
    func `a trial tells what a machine built for it tells`(sample: SampleMachine, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var machine = try Machine(sample.topology)
        var load = RandomLoad(seed: seed)
        load.share = 90
        var trials = TrialMachine()
        for round in 0..<24 {
            _ = load.run(&machine, steps: 60)
            var state = machine.snapshot()
            if round % 3 == 1 {
                for zone in state.zones.indices { state.zones[zone].watermarks?.boost += round }
            }
            if round % 3 == 2 { state.countBlocks() }
            let masks: [GFPFlags] = [.GFP_KERNEL, .GFP_ATOMIC, .GFP_HIGHUSER_MOVABLE, [.GFP_NOWAIT, .dma32]]
            let request = AllocationRequest(
                masks.randomElement(using: &generator) ?? .GFP_KERNEL,
                order: Order(Int.random(in: 0...5, using: &generator)), cpu: machine.cpuIDs[0])
            let tried = try trials.explain(request, in: state, profile: machine.profile)
            var built = try Machine.restoring(state, profile: machine.profile)
            #expect(tried == built.explain(request), "\(generator), round \(round)")
        }
    }

    @Test func `an impossible state is refused, and the next one tried`() throws {
        let machine = try Machine(SampleMachine.all[0].topology)
        let request = AllocationRequest(.GFP_KERNEL, cpu: machine.cpuIDs[0])
        let state = machine.snapshot()
        var impossible = state
        let outside = FreeList.Run(first: state.zones[0].span.end, count: 1)
        impossible.zones[0].free = .lists([FreeList(order: 3, type: .movable, runs: [outside])])
        var trials = TrialMachine()
        let first = try trials.explain(request, in: state, profile: machine.profile)
        #expect(throws: MachineError.self) {
            try trials.explain(request, in: impossible, profile: machine.profile)
        }
        #expect(try trials.explain(request, in: state, profile: machine.profile) == first)
    }
}

extension Snapshot {
    /// Forgets where free blocks lie: what is left is what a kernel prints of them.
    fileprivate mutating func countBlocks() {
        for zone in zones.indices {
            guard case .lists(let lists) = zones[zone].free else { continue }
            var counts = (0...Int(topology.maximumOrder.rawValue)).map { _ in
                FreeCount(total: 0, byType: [:], presentTypes: [])
            }
            for list in lists {
                let blocks = list.runs.reduce(0) { $0 + $1.count }
                counts[Int(list.order.rawValue)].total += blocks
                counts[Int(list.order.rawValue)].byType?[list.type, default: 0] += blocks
            }
            zones[zone].free = .counts(counts)
            zones[zone].exact = nil
        }
    }
}
