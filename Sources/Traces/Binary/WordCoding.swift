import SourceText

/// The content of a block of coded events: its words in about three bytes each. See
/// `Documentation/Formats/TraceFormat.md`.
///
/// Most requests and frees of a block differ only in the page frame. The bits below it become an index of a table, the
/// page frame becomes the distance from the previous one. Decoding a word takes a look-up and an addition, much less
/// than unpacking eight bytes with zlib, and zlib compresses the three bytes to half of what it makes of eight.
struct WordCoding {
    /// The bits below the page frame number.
    private static let lowBits: UInt64 = 28
    private static let lowMask: UInt64 = 1 << lowBits - 1
    /// Instead of an index of the table: the word follows in eight bytes.
    private static let escape: UInt8 = 255
    /// The most entries of a table.
    private static let tableLimit = 255

    private var table: [UInt32] = []
    /// Indices of the table, by hash of the low bits; 255: none.
    private var slots = [UInt8](repeating: escape, count: 1 << 12)

    // MARK: - Coding

    /// Encodes the words of a block.
    mutating func code(_ words: [UInt64]) -> [UInt8] {
        table.removeAll(keepingCapacity: true)
        for slot in slots.indices { slots[slot] = Self.escape }
        var coded: [UInt8] = []
        coded.reserveCapacity(words.count * 4)
        var last = LastNumbers()
        for word in words {
            guard Self.isTabled(word), let position = position(of: UInt32(word & Self.lowMask)) else {
                coded.append(Self.escape)
                coded += word.littleEndianBytes
                continue
            }
            coded.append(position)
            let number = word >> Self.lowBits
            let isTask = word & 15 == BinaryTrace.Code.task
            Self.append(zigzag(Int64(number) - Int64(last[isTask])), to: &coded)
            last[isTask] = number
        }
        var content = UInt16(table.count).littleEndianBytes
        for low in table { content += low.littleEndianBytes }
        return content + coded
    }

    /// Whether a word is worth an entry in the table: times and high bits hardly ever repeat.
    private static func isTabled(_ word: UInt64) -> Bool {
        switch word & 15 {
        case BinaryTrace.Code.time, BinaryTrace.Code.extended, BinaryTrace.Code.extendedWithoutFrame: false
        default: true
        }
    }

    /// The index in the table, to which the low bits are added if there is room; nil if there is not.
    private mutating func position(of low: UInt32) -> UInt8? {
        var slot = Int((low &* 0x9E37_79B1) >> 20)
        while slots[slot] != Self.escape {
            if table[Int(slots[slot])] == low { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard table.count < Self.tableLimit else { return nil }
        slots[slot] = UInt8(table.count)
        table.append(low)
        return slots[slot]
    }

    private func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: number << 1 ^ number >> 63) }

    /// Appends seven bits to a byte, lowest first; the eighth says that more follow.
    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The previous numbers, from which differences are computed, separately for page frames and task IDs.
    private struct LastNumbers {
        private var frame: UInt64 = 0
        private var task: UInt64 = 0

        subscript(isTask: Bool) -> UInt64 {
            get { isTask ? task : frame }
            set { if isTask { task = newValue } else { frame = newValue } }
        }
    }

    // MARK: - Decoding

    /// The most words of a block: as many as fit without coding.
    private static let wordLimit = BlockFile.largestBlock / 8

    /// The inverse of ``code(_:)``; each word has its lowest byte first, as in a block of plain words.
    ///
    /// - Returns: False if `content` does not encode `count` words; nothing in it is trusted unchecked.
    static func decode(_ content: UnsafeRawBufferPointer, count: Int, into words: inout [UInt64]) -> Bool {
        guard count <= wordLimit, content.count >= 2 else { return false }
        let entries = Int(content.loadUnaligned(as: UInt16.self).littleEndian)
        let start = 2 + 4 * entries
        guard entries <= tableLimit, start <= content.count else { return false }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 256) { table in
            // Entries after the table's end are never used: their indices mean an escape.
            for entry in 0..<entries {
                let low = content.loadUnaligned(fromByteOffset: 2 + 4 * entry, as: UInt32.self).littleEndian
                table.initializeElement(at: entry, to: UInt64(low) & lowMask)
            }
            var isWhole = false
            words = [UInt64](unsafeUninitializedCapacity: count) { buffer, made in
                let coded = UnsafeRawBufferPointer(rebasing: content[start...])
                isWhole = decode(coded, UnsafeBufferPointer(table), entries, count, into: buffer)
                made = isWhole ? count : 0
            }
            return isWhole
        }
    }

    private static func decode(
        _ bytes: UnsafeRawBufferPointer, _ table: UnsafeBufferPointer<UInt64>, _ entries: Int, _ count: Int,
        into words: UnsafeMutableBufferPointer<UInt64>
    ) -> Bool {
        var at = 0
        var (lastFrame, lastTask): (UInt64, UInt64) = (0, 0)
        for index in 0..<count {
            guard at < bytes.count else { return false }
            let position = Int(bytes[at])
            at &+= 1
            guard position < entries else {
                guard position == Int(escape), at &+ 8 <= bytes.count else { return false }
                words.initializeElement(
                    at: index, to: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at &+= 8
                continue
            }
            guard let difference = number(bytes, &at) else { return false }
            let low = table[position]
            let change = (difference &>> 1) ^ (0 &- (difference & 1))
            if low & 15 == BinaryTrace.Code.task {
                lastTask = lastTask &+ change
                words.initializeElement(at: index, to: (low | lastTask &<< lowBits).littleEndian)
            } else {
                lastFrame = lastFrame &+ change
                words.initializeElement(at: index, to: (low | lastFrame &<< lowBits).littleEndian)
            }
        }
        return at == bytes.count
    }

    /// Reads a number of at most ten bytes.
    @inline(__always)
    private static func number(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> UInt64? {
        guard at < bytes.count else { return nil }
        var byte = bytes[at]
        at &+= 1
        if byte < 128 { return UInt64(byte) }
        var number = UInt64(byte & 127)
        var shift: UInt64 = 7
        while at < bytes.count, shift < 64 {
            byte = bytes[at]
            at &+= 1
            number |= UInt64(byte & 127) &<< shift
            if byte < 128 { return number }
            shift &+= 7
        }
        return nil
    }
}
