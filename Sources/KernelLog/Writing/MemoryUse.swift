/// Who has a machine's pages in use, as counters tell it. Pages, unless noted otherwise; what is in use beyond them is on
/// no counter.
public struct MemoryUse: Hashable, Sendable {
    /// Of processes, without shared memory.
    public var anonymous = 0
    /// The page cache's.
    public var file = 0
    /// Of ``file``, what must be written first.
    public var dirty = 0
    /// tmpfs and shared memory.
    public var shared = 0
    public var locked = 0
    public var slabUnreclaimable = 0
    public var slabReclaimable = 0
    public var pageTables = 0
    public var stacks = 0
    /// Huge pages of 2 MiB that are set aside, and how many of them are free.
    public var hugePages = 0
    public var freeHugePages = 0
    /// KiB.
    public var totalSwap = 0
    /// KiB.
    public var freeSwap = 0

    public init() {}
}
