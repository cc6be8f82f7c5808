import BuddyEngine
import PageAllocator
import Topology

extension LiveVerifier {
    /// Fills the LRU with what ``GuestPages`` infers.
    mutating func fillLists() {
        let reclaimed = ReclaimOrder(recording)
        var pages = GuestPages()
        for zone in recording.before.zones.reversed() {
            pages.add(zone, reclaimed, pageblock: machine.topology.pageblockOrder) {
                machine.pageblockType(of: $0) == .movable
            }
        }
        guard pages.isHeld else {
            var cache: [Range<PageFrame>] = []
            for frame in pages.cache { cache.add(frame) }
            for frame in pages.movable {
                if pages.cacheInMovable.contains(frame) { cache.add(frame) } else { addAnonymous(frame) }
            }
            return addCache(cache, reclaimed)
        }
        // Besides a process, what is in other pageblocks is few, and mapped or in ramfs.
        let recorder = lru.addProcess("the recorder", isWaiting: true)
        let own = pages.movable.sorted(by: >).prefix(pages.hasFiles ? Self.recorderPages : Self.guestPages)
        for (place, frame) in own.enumerated() {
            addAnonymous(frame, owner: place < Self.recorderPages ? recorder : nil)
        }
        let holder = lru.addProcess("the process that holds memory")
        for frame in pages.movable where !lru.holds(frame) { addAnonymous(frame, owner: holder) }
    }

    private mutating func addAnonymous(_ frame: PageFrame, owner: Int? = nil) {
        lru.add(frame..<(frame + 1), .anonymous, owner: owner, in: &machine)
    }

    /// Adds page cache, in folios where they fit, in the order in which the recorded kernel reclaimed it.
    private mutating func addCache(_ runs: [Range<PageFrame>], _ reclaimed: ReclaimOrder) {
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
