/// Addresses of memory, in bytes.
extension Range<UInt64> {
    /// The addresses that a table gives by the first one and their number; nil if there are none, or no machine has them.
    init?(address: UInt64, size: UInt64) {
        guard size > 0, address <= Self.limit, size <= Self.limit - address else { return nil }
        self = address..<address + size
    }

    /// No machine of today has addresses of more than 52 bits.
    private static var limit: UInt64 { 1 << 52 }
}

extension Sequence<Range<UInt64>> {
    /// How many bytes there are, however many times some are named; at most `UInt64.max`.
    var bytes: UInt64 {
        reduce(0) { sum, range in
            let (next, overflows) = sum.addingReportingOverflow(range.upperBound - range.lowerBound)
            return overflows ? .max : next
        }
    }
}
