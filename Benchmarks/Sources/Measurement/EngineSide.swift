import BuddyEngine
import KernelShapedComparator
import Workloads

struct EngineSide: Side, ~Copyable {
    private var span: BuddySpan

    init(_ workload: Workload) {
        let first = PageFrame(rawValue: Workload.firstFrame)
        let range = first..<first + workload.pages
        span = BuddySpan(range: range, maximumOrder: 10, pageblockOrder: 9, rules: .v6_12)
        span.addFreeRange(range, type: .movable)
    }

    @inline(__always)
    mutating func take(order: UInt8) -> UInt64 {
        span.take(Order(rawValue: order), type: .movable)?.rawValue ?? comparator_refused
    }

    @inline(__always)
    mutating func free(_ frame: UInt64, order: UInt8) {
        span.free(PageFrame(rawValue: frame), order: Order(rawValue: order))
    }
}
