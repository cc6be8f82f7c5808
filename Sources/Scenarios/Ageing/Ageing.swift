import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Brings a machine to a given occupancy and fragmentation, the same way for the same seed: a start state for experiments
/// on machines that have run for long.
///
/// First whole blocks are taken, movable and unmovable ones in the asked proportion; then some are given back whole, and
/// scattered pages of others, until the free memory left is as broken up as asked. Which ones the seed decides. The work grows with the number of blocks and of scattered
/// pages, not with the memory.
public struct Ageing: Hashable, Sendable {
    /// The share of managed pages in use at the end, 0 to 1, of each node.
    public var occupancy: Double
    /// The unusable free space index of ``order`` at the end, 0 to 1: the share of free pages in smaller blocks.
    public var unusableIndex: Double
    public var order: Order
    /// The share of the pages taken that is unmovable, 0 to 1.
    public var unmovable: Double
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

    /// What was reached.
    public struct Outcome: Hashable, Sendable {
        public var occupancy: Double
        public var unusableIndex: Double
        /// Of the pages that ageing took and still holds.
        public var unmovable: Double
        /// Blocks taken, and pages given back one run at a time.
        public var blocksTaken = 0
        public var pagesScattered = 0
        /// Whoever asked stopped it before it was done.
        public var isInterrupted = false
    }

    /// The most pages that ``age(_:goesOn:)`` should be asked to scatter: 256 GiB. Each takes memory here and in a saved state,
    /// which beyond that could not be read again.
    public static let mostScattered = 1 << 26

    /// About how many pages ``age(_:goesOn:)`` will give back a few at a time.
    public func scatteredPages(of machine: borrowing Machine) -> Int {
        return Int(Double(machine.managedPages) * (1 - occupancy) * unusableIndex)
    }

    /// A block that ageing holds whole.
    struct Holding {
        var frame: PageFrame
        var order: Order
        var isMovable: Bool
    }

    /// Ages a machine. Pages in use before stay in use.
    ///
    /// - Parameters:
    ///   - machine: Is aged in place.
    ///   - goesOn: Asked after each node; false stops, and leaves the others as they were.
    public func age(_ machine: inout Machine, goesOn: () -> Bool = { true }) -> Outcome {
        // Blocks are given back in parts: what is in use at the end may be of any order.
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
            guard goesOn() else {
                outcome.isInterrupted = true
                break
            }
            let free = Int((Double(managed) * (1 - occupancy)).rounded())
            // In whole blocks, or cutting the last one would break memory up that is to stay whole.
            let block = max(order, machine.topology.pageblockOrder).pages
            let whole = min(Int((Double(free) * (1 - unusableIndex) / Double(block)).rounded()) * block, free)
            // Half of what is to stay whole is taken too and given back elsewhere: free blocks then lie where the seed says.
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

    /// Takes blocks, large ones while there are any, until a node has only that many free pages.
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
            // Error diffusion keeps the share exact over few blocks; the random part keeps it from being regular.
            debt += unmovable
            // What is left over at the end comes out of one block, not of one for each type.
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

    /// Gives blocks drawn at random back whole, that many pages of them.
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

    /// One block of the wanted kind, else of the other: a node may have only a Movable zone.
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

    /// Gives runs of pages of random blocks back, about half of each block, until only that many pages are in use.
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

    /// Frees runs of pages of a block, about half of it. The last page of each block of ``order`` stays, so that nothing of
    /// that order comes about.
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
    /// Managed pages of all nodes.
    package var managedPages: Int { (0..<zoneCount).reduce(0) { $0 + withZone($1) { $0.managed } } }

    /// Pages under the allocator's management on a node.
    package func managedPages(of node: NodeID) -> Int {
        (0..<zoneCount).reduce(0) { sum, zone in withZone(zone) { $0.node == node ? sum + $0.managed : sum } }
    }

    /// Free pages of a node, those on per-CPU lists among them.
    func freePagesWithLists(of node: NodeID) -> Int {
        (0..<zoneCount).reduce(0) { sum, zone in
            withZone(zone) { $0.node == node ? sum + $0.buddy.freePages + $0.perCPUPages : sum }
        }
    }
}
