import BuddyEngine
import Topology

/// What the pages on the LRU lists of a recorded guest hold. That is not recorded, but it can be inferred.
///
/// A block device's page cache is allocated unmovable (`mapping_gfp_mask`), anonymous memory and tmpfs movable, and most
/// pages are in pageblocks of their type. If most are in movable pageblocks, a process holds them. Otherwise what was seen
/// free later is page cache, also in movable pageblocks. What never was, though its zone was reclaimed to the end, is the
/// guest's own: anonymous memory, tmpfs, or files in ramfs.
struct GuestPages {
    /// Pages in movable pageblocks, the highest zone's first, as it was filled first.
    private(set) var movable: [PageFrame] = []
    /// Those of them that are page cache, if no process holds the others.
    private(set) var cacheInMovable: Set<PageFrame> = []
    /// Page cache in other pageblocks.
    private(set) var cache: [PageFrame] = []
    /// Pages in other pageblocks that are never reclaimed.
    private(set) var kept = 0

    /// A zone was reclaimed to the end if so many hundredths of its pages were seen free again.
    private static let share = 90
    /// The guest's root file system has 1006 to 1014 pages where it is ramfs, as in kernels without tmpfs. ramfs allocates
    /// unmovable pages, which can be neither reclaimed nor moved. tmpfs has 1063 to 1071, all movable.
    private static let fewestFiles = 900

    /// Whether a process holds most pages.
    var isHeld: Bool { movable.count > others }

    /// Whether the guest's root file system is ramfs, where a process holds most pages.
    var hasFiles: Bool { others >= Self.fewestFiles }

    private var others: Int { cache.count + kept }

    /// Adds a zone's pages.
    ///
    /// - Parameters:
    ///   - zone: The zone, as it was before the first request.
    ///   - order: What was seen free from then on.
    ///   - pageblock: The order of a pageblock.
    ///   - isMovable: Whether a page's pageblock is movable.
    mutating func add(
        _ zone: ZoneSnapshot, _ order: ReclaimOrder, pageblock: Order, isMovable: (PageFrame) -> Bool
    ) {
        let frames = (zone.exact?.pages ?? []).filter { $0.use == .movable }.flatMap { run in
            (0..<run.count).map { run.first + $0 }
        }
        let seen = Set(frames.filter(order.hasSeen))
        let isExhausted = seen.count * 100 >= frames.count * Self.share
        // Where it was not, the pages of a pageblock are taken to be of one kind.
        func block(of frame: PageFrame) -> UInt64 { frame.rawValue >> UInt64(pageblock.rawValue) }
        let reclaimed = Set(seen.map(block))
        for frame in frames {
            if isMovable(frame) {
                movable.append(frame)
                let isCache = isExhausted ? seen.contains(frame) : reclaimed.contains(block(of: frame))
                if isCache { cacheInMovable.insert(frame) }
            } else if isExhausted, !seen.contains(frame) {
                kept += 1
            } else {
                cache.append(frame)
            }
        }
    }
}
