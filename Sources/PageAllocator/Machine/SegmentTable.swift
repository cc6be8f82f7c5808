import BuddyEngine

/// Finds the zone of a page frame. Ranges of different zones may alternate.
@usableFromInline
struct SegmentTable: ~Copyable {
    @frozen
    @usableFromInline
    struct Segment: BitwiseCopyable {
        @usableFromInline
        var first: UInt64
        /// The page frame after the last.
        @usableFromInline
        var end: UInt64
        /// The zone's position.
        @usableFromInline
        var zone: Int

        @inlinable
        func contains(_ frame: PageFrame) -> Bool { frame.rawValue >= first && frame.rawValue < end }
    }

    /// Ascending, without overlap.
    @usableFromInline
    let segments: FixedTable<Segment>

    /// Builds the table from ranges by zone position.
    init(_ ranges: [[Range<PageFrame>]]) {
        let all = ranges.enumerated().flatMap { zone, ranges in
            ranges.map { Segment(first: $0.lowerBound.rawValue, end: $0.upperBound.rawValue, zone: zone) }
        }
        segments = FixedTable(all.sorted { $0.first < $1.first })
    }

    /// The position of the zone that has a page; nil for a hole. O(log segments).
    @inlinable
    func zone(of frame: PageFrame) -> Int? { segment(of: frame)?.zone }

    @usableFromInline
    func segment(of frame: PageFrame) -> Segment? {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low &+ high) / 2
            if segments[unchecked: middle].end <= frame.rawValue { low = middle &+ 1 } else { high = middle }
        }
        guard low < segments.count, segments[unchecked: low].contains(frame) else { return nil }
        return segments[unchecked: low]
    }

    /// Whether all of the pages belong to one zone.
    func holds(_ pages: Range<PageFrame>, zone: Int) -> Bool {
        var frame = pages.lowerBound
        while frame < pages.upperBound {
            guard let segment = segment(of: frame), segment.zone == zone else { return false }
            frame = PageFrame(rawValue: segment.end)
        }
        return true
    }

    /// Cuts zones' spans so that none overlap: where two do, the one that begins later gets the pages.
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
