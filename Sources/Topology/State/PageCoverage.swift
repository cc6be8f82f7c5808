import BuddyEngine

/// The pages of a zone that have been seen, a bit each: finds a page that is on two lists without sorting them.
struct PageCoverage {
    private let start: UInt64
    private let pages: Int
    private var words: [UInt64]

    /// Larger zones (1 TiB of 4 KiB pages) would need too many bits.
    private static let mostPages = 1 << 28

    /// Nil for a zone that is too large.
    init?(_ span: ZoneSpan) {
        guard span.spanned <= Self.mostPages else { return nil }
        start = span.start.rawValue
        pages = span.spanned
        words = [UInt64](repeating: 0, count: (span.spanned + 63) / 64)
    }

    /// Marks `count` pages as seen.
    ///
    /// - Returns: False if one of them has been seen before, or is outside the zone.
    mutating func take(_ first: PageFrame, _ count: Int) -> Bool {
        guard first.rawValue >= start, first.rawValue - start <= UInt64(pages) else { return false }
        var bit = Int(first.rawValue - start)
        guard count >= 0, count <= pages - bit else { return false }
        let end = bit + count
        while bit < end {
            let inWord = min(64 - bit & 63, end - bit)
            let ones: UInt64 = inWord == 64 ? .max : (1 << inWord) - 1
            let mask = ones << (bit & 63)
            guard words[bit >> 6] & mask == 0 else { return false }
            words[bit >> 6] |= mask
            bit += inWord
        }
        return true
    }
}
