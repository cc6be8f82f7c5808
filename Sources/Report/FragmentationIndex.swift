/// How far free memory is of no use for a block of some order, as the kernel's own indices say it, in thousandths.
public enum FragmentationIndex {
    /// The part of free memory that lies in blocks too small (`unusable_free_index`, mm/vmstat.c, 6.1 and 6.12): 0 all is
    /// usable, 1000 none. With nothing free it is 1000.
    ///
    /// - `blocks`: Free blocks by order.
    public static func unusable(_ blocks: [Int], order: Int) -> Int {
        let free = pages(blocks)
        guard free > 0 else { return 1000 }
        let suitable = pages(blocks, from: order)
        return (free - suitable) * 1000 / free
    }

    /// Why a request of the order fails (`__fragmentation_index`, the same): towards 0 for want of memory, towards 1000
    /// because memory is in pieces; -1000 where it would succeed.
    public static func fragmentation(_ blocks: [Int], order: Int) -> Int {
        let count = blocks.reduce(0, +)
        guard count > 0 else { return 0 }
        guard pages(blocks, from: order) == 0 else { return -1000 }
        return 1000 - (1000 + ((pages(blocks) * 1000) >> order)) / count
    }

    private static func pages(_ blocks: [Int], from first: Int = 0) -> Int {
        blocks.enumerated().reduce(0) { $1.offset < first ? $0 : $0 + $1.element << $1.offset }
    }
}
