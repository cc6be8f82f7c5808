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
        var generator = SeededGenerator(seed: 0x5407)
        var watcher = Watcher()
        var held: [(frame: PageFrame, order: Order)] = []
        let masks: [GFPFlags] = [
            .GFP_KERNEL, .GFP_HIGHUSER_MOVABLE, .GFP_ATOMIC, .GFP_DMA, .GFP_DMA32, .GFP_KERNEL.union(.thisNode),
            .GFP_NOWAIT.union(.reclaimable),
        ]
        let cpus: [CPUID] = [0, 2, 5]
        for step in 0..<60_000 {
            let cpu = cpus[Int(generator.next() % 3)]
            // Fills the machine in the first half, so that watermarks bind, and swings around full in the second.
            if held.isEmpty || generator.next() % 100 < (step < 30_000 ? 70 : 50) {
                var request = AllocationRequest(masks[Int(generator.next() % 7)], cpu: cpu)
                request.order = Order(generator.next() % 10 < 7 ? 0 : Int(generator.next() % 7))
                if generator.next() % 8 == 0 { request.node = NodeID(Int(generator.next() % 2)) }
                if generator.next() % 8 == 0 { request.nodemask = NodeMask([NodeID(Int(generator.next() % 2))]) }
                let frame =
                    request.nodemask == nil && generator.next() % 2 == 0
                    ? short.allocate(request.gfp, order: request.order, cpu: cpu, node: request.node)
                    : short.allocate(request)
                try #require(frame == long.allocate(request, observing: &watcher), "\(generator), step \(step)")
                if let frame { held.append((frame, request.order)) }
            } else {
                let block = held.remove(at: Int(generator.next() % UInt64(held.count)))
                short.free(block.frame, order: block.order, cpu: cpu)
                long.free(block.frame, order: block.order, cpu: cpu, observing: &watcher)
            }
        }
        try short.checkInvariants()
        #expect(short.snapshot() == long.snapshot())
    }
}

/// Wants every look, which the short way does not offer.
private struct Watcher: AllocationObserver {
    static var wantsLooks: Bool { true }

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func fellBack(_ fallback: FallbackEvent) {}
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func beganWalk(_ flags: AllocFlags) {}
    mutating func restartedWalk(_ flags: AllocFlags) {}
    mutating func judged(_ look: ZoneLook) {}
    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}
    mutating func wokeKswapd(_ wake: KswapdWake) {}
    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
