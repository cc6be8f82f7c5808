/// A zone's free pages compared with a watermark, each part of the comparison by itself (`__zone_watermark_ok`). All
/// amounts are pages.
///
/// A pure value: the walk decides by it, an explanation shows it, and who asks what would be if one of the parts were not
/// there sets that part to 0. Whether there is a block of the order is another question.
@frozen
public struct WatermarkTest: Hashable, Sendable {
    /// The zone's free-page counter. It lags behind the lists.
    public var free: Int
    /// 2^order - 1: what must be free beside the first page of a block.
    public var blockRest: Int
    /// What is kept for, or free in, highatomic pageblocks and may not be counted by this request.
    public var highAtomic: Int
    /// What is free in CMA pageblocks and may not be counted by this request.
    public var cma: Int
    /// The watermark, less what the request may use of the reserve below it.
    public var mark: Int
    /// Kept back from requests that could use a higher zone.
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

    @inlinable @inline(__always)
    public var usable: Int { free &- unusable }

    /// ``usable`` must exceed this.
    @inlinable @inline(__always)
    public var required: Int { mark &+ lowmemReserve }

    @inlinable @inline(__always)
    public var isPassed: Bool { usable > required }
}

extension KernelProfile.WalkRules {
    /// What a request without any claim on highatomic pages may not count as free, in pages.
    ///
    /// What the parameters mean:
    ///   - `reserved`: In highatomic pageblocks, in use or not.
    ///   - `free`: What of that is free.
    @inlinable @inline(__always)
    public func keptForHighAtomic(reserved: Int, free: Int) -> Int {
        switch highAtomicDeduction {
        case .reserved: reserved
        case .free: free
        }
    }
}
