import BuddyEngine
import Topology

/// A hook that never reclaims anything.
public final class NullReclaim: ReclaimHook {
    public init() {}

    public func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int { 0 }
}

/// A hook that frees given blocks, some at each call: for tests, and for playing back a known sequence.
public final class ScriptedReclaim: ReclaimHook {
    /// A block to be freed.
    public struct Block: Hashable, Sendable {
        /// The block's first page frame.
        public var frame: PageFrame
        /// The block's order.
        public var order: Order

        public init(frame: PageFrame, order: Order) {
            self.frame = frame
            self.order = order
        }
    }

    /// The blocks still to be freed; each call frees one element.
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
