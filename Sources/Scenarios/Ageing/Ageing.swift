import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Brings a machine to a given occupancy and fragmentation, reproducibly for a seed: a start state for experiments on
/// machines that have run for a long time.
///
/// First whole blocks are allocated, movable and unmovable in the given proportion; then some are freed whole, and
/// scattered pages of others, until the free memory is as fragmented as requested. The seed decides which ones. The
/// time depends on the number of blocks and scattered pages, not on the size of memory.
public struct Ageing: Hashable, Sendable {
    /// The share of each node's managed pages in use at the end, from 0 to 1.
    public var occupancy: Double
    /// The unusable free space index of ``order`` at the end, from 0 to 1: the share of free pages in smaller blocks.
    public var unusableIndex: Double
    /// The order that the index is about.
    public var order: Order
    /// The share of the allocated pages that is unmovable, from 0 to 1.
    public var unmovable: Double
    /// The seed of all random choices.
    public var seed: UInt64

    public init(
        occupancy: Double, unusableIndex: Double, order: Order = 9, unmovable: Double = 0.3, seed: UInt64 = 1
    ) {
        self.occupancy = min(max(occupancy, 0), 1)
        self.unusableIndex = min(max(unusableIndex, 0), 1)
        self.order = order
        self.unmovable = min(max(unmovable, 0), 1)
        self.seed = seed
    }

    /// The state that was reached.
    public struct Outcome: Hashable, Sendable {
        /// The share of managed pages in use.
        public var occupancy: Double
        /// The unusable free space index of the order.
        public var unusableIndex: Double
        /// The unmovable share of the pages that ageing allocated and has not freed.
        public var unmovable: Double
        /// How many blocks were allocated.
        public var blocksTaken = 0
        /// How many pages were freed a few at a time.
        public var pagesScattered = 0
        /// The caller stopped it early.
        public var isInterrupted = false
    }

    /// The most pages that ``age(_:shouldContinue:)`` should be asked to scatter: 256 GiB. Each takes memory here and
    /// in a saved state; a state with more could not be read again.
    public static let mostScattered = 1 << 26

    /// About how many pages ``age(_:shouldContinue:)`` will free a few at a time.
    public func scatteredPages(of machine: borrowing Machine) -> Int {
        return Int(Double(machine.managedPages) * (1 - occupancy) * unusableIndex)
    }

    /// A whole block that ageing has allocated.
    struct Holding {
        var frame: PageFrame
        var order: Order
        var isMovable: Bool
    }

    /// Ages a machine. Pages already in use stay in use.
    ///
    /// - Parameters:
    ///   - machine: The machine, which is changed in place.
    ///   - shouldContinue: Called after each node; returning false stops, and leaves the other nodes unchanged.
    public func age(_ machine: inout Machine, shouldContinue: () -> Bool = { true }) -> Outcome {
        // Blocks are freed in parts, so blocks in use at the end may have any order.
        let checksFrees = machine.checksFrees
        machine.checksFrees = false
        defer { machine.checksFrees = checksFrees }
        var random = SeededRandom(seed: seed)
        var outcome = Outcome(occupancy: 0, unusableIndex: 0, unmovable: 0)
        var movablePages = 0
        var unmovablePages = 0
        for node in machine.nodeIDs {
            let managed = machine.managedPages(of: node)
            guard managed > 0, let cpu = machine.cpuIDs.first else { continue }
            guard shouldContinue() else {
                outcome.isInterrupted = true
                break
            }
            let free = Int((Double(managed) * (1 - occupancy)).rounded())
            // In whole blocks, because splitting the last one would fragment memory that is to stay whole.
            let block = max(order, machine.topology.pageblockOrder).pages
            let whole = min(Int((Double(free) * (1 - unusableIndex) / Double(block)).rounded()) * block, free)
            // Half of the memory that is to stay whole is allocated as well and freed elsewhere, so that the seed
            // decides where free blocks are.
            let spare = whole / 2 / block * block
            var holdings = take(
                downTo: whole - spare, of: node, cpu: cpu, in: &machine, random: &random, outcome: &outcome)
            giveBackWhole(
                spare, of: max(order, machine.topology.pageblockOrder), cpu: cpu, &holdings, &machine, &random)
            scatter(
                downTo: managed - free, of: node, cpu: cpu, &holdings, in: &machine, random: &random,
                outcome: &outcome)
            for holding in holdings {
                if holding.isMovable {
                    movablePages += holding.order.pages
                } else {
                    unmovablePages += holding.order.pages
                }
            }
        }
        machine.drainAll()
        let managed = machine.managedPages
        let (free, usable) = machine.freePages(inBlocksOf: order)
        outcome.occupancy = managed == 0 ? 0 : 1 - Double(free) / Double(managed)
        outcome.unusableIndex = free == 0 ? 1 : Double(free - usable) / Double(free)
        let held = movablePages + unmovablePages
        outcome.unmovable = held == 0 ? 0 : Double(unmovablePages) / Double(held)
        return outcome
    }

