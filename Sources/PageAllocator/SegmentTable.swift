import BuddyEngine

/// Finds the zone of a page frame. Ranges of different zones may alternate.
@usableFromInline
struct SegmentTable: Sendable {
    @usableFromInline
    struct Segment: Sendable {
        @usableFromInline
        var range: Range<PageFrame>
        /// The zone's position.
        @usableFromInline
        var zone: Int
    }

    /// Ascending, without overlap.
    @usableFromInline
    let segments: [Segment]

    /// - Parameter ranges: By zone position.
    init(_ ranges: [[Range<PageFrame>]]) {
        segments = ranges.enumerated()
            .flatMap { zone, ranges in ranges.map { Segment(range: $0, zone: zone) } }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// O(log segments).
    @inlinable
    func zone(of frame: PageFrame) -> Int? { index(of: frame).map { segments[$0].zone } }

    /// The segment that a page frame is in.
    @inlinable
    func index(of frame: PageFrame) -> Int? {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low &+ high) / 2
            if segments[middle].range.upperBound <= frame { low = middle &+ 1 } else { high = middle }
        }
        guard low < segments.count, segments[low].range.lowerBound <= frame else { return nil }
        return low
    }

    /// Whether all of the pages are one zone's.
    func holds(_ pages: Range<PageFrame>, zone: Int) -> Bool {
        var frame = pages.lowerBound
        while frame < pages.upperBound {
            guard let index = index(of: frame), segments[index].zone == zone else { return false }
            frame = segments[index].range.upperBound
        }
        return true
    }

    /// Cuts zones' spans so that none overlap: where two do, the one that begins later has the pages.
    static func withoutOverlap(_ spans: [Range<PageFrame>]) -> [[Range<PageFrame>]] {
        var cut = spans.map { [$0] }
        for (index, span) in spans.enumerated() where !span.isEmpty {
            for (other, range) in spans.enumerated()
            where other != index && range.overlaps(span)
                && (range.lowerBound, other) < (span.lowerBound, index)
            {
                cut[other] = cut[other].flatMap { piece -> [Range<PageFrame>] in
                    guard piece.overlaps(span) else { return [piece] }
                    return [
                        piece.lowerBound..<max(piece.lowerBound, span.lowerBound),
                        min(span.upperBound, piece.upperBound)..<piece.upperBound,
                    ].filter { !$0.isEmpty }
                }
            }
        }
        return cut.map { $0.filter { !$0.isEmpty } }
    }
}
