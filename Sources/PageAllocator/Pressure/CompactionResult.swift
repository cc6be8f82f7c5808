import BuddyEngine
import Topology

/// How compaction of one zone ended, or of several: the greatest (`enum compact_result`).
public enum CompactionResult: Int, Comparable, Hashable, Sendable {
    /// Too little free memory to move pages to, or the trouble is not fragmentation.
    case skipped = 1
    /// It failed lately.
    case deferred = 2
    /// The scanners met: the whole zone was gone through.
    case complete = 4
    /// The scanners met, but had not begun at the zone's ends.
    case partialSkipped = 5
    /// It had to stop: there was nowhere to move pages to.
    case contended = 6
    /// A block of the order is free now.
    case success = 7

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How much compaction may disturb (`enum compact_priority`).
enum CompactionPriority: Int, Comparable {
    /// The whole zone, and again where it failed lately (COMPACT_PRIO_SYNC_FULL).
    case fullSync = 0
    /// COMPACT_PRIO_SYNC_LIGHT.
    case lightSync = 1
    /// Only pageblocks of the request's own type (COMPACT_PRIO_ASYNC).
    case async = 2

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Compaction of a zone came to an end.
public struct CompactionEvent: Hashable, Sendable {
    public var zone: ZoneReference
    public var order: Order
    public var result: CompactionResult
    /// Pages moved.
    public var moved: Int
    /// It was kcompactd, not the request.
    public var isBackground: Bool
}