    /// Allocates blocks, large ones as long as there are any, until a node has only `free` free pages.
    private func take(
        downTo free: Int, of node: NodeID, cpu: CPUID, in machine: inout Machine, random: inout SeededRandom,
        outcome: inout Outcome
    ) -> [Holding] {
        var holdings: [Holding] = []
        var level = machine.topology.pageblockOrder
        var left = machine.freePagesWithLists(of: node) - free
        var debt = 0.0
        while left > 0 {
            while level > 0, level.pages > left { level = Order(level.rawValue - 1) }
            // Error diffusion keeps the share exact over few blocks; the random part keeps it irregular.
            debt += unmovable
            // The rest at the end comes from one block, not from one for each type.
            let wantsUnmovable = debt > random.unit() && left >= machine.topology.pageblockOrder.pages
            guard let holding = takeBlock(level, movable: !wantsUnmovable, node, cpu, &machine) else {
                guard level > 0 else { break }
                level = Order(level.rawValue - 1)
                debt -= unmovable
                continue
            }
            if !holding.isMovable { debt -= 1 }
            holdings.append(holding)
            left -= level.pages
            outcome.blocksTaken += 1
        }
        return holdings
    }

    /// Frees whole blocks chosen at random, `pages` pages in all.
    private func giveBackWhole(
        _ pages: Int, of order: Order, cpu: CPUID, _ holdings: inout [Holding], _ machine: inout Machine,
        _ random: inout SeededRandom
    ) {
        var left = pages
        var end = holdings.count
        while left >= order.pages, end > 0 {
            let place = random.next(below: end)
            end -= 1
            holdings.swapAt(place, end)
            guard holdings[end].order == order else { continue }
            machine.free(holdings[end].frame, order: order, cpu: cpu)
            left -= order.pages
            holdings.remove(at: end)
        }
    }

    /// Allocates one block of the wanted kind, else of the other: a node may have only a Movable zone.
    private func takeBlock(
        _ order: Order, movable: Bool, _ node: NodeID, _ cpu: CPUID, _ machine: inout Machine
    ) -> Holding? {
        for isMovable in [movable, !movable] {
            let gfp: GFPFlags = isMovable ? [.highMem, .movable, .memAlloc, .thisNode] : [.memAlloc, .thisNode]
            let request = AllocationRequest(gfp, order: order, cpu: cpu, node: node)
            guard let frame = machine.allocate(request) else { continue }
            if isMovable { machine.setMovable(true, frame..<(frame + order.pages)) }
            return Holding(frame: frame, order: order, isMovable: isMovable)
        }
        return nil
    }

    /// Frees runs of pages of random blocks, about half of each block, until only `used` pages are in use.
    private func scatter(
        downTo used: Int, of node: NodeID, cpu: CPUID, _ holdings: inout [Holding], in machine: inout Machine,
        random: inout SeededRandom, outcome: inout Outcome
    ) {
        var excess = machine.managedPages(of: node) - machine.freePagesWithLists(of: node) - used
        var place = holdings.count
        while excess > 0, place > 0 {
            place -= 1
            holdings.swapAt(place, Int(random.next() % UInt64(place + 1)))
            let block = holdings[place]
            if block.order == 0 || block.order < order && unusableIndex == 0 {
                machine.free(block.frame, order: block.order, cpu: cpu)
                excess -= block.order.pages
                outcome.pagesScattered += block.order.pages
                holdings[place].order = 0
                continue
            }
            let given = giveBackParts(of: block, atMost: excess, cpu: cpu, in: &machine, random: &random)
            excess -= given
            outcome.pagesScattered += given
        }
    }

    /// Frees runs of pages of a block, about half of it. The last page of each block of ``order`` stays, so that no
    /// free block of that order forms.
    private func giveBackParts(
        of block: Holding, atMost most: Int, cpu: CPUID, in machine: inout Machine, random: inout SeededRandom
    ) -> Int {
        let chunk = min(order, block.order).pages
        var given = 0
        var offset = 0
        while offset < block.order.pages, given < most {
            let room = chunk - 1 - offset % chunk
            guard room > 0 else {
                offset += 1
                continue
            }
            let alignment = offset == 0 ? 13 : offset.trailingZeroBitCount
            let largest = min(alignment, Int.bitWidth - 1 - room.leadingZeroBitCount, 3)
            let run = Order(random.next() % UInt64(largest + 1))
            if random.next() & 1 == 0, run.pages <= most - given {
                machine.free(block.frame + offset, order: run, cpu: cpu)
                given += run.pages
            }
            offset += run.pages
        }
        return given
    }
}

extension Machine {
    /// The managed pages of all nodes.
    package var managedPages: Int { (0..<zoneCount).reduce(0) { $0 + withZone($1) { $0.managed } } }

    /// The pages of a node that the allocator manages.
    package func managedPages(of node: NodeID) -> Int {
        (0..<zoneCount).reduce(0) { sum, zone in withZone(zone) { $0.node == node ? sum + $0.managed : sum } }
    }

    /// The free pages of a node, including those on per-CPU lists.
    func freePagesWithLists(of node: NodeID) -> Int {
        (0..<zoneCount).reduce(0) { sum, zone in
            withZone(zone) { $0.node == node ? sum + $0.buddy.freePages + $0.perCPUPages : sum }
        }
    }
}
