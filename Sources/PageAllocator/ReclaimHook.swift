import BuddyEngine
import GFP
import Topology

/// Where memory comes from when a zone runs low. Implement it to say what reclaim finds; the allocator decides when to
/// ask.
///
/// A hook gives pages back through `Machine.free(_:order:cpu:)`; it may also allocate. It is called between requests
/// for kswapd, and inside a request, before its next walk, for direct reclaim.
public protocol ReclaimHook: AnyObject {
    /// Reclaims, and returns the number of pages made free. 0 means no progress: a request that may sleep gives up.
    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int
}

/// What reclaim is asked for.
public struct ReclaimCall: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// A zone of the node fell below its low watermark, or was boosted: kswapd was woken.
        case kswapd
        /// A request that may sleep found nothing.
        case direct
    }

    public var reason: Reason
    /// The node to reclaim from first; for direct reclaim the node of the request's preferred zone.
    public var node: NodeID
    /// The block wanted.
    public var order: Order
    /// The highest zone whose pages help, as an index into `Architecture.zoneKinds`.
    public var highestZoneIndex: Int
    /// The request's mask; empty for kswapd.
    public var gfp: GFPFlags
}

/// Finds nothing, ever.
public final class NullReclaim: ReclaimHook {
    public init() {}

    public func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int { 0 }
}

/// Gives back given blocks, a few at each call: for tests, and for playing a known sequence.
public final class ScriptedReclaim: ReclaimHook {
    public struct Block: Hashable, Sendable {
        public var frame: PageFrame
        public var order: Order

        public init(frame: PageFrame, order: Order) {
            self.frame = frame
            self.order = order
        }
    }

    /// Blocks still to be given back; each call takes one element.
    public private(set) var script: [[Block]]
    /// The calls so far.
    public private(set) var calls: [ReclaimCall] = []

    public init(_ script: [[Block]]) { self.script = script }

    public func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        calls.append(call)
        guard !script.isEmpty else { return 0 }
        var pages = 0
        for block in script.removeFirst() {
            machine.free(block.frame, order: block.order)
            pages += block.order.pages
        }
        return pages
    }
}
