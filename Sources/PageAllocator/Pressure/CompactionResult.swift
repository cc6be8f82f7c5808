import BuddyEngine
import Topology

/// How compaction of a zone ended; of several zones, the greatest result (`enum compact_result`).
public enum CompactionResult: Int, Comparable, Hashable, Sendable {
    /// There is too little free memory to move pages to, or fragmentation is not the problem.
    case skipped = 1
    /// It failed recently.
    case deferred = 2
    /// The scanners met: the whole zone has been searched.
    case complete = 4
    /// The scanners met, but had not begun at the zone's ends.
    case partialSkipped = 5
    /// It had to stop, with nowhere to move pages to.
    case contended = 6
    /// A block of the order is free.
    case success = 7

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How much compaction may disturb (`enum compact_priority`).
enum CompactionPriority: Int, Comparable {
    /// The whole zone, including parts where it failed recently (COMPACT_PRIO_SYNC_FULL).
    case fullSync = 0
    /// The whole zone (COMPACT_PRIO_SYNC_LIGHT).
    case lightSync = 1
    /// Only pageblocks of the request's own type (COMPACT_PRIO_ASYNC).
    case async = 2

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Compaction of a zone came to an end.
public struct CompactionEvent: Hashable, Sendable {
    /// The zone.
    public var zone: ZoneReference
    /// The order that was wanted.
    public var order: Order
    /// How it ended.
    public var result: CompactionResult
    /// How many pages were moved.
    public var moved: Int
    /// It was done by kcompactd, not for a request.
    public var isBackground: Bool
}
