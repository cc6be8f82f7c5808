import BuddyEngine
import SourceText

extension Snapshot {
    /// The compact form, which ``CompactSnapshot/check(_:)`` reads back as the same value.
    package var compact: [UInt8] {
        var writer = CompactWriter()
        var rest = self
        rest.zones.sort { ($0.span.node, $0.span.kind) < ($1.span.node, $1.span.kind) }
        let zones = rest.zones
        for index in rest.zones.indices { rest.zones[index].removeLongLists() }
        writer.put(rest.json.text(pretty: false))
        for zone in zones { writer.put(zone) }
        return writer.finish()
    }
}

extension ZoneSnapshot {
    /// Removes the lists that the compact form stores outside its JSON.
    fileprivate mutating func removeLongLists() {
        if case .lists = free { free = .lists([]) }
        exact?.pageblocks = []
        exact?.pages = []
    }
}

/// Writes numbers one after the other into blocks; ``CompactReader`` reads them in the same order.
private struct CompactWriter {
    private var bytes = CompactSnapshot.file.header()
    private var payload: [UInt8] = []
    private var blocks = 0
    /// Where the last run written ended: most begin nearby.
    private var lastEnd: UInt64 = 0

    mutating func put(_ text: String) {
        put(UInt64(text.utf8.count))
        for byte in text.utf8 {
            if payload.count == BlockFile.largestBlock { flush() }
            payload.append(byte)
        }
    }

    mutating func put(_ zone: ZoneSnapshot) {
        lastEnd = zone.span.start.rawValue
        var lists: [FreeList] = []
        if case .lists(let all) = zone.free { lists = all }
        put(UInt64(lists.count))
        for list in lists {
            put(UInt64(list.order.rawValue))
            put(UInt64(list.type.rawValue))
            put(UInt64(list.runs.count))
            for run in list.runs { put(run, pages: list.order.pages) }
        }
        guard let exact = zone.exact else { return }
        put(UInt64(exact.pageblocks.count))
        for run in exact.pageblocks {
            put(first: run.first, pages: run.count)
            put(UInt64(run.count))
            put(UInt64(run.type.rawValue))
        }
        put(UInt64(exact.pages.count))
        for run in exact.pages {
            put(first: run.first, pages: run.count)
            put(UInt64(run.count))
            put(UInt64(run.use.rawValue))
        }
    }

    /// Writes a run as its distance from the end of the previous one and a bit that says whether a count follows; few
    /// do.
    private mutating func put(_ run: FreeList.Run, pages: Int) {
        let distance = zigzag(Int64(bitPattern: run.first.rawValue &- lastEnd))
        put(distance << 1 | (run.count == 1 ? 0 : 1))
        if run.count != 1 { put(UInt64(run.count)) }
        lastEnd = run.first.rawValue &+ UInt64(run.count * pages)
    }

    private mutating func put(first: PageFrame, pages: Int) {
        put(zigzag(Int64(bitPattern: first.rawValue &- lastEnd)))
        lastEnd = first.rawValue &+ UInt64(pages)
    }

    /// Maps numbers of small magnitude, of either sign, to small numbers.
    private func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: number << 1 ^ number >> 63) }

    /// Writes seven bits to a byte, lowest first; the eighth says that more follow.
    private mutating func put(_ number: UInt64) {
        if payload.count + 10 > BlockFile.largestBlock { flush() }
        var rest = number
        while rest >= 128 {
            payload.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        payload.append(UInt8(rest))
    }

    private mutating func flush() {
        guard !payload.isEmpty else { return }
        bytes += BlockFile.block(kind: CompactSnapshot.content, count: blocks, payload, packing: .compressed)
        blocks += 1
        payload.removeAll(keepingCapacity: true)
    }

    /// Writes what is pending, then the end block.
    mutating func finish() -> [UInt8] {
        flush()
        return bytes + BlockFile.block(kind: CompactSnapshot.end, count: blocks, [], packing: .stored)
    }
}
