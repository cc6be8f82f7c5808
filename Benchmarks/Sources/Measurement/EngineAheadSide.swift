import BuddyEngine
import KernelShapedComparator
import Workloads

/// ``EngineSide`` as a replay uses it: what comes is known, so that what a free will look at is brought near some operations
/// before.
struct EngineAheadSide: Side, ~Copyable {
    private var engine: EngineSide

    static var looksAhead: Bool { true }

    init(_ workload: Workload) { engine = EngineSide(workload) }

    @inline(__always)
    mutating func take(order: UInt8) -> UInt64 { engine.take(order: order) }

    @inline(__always)
    mutating func free(_ frame: UInt64, order: UInt8) { engine.free(frame, order: order) }

    @inline(__always)
    mutating func prefetch(_ frame: UInt64) { engine.prefetch(frame) }
}
