import BuddyEngine

/// The pages around the last block freed, all of one zone: usually the next free is among them.
@frozen
@usableFromInline
struct LastFreed: BitwiseCopyable {
    @usableFromInline
    var first: UInt64 = 0
    @usableFromInline
    var pages: UInt64 = 0
    /// Nil only if there are no pages.
    @usableFromInline
    var zone: UnsafeMutablePointer<Zone>?
    /// The zone's position.
    @usableFromInline
    var position = 0

    /// No pages.
    init() {}

    /// - Parameters:
    ///   - segment: The pages.
    ///   - zones: All of the machine's.
    @usableFromInline
    init(_ segment: SegmentTable.Segment, of zones: UnsafeMutablePointer<Zone>) {
        first = segment.first
        pages = segment.end - segment.first
        zone = zones + segment.zone
        position = segment.zone
    }

    @inlinable @inline(__always)
    func contains(_ frame: PageFrame) -> Bool { frame.rawValue &- first < pages }
}
