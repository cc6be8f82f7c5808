import BuddyEngine
import GFP
import TestSupport
import Testing
import Topology

@testable import PageAllocator

/// The short ways that common requests and frees take must come to what the long ones come to.
@Suite struct ShortWayTests {
    private static var topology: Topology {
        Topology(
            nodes: [
                Topology.Node(id: 0, cpus: [0, 2], memory: [0..<160_000]),
                Topology.Node(id: 1, cpus: [5], memory: [1_048_576..<1_148_576]),
            ],
            distances: nil)
    }

    @Test(arguments: KernelProfile.all)
    func `requests get the same pages, and pages go back alike, with the short ways and without`(
        profile: KernelProfile
    ) throws {
        var short = try Machine(Self.topology, profile: profile)
        var long = try Machine(Self.topology, profile: profile)
        var watcher = Watcher()
        var load = PairedLoad(seed: 0x5407, cpus: [0, 2, 5], nodes: [0, 1])
        for step in 0..<60_000 {
            let isSame = load.step(
                step, fillsUntil: 30_000,
                allocate: { request in
                    let frame =
                        request.nodemask == nil && step % 2 == 0
                        ? short.allocate(request.gfp, order: request.order, cpu: request.cpu, node: request.node)
                        : short.allocate(request)
                    return (frame, long.allocate(request, observing: &watcher))
                },
                free: { frame, order, cpu in
                    short.free(frame, order: order, cpu: cpu)
                    long.free(frame, order: order, cpu: cpu, observing: &watcher)
                })
            try #require(isSame, "\(load.generator), step \(step)")
        }
        try short.checkInvariants()
        #expect(short.snapshot() == long.snapshot())
    }
}

/// Wants every look, which the short way does not offer.
private struct Watcher: SilentObserver {
    static var wantsLooks: Bool { true }
}
