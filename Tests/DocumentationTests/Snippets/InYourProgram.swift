import NUMAZones
import Testing

/// The README's example.
@Suite struct InYourProgram {
    @Test func `the README's example does what it says`() throws {
        // BEGIN SNIPPET
        let topology = Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<0x40000])])
        var machine = try Machine(topology)
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 2))
        print(machine.explain(AllocationRequest(.GFP_ATOMIC, order: 9)).outcome)
        // END SNIPPET
        #expect(frame != nil)
    }
}
