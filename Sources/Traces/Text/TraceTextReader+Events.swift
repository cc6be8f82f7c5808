import BuddyEngine

extension TraceTextReader {
    /// Builds an event from a line's fields.
    @inline(__always)
    mutating func event(
        _ kind: TraceEvent.Kind, in line: TraceLine, name: Int, fields position: Int, event: inout TraceEvent
    ) -> TraceLineContent {
        let prefix = line.prefix(before: name)
        var line = line
        line.position = position
        let fields = line.fields()
        guard !fields.hasUnreadable else { return .malformed("has a field that is not a number of 64 bits") }
        // LTTng omits it if it is always 0.
        guard let order = fields.order ?? (kind == .batchedFree ? 0 : nil) else { return .malformed("has no order=") }
        guard order <= UInt64(TraceEvent.largestOrder) else { return .malformed("has an order above 13") }
        guard let identity = fields.frame ?? fields.page else { return .malformed("has neither pfn= nor page=") }
        event.kind = kind
        event.time = prefix.time
        event.task = prefix.task
        event.cpu = fields.cpu.map { UInt32(clamping: $0) } ?? prefix.cpu
        event.order = UInt8(truncatingIfNeeded: order)
        event.frame = identity
        event.hasFrame = fields.frame != nil
        if let type = fields.migratetype { event.migratetype = UInt8(clamping: type) }
        guard event.cpu < TraceEvent.cpuLimit else { return .malformed("is of a CPU above 131071") }
        switch kind {
        case .allocation:
            guard let text = fields.mask, !text.isEmpty else { return .malformed("has no gfp_flags=") }
            guard let mask = masks.number(of: text) else {
                return .malformed("has one more different mask than the 16384 that are believed")
            }
            event.detail = mask
            if identity == 0 || identity == .max || fields.page == 0 && fields.frame == nil {
                event.kind = .refusal
                event.frame = 0
                return .event
            }
        case .fallback:
            event.detail =
                UInt32(UInt8(clamping: fields.otherOrder ?? order))
                | UInt32(UInt8(clamping: fields.otherMigratetype ?? 255)) << 8
        case .taken:
            event.detail = UInt32(clamping: fields.refill ?? 2)
        default: break
        }
        guard event.frame < Self.frameLimit || !event.hasFrame else {
            return .malformed("has a page frame number beyond 2^52: no machine has that much memory")
        }
        return .event
    }

    /// One more than the highest page frame that is accepted: physical addresses have at most 64 bits.
    static var frameLimit: UInt64 { 1 << 52 }
}
