import BuddyEngine

/// A block was added to or removed from one CPU's list in a zone.
@frozen
public struct PerCPUChange: Hashable, Sendable {
    /// The CPU's position among the machine's CPUs.
    public var cpu: Int
    /// The list's number, see `PerCPUListIndex`.
    public var list: Int
    /// The block's first page frame.
    public var frame: PageFrame
    /// The block's order.
    public var order: Order
    /// What happened to it.
    public var action: Action

    /// What happened to a block, and at which end of the list.
    @frozen
    public enum Action: UInt8, Hashable, Sendable {
        /// Removed from the head for a request.
        case taken
        /// Added to the head by a free.
        case freed
        /// Added to the tail by a refill from the free lists (`rmqueue_bulk`).
        case refilled
        /// Removed from the tail and returned to the free lists (`free_pcppages_bulk`).
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
