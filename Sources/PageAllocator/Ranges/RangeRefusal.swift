import BuddyEngine

/// Why a range of page frames could not be taken.
public struct RangeRefusal: Error, Hashable, Sendable {
    /// The reason.
    public var reason: Reason
    /// The first page for which the reason holds.
    public var frame: PageFrame

    /// Why a page cannot be taken.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        /// Not memory that the zone's allocator manages: a hole, reserved at boot, or another zone's.
        case hole
        /// In a pageblock of a contiguous memory area, or isolated by someone else.
        case otherOwner
        /// In use, and not movable.
        case unmovable
        /// In use, which is reason enough for this kernel (``RangeRules/passesOverPagesInUse``).
        case inUse
        /// Movable, but its owner refused.
        case notLetGo
        /// Movable, but there is no free page to move it to.
        case noRoom
    }

    init(_ reason: Reason, at frame: PageFrame) {
        self.reason = reason
        self.frame = frame
    }
}
