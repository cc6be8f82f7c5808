import BuddyEngine

/// A block came onto or left one CPU's list in a zone.
@frozen
public struct PerCPUChange: Hashable, Sendable {
    /// The CPU's place among the machine's CPUs.
    public var cpu: Int
    /// The list: see `PerCPUListIndex`.
    public var list: Int
    public var frame: PageFrame
    public var order: Order
    public var action: Action

    @frozen
    public enum Action: UInt8, Hashable, Sendable {
        /// Off the head: a request got it.
        case taken
        /// Onto the head: it was freed.
        case freed
        /// Onto the tail: a refill brought it from the free lists (`rmqueue_bulk`).
        case refilled
        /// Off the tail: it goes back to the free lists (`free_pcppages_bulk`).
        case drained
    }

    @inlinable
    public init(cpu: Int, list: Int, frame: PageFrame, order: Order, action: Action) {
        self.cpu = cpu
        self.list = list
        self.frame = frame
        self.order = order
        self.action = action
    }
}
