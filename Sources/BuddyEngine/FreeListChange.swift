/// One change of a span's free lists or of its pageblocks' types, with all that it takes to make the same change to a
/// copy of them.
///
/// Only blocks that are on the lists count: what a merge absorbs is found by arithmetic, for each order from the one
/// freed up to one below the one that came out.
@frozen
public enum FreeListChange: Hashable, Sendable {
    /// A free block left its list. A part was kept; the other half of each step down went to the head of the list of its
    /// order and `type`, the largest first (`expand`, `break_down_buddy_pages`).
    case taken(PageFrame, order: Order, kept: PageFrame, keptOrder: Order, type: Migratetype)
    /// A block came back and was joined with its free buddies; what came out went on the list of `type`
    /// (`__free_one_page`).
    case merged(PageFrame, order: Order, into: PageFrame, mergedOrder: Order, type: Migratetype, atTail: Bool)
    /// A free block went to the tail of another type's list (`move_freepages`).
    case moved(PageFrame, order: Order, to: Migratetype)
    /// That many pageblocks, from the one of a page frame on, are of another type.
    case retyped(PageFrame, pageblocks: Int, to: Migratetype)
}
