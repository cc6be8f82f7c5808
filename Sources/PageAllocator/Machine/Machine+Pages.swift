import BuddyEngine

extension Machine {
    /// Whether a page is in a block on the free lists; CPUs' lists do not count. O(log of the zones' ranges).
    public func isOnFreeLists(_ frame: PageFrame) -> Bool {
        segments.zone(of: frame).map { zones[$0].buddy.isFree(frame) } ?? false
    }

    /// The migratetype of the pageblock that a page lies in; nil for a hole. O(log of the zones' ranges).
    public func pageblockType(of frame: PageFrame) -> Migratetype? {
        segments.zone(of: frame).map { zones[$0].buddy.pageblockType(of: frame) }
    }
}
