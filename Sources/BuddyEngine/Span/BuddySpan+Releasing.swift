extension BuddySpan {
    /// A span of so many pages (1 TiB of 4 KiB pages) returns the memory of its tables as it fills up: one of 64 TiB,
    /// used to the last page, would otherwise have 77 GB of them.
    static var largeSpan: UInt64 { 1 << 28 }

    /// How many blocks of pageblock order and larger are taken between two checks.
    static var blocksBetweenReleases: Int { 1 << 10 }

    /// The pages whose tables are checked together: those of 1024 blocks of order 10.
    private static var regionPages: UInt64 { 1 << 20 }

    /// Checks the next two regions of the tables, and returns the memory of any that is not needed: where every page is
    /// in use, no pair heads a free block, and the links of such pairs are never read.
    mutating func releaseTables() {
        let regions = Int(pageLimit / Self.regionPages)
        for _ in 0..<2 {
            if nextRegion >= regions { nextRegion = 0 }
            let pairs = Int(Self.regionPages) / 2
            let first = nextRegion * pairs
            nextRegion += 1
            guard saysNothing(first..<(first + pairs)) else { continue }
            states.release(first..<(first + pairs))
            let slot = Int(firstPairSlot) + first
            links.release(slot..<(slot + pairs))
        }
    }

    private func saysNothing(_ pairs: Range<Int>) -> Bool {
        let words = UnsafeRawPointer(states.base + pairs.lowerBound)
        for offset in stride(from: 0, to: pairs.count, by: 8)
        where words.loadUnaligned(fromByteOffset: offset, as: UInt64.self) != 0 {
            return false
        }
        return true
    }
}
