import BuddyEngine

/// Why a range of page frames was not given out.
public struct RangeRefusal: Error, Hashable, Sendable {
    public var reason: Reason
    /// The first page that is in the way.
    public var frame: PageFrame

    public enum Reason: String, CaseIterable, Hashable, Sendable {
        /// Not memory that the zone's allocator manages: a hole, reserved at boot, or another zone's.
        case hole
        /// In a pageblock that a contiguous memory area, or somebody who isolates, has for itself.
        case otherOwner
        /// In use, and not movable.
        case unmovable
        /// In use, which is enough for this kernel (``RangeRules/passesOverPagesInUse``).
        case inUse
        /// Movable, but whoever has it did not let it go.
        case notLetGo
        /// Movable, but there is no free page to move it to.
        case noRoom
    }

    init(_ reason: Reason, at frame: PageFrame) {
        self.reason = reason
        self.frame = frame
    }
}
