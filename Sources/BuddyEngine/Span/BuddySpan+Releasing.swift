extension BuddySpan {
    /// A span of that many pages gives the memory of its tables back as it fills up: used to the last page, one of 64 TiB
    /// would have 77 GB of them. 1 TiB of 4 KiB pages.
    static var largeSpan: UInt64 { 1 << 28 }

    /// Taken blocks of pageblock order and larger, between one look and the next.
    static var blocksBetweenReleases: Int { 1 << 10 }

    /// Pages whose tables are looked at together: those of as many blocks of order 10.
    private static var regionPages: UInt64 { 1 << 20 }

    /// Looks at the next two regions of the tables, and gives the memory behind one that says nothing back. Where every
    /// page is in use no pair heads a free block, and the links of pairs that head none mean nothing.
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
