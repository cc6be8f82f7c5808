import NUMAZones
import Testing

/// The steps of the tutorial "Follow a request", one after another.
@Suite struct FollowARequest {
    @Test func `the tutorial does what it says`() throws {
        // BEGIN SNIPPET
        let topology = try Topology(
            json: """
                {
                  "kernel": "6.12",
                  "nodes": [
                    { "cpus": "0", "memory": "256MiB" },
                    { "cpus": "1", "memory": "256MiB" },  // as far away as the next socket
                  ],
                  "distances": [[10, 21], [21, 10]],
                }
                """)
        // END SNIPPET
        #expect(topology.nodes.count == 2)

        // BEGIN SNIPPET
        var machine = try Machine(topology)
        let zonelist = machine.zonelist(of: 1)
        print(zonelist.map { "node \($0.node) \($0.kind)" })  // node 1 first, then what is nearest
        // END SNIPPET
        #expect(zonelist.first?.node == 1)
        #expect(zonelist.last?.node == 0)

        // BEGIN SNIPPET
        let request = AllocationRequest(.GFP_KERNEL, order: 3, cpu: 1)
        let frame = machine.allocate(request)
        // END SNIPPET
        #expect(frame.flatMap { machine.zone(of: $0) }?.node == 1)

        // BEGIN SNIPPET
        let explanation = machine.explain(AllocationRequest(.GFP_KERNEL, order: 3, cpu: 1))
        for walk in explanation.walks {
            for case .look(let look) in walk.visits {
                let zone = look.judgement
                print(zone.zone.kind, zone.usable, "usable,", zone.required, "must stay:", zone.verdict)
            }
        }
        // END SNIPPET
        #expect(explanation.frame != nil)
        #expect(explanation.walks.count == 1)

        // BEGIN SNIPPET
        while machine.allocate(AllocationRequest(.GFP_NOWAIT, cpu: 1)) != nil {}
        let last = machine.allocate(AllocationRequest(.GFP_ATOMIC, cpu: 1))
        // END SNIPPET
        #expect(last != nil)

        // BEGIN SNIPPET
        if let frame { machine.free(frame, order: 3, cpu: 1) }
        // END SNIPPET
        try machine.checkInvariants()
        #expect(machine.allocate(AllocationRequest(.GFP_ATOMIC, order: 3, cpu: 1)) != nil)
    }
}
