/// Counts line breaks, eight bytes at a time, since it is applied to every byte of a log.
enum LineCount {
    static func of(_ bytes: UnsafeRawBufferPointer) -> Int {
        let breaks: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        var count = 0
        var offset = 0
        while bytes.count &- offset >= 8 {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ breaks
            // The high bit of each byte that is zero; no carry crosses bytes (Warren, Hacker's Delight, 6-1).
            count &+= (~(((word & low) &+ low) | word | low)).nonzeroBitCount
            offset &+= 8
        }
        for byte in UnsafeRawBufferPointer(rebasing: bytes[offset...]) where byte == 0x0A { count &+= 1 }
        return count
    }
}
