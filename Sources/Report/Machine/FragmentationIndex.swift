import BuddyEngine
import PageAllocator

/// How far free memory is of no use for a block of some order, as the kernel's own indices say it, in thousandths.
public enum FragmentationIndex {
    /// The part of free memory that lies in blocks too small (`unusable_free_index`, mm/vmstat.c, 6.1 and 6.12): 0 all is
    /// usable, 1000 none. With nothing free it is 1000.
    ///
    /// - `blocks`: Free blocks by order.
    public static func unusable(_ blocks: [Int], order: Int) -> Int {
        Fragmentation(counts: blocks).unusable(Order(order))
    }

    /// Why a request of the order fails (`__fragmentation_index`, the same): towards 0 for want of memory, towards 1000
    /// because memory is in pieces; -1000 where it would succeed.
    public static func fragmentation(_ blocks: [Int], order: Int) -> Int {
        Fragmentation(counts: blocks).index(Order(order))
    }
}
