import BuddyEngine
import Topology

extension Machine {
    /// One more than the highest page frame that per-CPU lists can note (``FrameQueue/Run``).
    static var frameLimit: PageFrame { PageFrame(rawValue: 1 << 49) }

    /// Checks that a zone ends at a number that page frames can have.
    static func checkFrames(of span: ZoneSpan) throws(MachineError) {
        guard span.start <= frameLimit, span.spanned >= 0, span.spanned <= frameLimit - span.start else {
            throw .frameTooHigh(
                span.reference, PageFrame(rawValue: span.start.rawValue &+ UInt64(max(span.spanned, 0))))
        }
    }

    /// Checks that every zone's pages lie in its span, and that no page is in two zones: what is given out there could not
    /// be given back.
    ///
    /// - `segments`: By position in `spans`.
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
