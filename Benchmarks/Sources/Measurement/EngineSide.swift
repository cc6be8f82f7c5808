import BuddyEngine
import KernelShapedComparator
import Workloads

/// The free lists alone: `BuddySpan` by the rules of 6.12, with nobody observing.
struct EngineSide: Side, ~Copyable {
    private var span: BuddySpan
    private var observer = NoBuddyObserver()

    init(_ workload: Workload) {
        let first = PageFrame(rawValue: Workload.firstFrame)
        let range = first..<first + workload.pages
        span = BuddySpan(range: range, rules: .v6_12)
        span.addFreeRange(range)
    }

    @inline(__always)
    mutating func take(order: UInt8) -> UInt64 {
        var mode = FallbackMode.own
        let block = span.take(
            Order(rawValue: order), type: .movable, options: [], mode: &mode, observing: &observer)
        return block?.frame.rawValue ?? comparator_refused
    }

    @inline(__always)
    mutating func prefetch(_ frame: UInt64) { span.prefetch(PageFrame(rawValue: frame)) }

    @inline(__always)
    mutating func free(_ frame: UInt64, order: UInt8) {
        span.free(PageFrame(rawValue: frame), order: Order(rawValue: order))
    }
}
