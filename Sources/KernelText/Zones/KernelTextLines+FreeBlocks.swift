import BuddyEngine

/// What the readers of buddyinfo and pagetypeinfo share.
extension KernelTextLines.Line {
    /// Reads a number of free blocks of one order, with at most 2^52 pages in all.
    func freeBlocks(_ field: Substring, order: Int) throws(KernelTextError) -> Int {
        let count = try amount(field, of: "the number of free blocks of order \(order)")
        guard UInt64(count) <= Self.largestAmount >> UInt64(min(order, 60)) else {
            throw error("\(count) free blocks of order \(order) are more than any machine has")
        }
        return count
    }

    /// The note on a line that does not belong to the file.
    func leftOut(of file: String) -> String { note("not a line of \(file), ignored: '\(content.prefix(40))'") }
}

extension Order {
    /// More orders than any kernel has (64 KiB pages of arm64: up to 14, powerpc up to 13).
    static var mostColumns: Int { 24 }
}
