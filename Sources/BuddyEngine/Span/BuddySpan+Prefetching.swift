extension BuddySpan {
    /// Brings near what freeing a block will look at: for callers that know some events ahead which block it will be, as a replay does.
    /// Nothing is changed, and any page frame will do.
    ///
    /// What says whether the block's buddies are free mostly is in the same line as the block's own.
    @inlinable @inline(__always)
    public func prefetch(_ frame: PageFrame) {
        let offset = frame.rawValue &- base
        guard offset < pageLimit else { return }
        let pair = Int(truncatingIfNeeded: offset &>> 1)
        ProcessorCache.bring(states.base + pair)
        ProcessorCache.bring(links.base + (Int(firstPairSlot) &+ pair))
    }
}
