/// Receives what the engine does, at the moment it does it. The engine is generic over its observer: with
/// ``NoBuddyObserver`` the calls are compiled away.
public protocol BuddyObserver {
    /// A block was taken off a list and split to size (`mm_page_alloc_zone_locked`).
    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype)

    /// A block of another type was used (`mm_page_alloc_extfrag`).
    mutating func fellBack(_ fallback: FallbackEvent)

    /// A page of a per-CPU list went back to the free lists (`mm_page_pcpu_drain`).
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype)

    /// Whether ``changed(_:)`` is wanted. Runs of blocks are then taken and returned one by one, with the same result.
    static var wantsChanges: Bool { get }

    /// The free lists, or the types of pageblocks, changed.
    mutating func changed(_ change: FreeListChange)
}

extension BuddyObserver {
    @inlinable
    public static var wantsChanges: Bool { false }

    @inlinable
    public mutating func changed(_ change: FreeListChange) {}
}

/// A request of one type was served from another type's lists.
@frozen
public struct FallbackEvent: Hashable, Sendable {
    /// The block found, which under 6.1's rules need not be the block that is returned.
    public var frame: PageFrame
    /// The order requested.
    public var order: Order
    /// The order of the block found.
    public var foundOrder: Order
    /// The type requested.
    public var wanted: Migratetype
    /// The type of the list that the block was found on.
    public var takenFrom: Migratetype
    /// The type of the block's pageblock afterwards.
    public var pageblockType: Migratetype

    public init(
        frame: PageFrame, order: Order, foundOrder: Order, wanted: Migratetype, takenFrom: Migratetype,
        pageblockType: Migratetype
    ) {
        self.frame = frame
        self.order = order
        self.foundOrder = foundOrder
        self.wanted = wanted
        self.takenFrom = takenFrom
        self.pageblockType = pageblockType
    }
}

/// Observes nothing and costs nothing.
@frozen
public struct NoBuddyObserver: BuddyObserver, Sendable {
    @inlinable
    public init() {}

    @inlinable
    public mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}

    @inlinable
    public mutating func fellBack(_ fallback: FallbackEvent) {}

    @inlinable
    public mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {}
}
