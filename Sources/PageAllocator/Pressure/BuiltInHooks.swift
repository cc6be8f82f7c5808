import BuddyEngine
import Topology

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
