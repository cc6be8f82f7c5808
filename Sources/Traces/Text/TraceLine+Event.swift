/// What a line contains.
enum TraceLineContent {
    case event
    case loss(cpu: UInt32, events: Int)
    case mark(start: Int)
    /// Something that is not the page allocator's.
    case foreign
    /// One of the page allocator's events that is not used.
    case unused
    case malformed(StaticString)
}

/// The fields of an event as they are in the text.
struct TraceFields {
    var page: UInt64?
    var frame: UInt64?
    var order: UInt64?
    var migratetype: UInt64?
    var cpu: UInt64?
    var refill: UInt64?
    var otherOrder: UInt64?
    var otherMigratetype: UInt64?
    var mask: UnsafeBufferPointer<UInt8>?
    var hasUnreadable = false
}

extension TraceLine {
    /// "mm_page_" as a little-endian number.
    static let eventPrefix: UInt64 = 0x5F65_6761_705F_6D6D

    /// The kind of event whose name begins at an offset, and where its fields begin; nil if there is no name.
    @inline(__always)
    func kind(at name: Int) -> (kind: TraceEvent.Kind?, fields: Int)? {
        var end = name + 8
        while end < count, isWordPart(base[end]) { end += 1 }
        guard end < count, base[end] == UInt8(ascii: ":") else { return nil }
        let rest = name + 8
        let kind: TraceEvent.Kind? =
            switch end - rest {
            case 4 where has("free", at: rest): .free
            case 5 where has("alloc", at: rest): .allocation
            case 10 where has("pcpu_drain", at: rest): .drain
            case 11 where has("free_direct", at: rest): .free
            case 12 where has("free_batched", at: rest): .batchedFree
            case 13 where has("alloc_extfrag", at: rest): .fallback
            case 17 where has("alloc_zone_locked", at: rest): .taken
            // Before 3.3.
            case 12 where has("pagevec_free", at: rest): .batchedFree
            default: nil
            }
        return (kind, end + 1)
    }

    /// Reads `key=value` pairs in any order, including unknown ones, up to the end or to anything else.
    @inline(__always)
    mutating func fields() -> TraceFields {
        var fields = TraceFields()
        while findKey() {
            guard let (start, length) = key() else { break }
            switch (length, base[start]) {
            case (4, UInt8(ascii: "p")) where has("page", at: start): fields.page = page()
            case (3, UInt8(ascii: "p")) where has("pfn", at: start): fields.frame = required(&fields)
            case (5, UInt8(ascii: "o")) where has("order", at: start): fields.order = required(&fields)
            case (11, UInt8(ascii: "m")) where has("migratetype", at: start): fields.migratetype = required(&fields)
            case (9, UInt8(ascii: "g")) where has("gfp_flags", at: start): fields.mask = value()
            case (6, UInt8(ascii: "c")) where has("cpu_id", at: start): fields.cpu = required(&fields)
            case (13, UInt8(ascii: "p")) where has("percpu_refill", at: start): fields.refill = required(&fields)
            case (11, UInt8(ascii: "a")) where has("alloc_order", at: start): fields.order = required(&fields)
            case (14, UInt8(ascii: "f")) where has("fallback_order", at: start): fields.otherOrder = required(&fields)
            case (17, UInt8(ascii: "a")) where has("alloc_migratetype", at: start):
                fields.migratetype = required(&fields)
            case (20, UInt8(ascii: "f")) where has("fallback_migratetype", at: start):
                fields.otherMigratetype = required(&fields)
            default: _ = value()
            }
        }
        return fields
    }

    @inline(__always)
    private mutating func required(_ fields: inout TraceFields) -> UInt64? {
        let value = number()
        if value == nil { fields.hasUnreadable = true }
        return value
    }

    /// Reads a pointer in hexadecimal, `(null)` or `(nil)`.
    @inline(__always)
    private mutating func page() -> UInt64? {
        if position < count, base[position] == UInt8(ascii: "(") {
            _ = value()
            return 0
        }
        return pointer()
    }
}

extension TraceLine {
    /// Reads `CPU:n [LOST m EVENTS]`, by which the kernel and trace-cmd report that a buffer overflowed.
    func loss() -> (cpu: UInt32, events: Int)? {
        guard has("CPU:", at: 0) else { return nil }
        var line = self
        line.position = 4
        let cpu = line.plainNumber()
        while line.position < count, line.base[line.position] != UInt8(ascii: "[") { line.position += 1 }
        line.position += 1
        if line.has("LOST ", at: line.position) { line.position += 5 }
        guard line.position < count else { return nil }
        let events = line.plainNumber()
        guard let cpu, line.has(" EVENTS", at: line.position) else { return nil }
        return (UInt32(clamping: cpu), Int(clamping: events ?? 1))
    }

    private mutating func plainNumber() -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < count, position - start < 18, base[position] &- UInt8(ascii: "0") < 10 {
            value = value * 10 + UInt64(base[position] &- UInt8(ascii: "0"))
            position += 1
        }
        return position > start ? value : nil
    }
}
