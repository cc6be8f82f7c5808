import BuddyEngine
import GFP
import PageAllocator
import Topology

extension FragmentationRecipe {
    /// The state of the machine afterwards.
    public struct Outcome: Hashable, Sendable {
        /// How many blocks were allocated.
        public var blocks = 0
        /// How many pages of them are still in use.
        public var pagesHeld = 0
        /// The share of managed pages in use.
        public var occupancy = 0.0
        /// The share of free pages in smaller blocks, by order.
        public var unusableIndex: [Double] = []
        /// How many pageblocks are free.
        public var freePageblocks = 0
        /// How many pageblocks have an unmovable page of the recipe, so that compaction cannot make a huge page of
        /// them.
        public var pinnedPageblocks = 0
        /// How many pageblocks the machine has, including those cut by a zone's end.
        public var pageblocks = 0
        /// The caller stopped it early.
        public var isInterrupted = false
    }

    /// Follows the recipe on a machine. Requests come from its first CPU, and may be served by any node.
    ///
    /// - Parameters:
    ///   - machine: The machine, which is changed in place.
    ///   - shouldContinue: Called from time to time; returning false stops.
    public func make(on machine: inout Machine, shouldContinue: () -> Bool = { true }) -> Outcome {
        // Blocks are freed in parts.
        let checksFrees = machine.checksFrees
        machine.checksFrees = false
        defer { machine.checksFrees = checksFrees }
        var outcome = Outcome()
        let request = AllocationRequest(gfp, order: min(order, machine.maximumOrder), cpu: machine.cpuIDs[0])
        var blocks: [PageFrame] = []
        while blocks.count < most ?? .max, let frame = machine.allocate(request) {
            blocks.append(frame)
            guard blocks.count % 1024 != 0 || shouldContinue() else {
                outcome.isInterrupted = true
                break
            }
        }
        outcome.blocks = blocks.count
        let pages = request.order.pages
        var held: [Range<PageFrame>] = []
        for (index, frame) in blocks.enumerated() {
            let kept = keeps(frame, number: index, of: blocks.count, pages: pages)
            giveBack(frame, request.order, except: kept, in: &machine)
            held += kept
            if index % 1024 == 1023, !shouldContinue() {
                outcome.isInterrupted = true
                break
            }
        }
        machine.drainAll()
        describe(machine, held, &outcome)
        return outcome
    }

    /// The pages of a block that stay in use.
    private func keeps(
        _ frame: PageFrame, number index: Int, of count: Int, pages: Int
    ) -> [Range<PageFrame>] {
        let all = frame..<(frame + pages)
        switch kept {
        case .pages(let range):
            let last = min(range.upperBound, pages)
            return [(frame + min(range.lowerBound, last - 1))..<(frame + last)]
        case .oddPages:
            return stride(from: 1, to: pages, by: 2).map { (frame + $0)..<(frame + $0 + 1) }
        case .everySecondBlock: return (count - 1 - index) % 2 == 1 ? [all] : []
        }
    }

    /// Frees a block: all of it, or page by page what is not kept.
    private func giveBack(
        _ block: PageFrame, _ order: Order, except kept: [Range<PageFrame>], in machine: inout Machine
    ) {
        guard !kept.isEmpty else { return machine.free(block, order: order) }
        var frame = block
        for range in kept {
            while frame < range.lowerBound {
                machine.free(frame, order: 0)
                frame = frame + 1
            }
            if gfp.contains(.movable) { machine.setMovable(true, range) }
            frame = range.upperBound
        }
        while frame < block + order.pages {
            machine.free(frame, order: 0)
            frame = frame + 1
        }
    }

    private func describe(_ machine: borrowing Machine, _ held: [Range<PageFrame>], _ outcome: inout Outcome) {
        let managed = machine.managedPages
        let (free, _) = machine.freePages(inBlocksOf: 0)
        outcome.pagesHeld = held.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
        outcome.occupancy = managed == 0 ? 0 : 1 - Double(free) / Double(managed)
        outcome.unusableIndex = (0...machine.maximumOrder.rawValue).map { order in
            let usable = machine.freePages(inBlocksOf: Order(rawValue: order)).usable
            return free == 0 ? 1 : Double(free - usable) / Double(free)
        }
        let size = machine.topology.pageblockOrder
        for zone in 0..<machine.zoneCount {
            outcome.pageblocks += machine.withZone(zone) { $0.buddy.pageblockRuns().reduce(0) { $0 + $1.count } }
        }
        outcome.freePageblocks = machine.freePages(inBlocksOf: size).usable / size.pages
        guard !gfp.contains(.movable) else { return }
        let shift = UInt64(size.rawValue)
        outcome.pinnedPageblocks =
            Set(
                held.flatMap { range in
                    (range.lowerBound.rawValue >> shift)...((range.upperBound.rawValue - 1) >> shift)
                }
            ).count
    }
}
