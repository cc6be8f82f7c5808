import BuddyEngine
import Topology

extension Machine {
    /// One more than the highest page frame that a per-CPU list can store (``FrameQueue/Run``).
    static var frameLimit: PageFrame { PageFrame(rawValue: 1 << 49) }

    /// Throws if a zone ends beyond ``frameLimit``.
    static func checkFrames(of span: ZoneSpan) throws(MachineError) {
        guard span.start <= frameLimit, span.spanned >= 0, span.spanned <= frameLimit - span.start else {
            throw .frameTooHigh(
                span.reference, PageFrame(rawValue: span.start.rawValue &+ UInt64(max(span.spanned, 0))))
        }
    }

    /// Throws unless every zone's pages lie in its span, and no page is in two zones: such a page could be allocated
    /// but not freed.
    ///
    /// - Parameters:
    ///   - segments: By position in `spans`.
    ///   - spans: The zones.
    static func checkSegments(_ segments: [[Range<PageFrame>]], of spans: [ZoneSpan]) throws(MachineError) {
        func reference(_ position: Int) -> ZoneReference {
            ZoneReference(node: spans[position].node, kind: spans[position].kind)
        }
        var all: [(pages: Range<PageFrame>, zone: Int)] = []
        for (zone, ranges) in segments.enumerated() {
            let span = spans[zone].start..<spans[zone].end
            for range in ranges where !range.isEmpty {
                guard range.lowerBound >= span.lowerBound, range.upperBound <= span.upperBound else {
                    throw .inconsistent(
                        reference(zone),
                        "page frames \(range.lowerBound) to \(range.upperBound + -1) are not in its span")
                }
                all.append((range, zone))
            }
        }
        all.sort { $0.pages.lowerBound < $1.pages.lowerBound }
        for (range, next) in zip(all, all.dropFirst()) where range.pages.upperBound > next.pages.lowerBound {
            throw .overlap(reference(range.zone), reference(next.zone), next.pages.lowerBound)
        }
    }
}
