/// Amounts of memory in the units that people read.
enum MemoryAmount {
    /// In the largest binary unit that leaves at least 1: "64 GiB", "15.6 MiB", "4 KiB".
    static func text(bytes: some BinaryInteger) -> String {
        let bytes = UInt64(clamping: bytes)
        var shift: UInt64 = 0
        var unit = "B"
        for (next, power) in [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("PiB", 50)] as [(String, UInt64)]
        where bytes >> power > 0 {
            shift = power
            unit = next
        }
        let whole = bytes >> shift
        let rest = bytes - whole << shift
        guard rest > 0, whole < 1000 else { return "\(whole) \(unit)" }
        // Rounded to tenths; `rest` is below 2^50.
        let tenths = (rest * 10 + (1 << shift) / 2) >> shift
        if tenths == 10 { return "\(whole + 1) \(unit)" }
        return tenths == 0 ? "\(whole) \(unit)" : "\(whole).\(tenths) \(unit)"
    }

    /// An amount in the unit of the kernel's own figures; a negative amount, which only a damaged log has, counts as 0.
    static func text(kibibytes: Int) -> String {
        let (bytes, overflow) = UInt64(max(0, kibibytes)).multipliedReportingOverflow(by: 1024)
        return overflow ? "\(kibibytes) KiB" : text(bytes: bytes)
    }

    static func text(pages: Int, pageSize: Int) -> String {
        let (bytes, overflow) = max(pages, 0).multipliedReportingOverflow(by: pageSize)
        return overflow ? "\(pages) pages" : text(bytes: bytes)
    }
}
