/// A zone's free pages compared with a watermark, each term of the comparison by itself (`__zone_watermark_ok`). All
/// amounts are pages.
///
/// A pure value: the walk decides by it and an explanation shows it. To see what would happen without one of the terms,
/// set it to 0. Whether there is a block of the order is a separate test.
@frozen
public struct WatermarkTest: Hashable, Sendable {
    /// The zone's free-page counter. It lags behind the lists.
    public var free: Int
    /// 2^order - 1: how much must be free besides the first page of a block.
    public var blockRest: Int
    /// Pages reserved for, or free in, highatomic pageblocks that this request may not count.
    public var highAtomic: Int
    /// Free pages in CMA pageblocks that this request may not count.
    public var cma: Int
    /// The watermark, less what the request may use of the reserve below it.
    public var mark: Int
    /// Held back from requests that could use a higher zone.
    public var lowmemReserve: Int

    @inlinable @inline(__always)
    public init(free: Int, blockRest: Int, highAtomic: Int, cma: Int, mark: Int, lowmemReserve: Int) {
        self.free = free
        self.blockRest = blockRest
        self.highAtomic = highAtomic
        self.cma = cma
        self.mark = mark
        self.lowmemReserve = lowmemReserve
    }

    /// Free pages that the request may not count (`__zone_watermark_unusable_free`).
    @inlinable @inline(__always)
    public var unusable: Int { blockRest &+ highAtomic &+ cma }

    /// Free pages that the request may count.
    @inlinable @inline(__always)
    public var usable: Int { free &- unusable }

    /// ``usable`` must exceed this.
    @inlinable @inline(__always)
    public var required: Int { mark &+ lowmemReserve }

    /// Whether the zone passes the test.
    @inlinable @inline(__always)
    public var isPassed: Bool { usable > required }
}

extension KernelProfile.WalkRules {
    /// How many pages a request without a claim on highatomic pages may not count as free.
    ///
    /// - Parameters:
    ///   - reserved: Pages in highatomic pageblocks, in use or not.
    ///   - free: How many of those are free.
    @inlinable @inline(__always)
    public func keptForHighAtomic(reserved: Int, free: Int) -> Int {
        switch highAtomicDeduction {
        case .reserved: reserved
        case .free: free
        }
    }
}
