import BuddyEngine
import PageAllocator
import Topology

extension LiveVerifier {
    /// Fills the LRU. It is not recorded which pages are anonymous and which are page cache, but it can be inferred:
    /// block devices' page cache is allocated unmovable (`mapping_gfp_mask`), anonymous memory and tmpfs movable, and
    /// each is in pageblocks of its type. If most memory is movable, a process holds it, except the guest's own at the
    /// end of memory, allocated at boot.
    mutating func fillLists() {
        var movable: [Range<PageFrame>] = []
        var cache: [Range<PageFrame>] = []
        // The highest zone was filled first.
        for snapshot in recording.before.zones.reversed() {
            for run in snapshot.exact?.pages ?? [] where run.use == .movable {
                for page in 0..<run.count {
                    let frame = run.first + page
                    let isMovable = machine.pageblockType(of: frame) == .movable
                    if isMovable { movable.add(frame) } else { cache.add(frame) }
                }
            }
        }
        let pages = movable.reduce(0) { $0 + $1.pages }
        let isHeld = pages > cache.reduce(0) { $0 + $1.pages }
        let owner = isHeld ? lru.addProcess("the process that holds memory") : nil
        var left = isHeld ? Self.guestPages : pages
        for run in movable.sorted(by: { $0.lowerBound > $1.lowerBound }) {
            let own = min(left, run.pages)
            left -= own
            lru.add((run.upperBound + -own)..<run.upperBound, .anonymous, in: &machine)
        }
        for run in movable {
            for page in 0..<run.pages where !lru.holds(run.lowerBound + page) {
                lru.add((run.lowerBound + page)..<(run.lowerBound + page + 1), .anonymous, owner: owner, in: &machine)
            }
        }
        // Besides a process these are few, and mapped.
        if !isHeld { addCache(cache) }
    }

    /// Adds page cache, in folios where they fit, in the order in which the recorded kernel reclaimed it.
    private mutating func addCache(_ runs: [Range<PageFrame>]) {
        let reclaimed = ReclaimOrder(recording)
        let order = machine.profile.reclaim.cacheFolioOrder
        var folios: [(time: Int, pages: Range<PageFrame>)] = []
        for run in runs {
            var frame = run.lowerBound
            while frame < run.upperBound {
                let isWhole = frame.rawValue & UInt64(order.pages - 1) == 0 && frame + order.pages <= run.upperBound
                let pages = frame..<(frame + (isWhole ? order.pages : 1))
                folios.append((reclaimed.time(of: pages, pageblock: machine.topology.pageblockOrder), pages))
                frame = pages.upperBound
            }
        }
        let sorted = folios.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        for (_, folio) in sorted {
            lru.add(folio.pages, .file, folioOrder: folio.pages.pages > 1 ? order : 0, in: &machine)
        }
    }
}

extension [Range<PageFrame>] {
    /// Adds a page to the last run if it follows it, else as a new run.
    fileprivate mutating func add(_ frame: PageFrame) {
        if let end = last?.upperBound, end == frame {
            self[count - 1] = self[count - 1].lowerBound..<(frame + 1)
        } else {
            append(frame..<(frame + 1))
        }
    }
}
