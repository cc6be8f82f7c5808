/// One change of a span's free lists or of its pageblocks' types, with everything needed to make the same change to a
/// copy.
///
/// Only blocks on the lists are reported. The buddies that a merge absorbed follow by arithmetic: one at each order
/// from the freed block's to one below that of the result.
@frozen
public enum FreeListChange: Hashable, Sendable {
    /// A free block left its list. A part was kept; at each step down, the other half went to the head of the list of
    /// its order and `type`, largest first (`expand`, `break_down_buddy_pages`).
    case taken(PageFrame, order: Order, kept: PageFrame, keptOrder: Order, type: Migratetype)
    /// A block was freed and merged with its free buddies; the result went on the list of `type` (`__free_one_page`).
    case merged(PageFrame, order: Order, into: PageFrame, mergedOrder: Order, type: Migratetype, atTail: Bool)
    /// A free block went to the tail of another type's list (`move_freepages`).
    case moved(PageFrame, order: Order, to: Migratetype)
    /// So many pageblocks, from that of the page frame on, changed their type.
    case retyped(PageFrame, pageblocks: Int, to: Migratetype)
}
