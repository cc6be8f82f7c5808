/// Converts UTF-16, in which some consoles and editors save logs, to UTF-8, piece by piece.
struct UTF16Decoder {
    private var isLittleEndian: Bool
    /// The first byte of a unit whose second has not arrived.
    private var odd: UInt8?
    /// The first unit of a pair of surrogates.
    private var high: UInt16?

    /// Nil if a text's first bytes are not UTF-16. Without a byte order mark, letters alternating with zeros count.
    init?(start: some Collection<UInt8>) {
        let first = Array(start.prefix(64))
        guard first.count >= 4 else { return nil }
        if first[0] == 0xFF, first[1] == 0xFE {
            isLittleEndian = true
        } else if first[0] == 0xFE, first[1] == 0xFF {
            isLittleEndian = false
        } else {
            let pairs = stride(from: 0, to: first.count - 1, by: 2)
            let isLittle = pairs.allSatisfy { first[$0] != 0 && first[$0 + 1] == 0 }
            let isBig = pairs.allSatisfy { first[$0] == 0 && first[$0 + 1] != 0 }
            guard isLittle || isBig else { return nil }
            isLittleEndian = isLittle
        }
    }

    mutating func decode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            guard let first = odd else {
                odd = byte
                continue
            }
            odd = nil
            let unit = isLittleEndian ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
            append(unit, to: &result)
        }
        return result
    }

    private mutating func append(_ unit: UInt16, to result: inout [UInt8]) {
        if unit == 0xFEFF { return }
        if UTF16.isLeadSurrogate(unit) {
            high = unit
            return
        }
        var units = [unit]
        if let lead = high { units.insert(lead, at: 0) }
        high = nil
        result += String(decoding: units, as: UTF16.self).utf8
    }
}
