import BuddyEngine
import GFP
import PageAllocator
import TestSupport
import Topology

/// Random requests and frees for two machines that must answer alike. Fills them in the first half, so that watermarks
/// bind, and swings around full in the second.
struct PairedLoad {
    private(set) var generator: SeededGenerator
    private let cpus: [CPUID]
    private let nodes: [NodeID]
    private var held: [(frame: PageFrame, order: Order)] = []

    private static let masks: [GFPFlags] = [
        .GFP_KERNEL, .GFP_HIGHUSER_MOVABLE, .GFP_ATOMIC, .GFP_DMA, .GFP_DMA32, .GFP_KERNEL.union(.thisNode),
        .GFP_NOWAIT.union(.reclaimable),
    ]

    init(seed: UInt64, cpus: [CPUID], nodes: [NodeID]) {
        generator = SeededGenerator(seed: seed)
        self.cpus = cpus
        self.nodes = nodes
    }

    /// One request or free. Returns whether both machines gave the same.
    mutating func step(
        _ number: Int, fillsUntil half: Int = 10_000,
        allocate: (AllocationRequest) -> (PageFrame?, PageFrame?), free: (PageFrame, Order, CPUID) -> Void
    ) -> Bool {
        let cpu = cpus[Int(generator.next() % UInt64(cpus.count))]
        if held.isEmpty || generator.next() % 100 < (number < half ? 70 : 50) {
            var request = AllocationRequest(Self.masks[Int(generator.next() % 7)], cpu: cpu)
            request.order = Order(generator.next() % 10 < 7 ? 0 : Int(generator.next() % 7))
            if generator.next() % 8 == 0 { request.node = node() }
            if generator.next() % 8 == 0 { request.nodemask = NodeMask([node()]) }
            let (first, second) = allocate(request)
            if let first { held.append((first, request.order)) }
            return first == second
        }
        let block = held.remove(at: Int(generator.next() % UInt64(held.count)))
        free(block.frame, block.order, cpu)
        return true
    }

    private mutating func node() -> NodeID { nodes[Int(generator.next() % UInt64(nodes.count))] }
}
