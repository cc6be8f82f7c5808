import BuddyEngine

/// How the lists of a CPU are numbered (`order_to_pindex`, `pindex_to_order`, mm/page_alloc.c, 6.1 and 6.12): one for
/// each type at each of the orders 0 to 3, then two for huge pages, the movable one last.
public enum PerCPUListIndex {
    /// Orders up to this one have a list for each type (`PAGE_ALLOC_COSTLY_ORDER`).
    @inlinable
    public static var costlyOrder: Order { 3 }

    /// The first list of huge pages.
    @inlinable
    public static var firstHuge: Int { 12 }

    /// The number of lists (`NR_PCP_LISTS`). A kernel without huge pages leaves the last two empty.
    @inlinable
    public static var count: Int { 14 }

    /// The number of the list for blocks of an order and type.
    @inlinable @inline(__always)
    public static func index(_ order: Order, _ type: Migratetype) -> Int {
        order > costlyOrder
            ? firstHuge &+ (type == .movable ? 1 : 0)
            : Int(order.rawValue) &* Migratetype.perCPUCount &+ Int(type.rawValue)
    }

    /// The order of the blocks on a list.
    ///
    /// - Parameters:
    ///   - index: The list's number.
    ///   - hugePageOrder: The machine's, for the lists of huge pages.
    @inlinable
    public static func order(ofList index: Int, hugePageOrder: Order) -> Order {
        index >= firstHuge
            ? hugePageOrder : Order(rawValue: UInt8(truncatingIfNeeded: index / Migratetype.perCPUCount))
    }

    /// The type of the blocks on a list; nil where several share it, or there is no such list.
    public static func type(ofList index: Int) -> Migratetype? {
        guard index >= 0, index < firstHuge else { return nil }
        return Migratetype(rawValue: UInt8(index % Migratetype.perCPUCount))
    }
}
