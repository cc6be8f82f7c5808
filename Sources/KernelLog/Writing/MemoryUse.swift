/// What a machine's pages are used for, as counters tell it, in pages unless noted otherwise. Pages used otherwise are
/// on no counter.
public struct MemoryUse: Hashable, Sendable {
    /// Anonymous memory of processes, without shared memory.
    public var anonymous = 0
    /// Page cache.
    public var file = 0
    /// The part of ``file`` that must be written first.
    public var dirty = 0
    /// tmpfs and shared memory.
    public var shared = 0
    /// Locked in memory by `mlock`.
    public var locked = 0
    /// Slab caches that cannot be reclaimed.
    public var slabUnreclaimable = 0
    /// Slab caches that can be reclaimed.
    public var slabReclaimable = 0
    /// Page tables.
    public var pageTables = 0
    /// Kernel stacks.
    public var stacks = 0
    /// Reserved huge pages of 2 MiB.
    public var hugePages = 0
    /// How many of the huge pages are free.
    public var freeHugePages = 0
    /// In KiB.
    public var totalSwap = 0
    /// In KiB.
    public var freeSwap = 0

    public init() {}
}
