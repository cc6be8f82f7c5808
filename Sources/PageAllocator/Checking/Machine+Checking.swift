import BuddyEngine
import GFP
import Topology

/// Checked frees. Nothing here is called while ``Machine/checksFrees`` is false.
extension Machine {
    /// The first frees that were refused; ``checkInvariants()`` throws if there are any.
    public var badPages: [BadPage] { pageWatch.bad }

    /// How many frees were refused.
    public var badPageCount: Int { pageWatch.badCount }

    /// Records from now on what happens to pages, so that a refused free of one of them tells its history. Requires
    /// ``checksFrees``.
    public mutating func watch(_ pages: Range<PageFrame>) { pageWatch.watch(pages) }

    /// What happened to a watched page, oldest first.
    public func history(of frame: PageFrame) -> [PageEvent] { pageWatch.history(of: frame) }

    /// Marks blocks in use as split: from now on each of their pages is freed by itself (`split_page`). Pages that are
    /// free or not the machine's are left alone.
    public mutating func splitBlocks(in pages: Range<PageFrame>) {
        guard checksFrees else { return }
        var frame = pages.lowerBound
        while frame < pages.upperBound {
            guard let zone = segments.zone(of: frame), case .inUse(let order) = zones[zone].ledger[frame] else {
                frame = frame + 1
                continue
            }
            for page in 0..<order.pages { zones[zone].ledger[frame + page] = .inUse(0) }
            frame = frame + order.pages
        }
    }

    /// Marks single pages in use as a folio: from now on they are freed as one block.
    mutating func joinBlock(_ first: PageFrame, order: Order) {
        guard checksFrees, let zone = segments.zone(of: first) else { return }
        zones[zone].ledger[first] = .inUse(order)
        for page in 1..<order.pages { zones[zone].ledger[first + page] = .unknown }
    }

    /// Notes that a block was allocated.
    @usableFromInline
    mutating func noteTaken(_ frame: PageFrame, order: Order, cpu: CPUID, gfp: GFPFlags) {
        guard checksFrees, let zone = segments.zone(of: frame) else { return }
        zones[zone].ledger[frame] = .inUse(order)
        pageWatch.note(.allocated(gfp), frame, order, cpu: cpu)
    }

    /// Notes that a page was moved, within its zone or to another.
    mutating func noteMoved(_ page: PageFrame, to target: PageFrame, zone: Int, targetZone: Int, cpu: Int) {
        guard checksFrees else { return }
        zones[zone].ledger[page] = .givenBack
        zones[targetZone].ledger[target] = .inUse(0)
        pageWatch.note(.moved(from: page, to: target), page, 0, cpu: cpuIDs[cpu])
        pageWatch.note(.moved(from: page, to: target), target, 0, cpu: cpuIDs[cpu])
    }

    /// Notes that a block is freed in a way that is not checked.
    mutating func noteReturned(_ frame: PageFrame, order: Order, cpu: CPUID) {
        guard checksFrees, let zone = segments.zone(of: frame) else { return }
        zones[zone].ledger[frame] = .givenBack
        pageWatch.note(.freed, frame, order, cpu: cpu)
    }

    /// Why a free is refused, which is recorded; nil if it is accepted, which is noted.
    ///
    /// - Parameters:
    ///   - frame: The block's first page frame.
    ///   - order: The block's order.
    ///   - cpu: The position of the CPU that frees.
    @usableFromInline
    mutating func refusal(ofFreeing frame: PageFrame, order: Order, cpu: Int) -> BadPage? {
        guard let problem = problem(ofFreeing: frame, order: order) else {
            noteReturned(frame, order: order, cpu: cpuIDs[cpu])
            return nil
        }
        let page = BadPage(
            frame: frame, order: order, cpu: cpuIDs[cpu], problem: problem, history: pageWatch.history(of: frame))
        pageWatch.refuse(page)
        return page
    }

    /// What is wrong with freeing a block; nil if nothing is known to be wrong.
    public func problem(ofFreeing frame: PageFrame, order: Order) -> BadPage.Problem? {
        guard order <= maximumOrder else { return .orderTooLarge(maximum: maximumOrder) }
        guard let zone = segments.zone(of: frame) else { return .notMemory }
        if case .inUse(order) = zones[zone].ledger[frame] { return nil }
        if let block = zones[zone].ledger.block(holding: frame, largest: maximumOrder) {
            return block.first == frame
                ? .wrongOrder(allocated: block.order) : .insideBlock(first: block.first, order: block.order)
        }
        if zones[zone].ledger[frame] == .givenBack || isFree(frame) { return .alreadyFree }
        guard frame.rawValue & UInt64(order.pages - 1) == 0 else { return .misaligned }
        guard segments.holds(frame..<(frame + order.pages), zone: zone) else { return .leavesZone }
        for page in 1..<max(order.pages, 1) {
            if case .inUse(let size) = zones[zone].ledger[frame + page] {
                return .holdsOtherBlock(first: frame + page, order: size)
            }
            if isFree(frame + page) { return .holdsFreePage(frame + page) }
        }
        return nil
    }
}
