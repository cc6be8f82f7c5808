extension BuddySpan {
    /// Prefetches what freeing a block will read: for callers that know some events ahead which block that will be,
    /// such as a replay. Nothing is changed, and any page frame is allowed.
    ///
    /// The state of the block's buddies is mostly in the same cache line as the block's own.
    @inlinable @inline(__always)
    public func prefetch(_ frame: PageFrame) {
        let offset = frame.rawValue &- base
        guard offset < pageLimit else { return }
        let pair = Int(truncatingIfNeeded: offset &>> 1)
        ProcessorCache.bring(states.base + pair)
        ProcessorCache.bring(links.base + (Int(firstPairSlot) &+ pair))
    }
}
