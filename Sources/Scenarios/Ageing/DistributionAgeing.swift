import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Brings a machine to a given distribution of free blocks: all memory is allocated, in the given proportion of
/// mobility types, then the right number of blocks of each order is freed at random places, each beside memory in use
/// so that none merges.
public struct DistributionAgeing: Hashable, Sendable {
    /// The distribution to reach.
    public var target: FreeDistribution
    /// The seed of all random choices.
    public var seed: UInt64

    public init(_ target: FreeDistribution, seed: UInt64 = 1) {
        self.target = target
        self.seed = seed
    }

    /// The state that was reached.
    public struct Outcome: Hashable, Sendable {
        /// Free pages by the order of their block, in all zones, as requested.
        public var asked: [Int]
        /// The same, as reached.
        public var reached: [Int]
        /// The caller stopped it early.
        public var isInterrupted = false

        /// The share of the requested free pages that are in blocks of another order, or not free; 0 if all is as
        /// requested.
        public var error: Double {
            let difference = zip(asked, reached).reduce(0) { $0 + abs($1.0 - $1.1) }
            return Double(difference) / Double(max(asked.reduce(0, +), 1))
        }
    }

    /// Ages a machine. Pages already in use stay in use.
    ///
    /// - Parameters:
    ///   - machine: The machine, which is changed in place.
    ///   - shouldContinue: Called after each node; returning false stops.
    public func age(_ machine: inout Machine, shouldContinue: () -> Bool = { true }) -> Outcome {
        // Blocks are freed in parts, so blocks in use at the end may have any order.
        let checksFrees = machine.checksFrees
        machine.checksFrees = false
        defer { machine.checksFrees = checksFrees }
        var random = SeededRandom(seed: seed)
        var outcome = Outcome(
            asked: Array(repeating: 0, count: Int(machine.maximumOrder.rawValue) + 1), reached: [])
        var pools = (0..<machine.zoneCount).map { _ in BlockPool(machine.maximumOrder) }
        for node in machine.nodeIDs {
            guard shouldContinue() else {
                outcome.isInterrupted = true
                break
            }
            take(node, &machine, &pools, &random)
            for zone in 0..<machine.zoneCount where machine.withZone(zone, { $0.node }) == node {
                giveBack(zone, &machine, &pools[zone], &random, &outcome)
            }
        }
        machine.drainAll()
        outcome.reached = machine.freeBlocks.enumerated().map { order, blocks in blocks << order }
        return outcome
    }

    /// Allocates everything that a node has, the largest blocks first.
    private func take(
        _ node: NodeID, _ machine: inout Machine, _ pools: inout [BlockPool], _ random: inout SeededRandom
    ) {
        guard let cpu = machine.cpuIDs.first else { return }
        let zones = (0..<machine.zoneCount).filter { zone in machine.withZone(zone) { $0.node == node } }
        let shares = zones.map { zone in target.shares(of: machine.withZone(zone) { $0.reference }).pageblocks }
        func share(_ type: Migratetype) -> Double { shares.compactMap { $0[type] }.max() ?? 0 }
        let (unmovable, reclaimable) = (share(.unmovable), share(.reclaimable))
        for raw in (0...machine.maximumOrder.rawValue).reversed() {
            let order = Order(rawValue: raw)
            while true {
                let ticket = random.unit()
                let first: GFPFlags =
                    ticket < unmovable ? [] : ticket < unmovable + reclaimable ? .reclaimable : [.highMem, .movable]
                guard let frame = Self.take(order, [first, [.highMem, .movable], []], node, cpu, &machine) else {
                    break
                }
                guard let zone = machine.zone(of: frame).flatMap({ machine.position(of: $0) }) else { continue }
                pools[zone].add(frame, order, machine.pageblockType(of: frame) ?? .movable)
            }
        }
    }

    private static func take(
        _ order: Order, _ masks: [GFPFlags], _ node: NodeID, _ cpu: CPUID, _ machine: inout Machine
    ) -> PageFrame? {
        for mask in masks {
            let gfp = mask.union([.memAlloc, .thisNode])
            guard let frame = machine.allocate(AllocationRequest(gfp, order: order, cpu: cpu, node: node)) else {
                continue
            }
            if mask.contains(.movable) { machine.setMovable(true, frame..<(frame + order.pages)) }
            return frame
        }
        return nil
    }

    /// Frees the right number of blocks of each order, the largest first.
    private func giveBack(
        _ zone: Int, _ machine: inout Machine, _ pool: inout BlockPool, _ random: inout SeededRandom,
        _ outcome: inout Outcome
    ) {
        let (reference, managed) = machine.withZone(zone) { ($0.reference, $0.managed) }
        let shares = target.shares(of: reference).free
        for raw in (0...machine.maximumOrder.rawValue).reversed() {
            let order = Order(rawValue: raw)
            for type in Migratetype.allCases {
                guard let wanted = shares[type], Int(raw) < wanted.count else { continue }
                let count = Int((wanted[Int(raw)] * Double(managed) / Double(order.pages)).rounded())
                outcome.asked[Int(raw)] += count * order.pages
                let has = machine.withZone(zone) { $0.buddy.freeBlocks(order, type: type) }
                for _ in 0..<max(count - has, 0) {
                    guard let frame = pool.takeForGood(order, type, &random) else { break }
                    machine.setMovable(false, frame..<(frame + order.pages))
                    machine.free(frame, order: order)
                }
            }
        }
    }
}
