import BuddyEngine
import GFP
import SourceText

extension SnapshotReader {
    private static let zoneKeys = [
        "node", "zone", "start", "spanned", "present", "managed", "cma", "managedRanges", "cmaRanges", "watermarks",
        "lowmemReserve", "freePages", "reservedHighAtomic", "pageblockCounts", "perCPUPages", "counters", "counts",
        "lists", "exact",
    ]

    /// Reads the zones; they are returned in order of node and kind.
    mutating func readZones(_ values: [JSONValue]) -> [ZoneSnapshot] {
        var zones: [ZoneSnapshot] = []
        var seen: Set<ZoneReference> = []
        var spanned = 0
        for value in values {
            guard !isFull, let zone = zone(value) else { continue }
            if !seen.insert(ZoneReference(node: zone.span.node, kind: zone.span.kind)).inserted {
                report(value, "node \(zone.span.node)'s zone \(zone.span.kind) is described twice")
            }
            spanned += zone.span.spanned
            zones.append(zone)
        }
        if spanned > 1 << 42 { report(values[0], "the zones together span more than 2^42 pages") }
        return zones.sorted { ($0.span.node, $0.span.kind) < ($1.span.node, $1.span.kind) }
    }

    private mutating func zone(_ value: JSONValue) -> ZoneSnapshot? {
        guard let object = object(value, Self.zoneKeys, what: "a zone"), let span = span(object, in: value) else {
            return nil
        }
        var zone = ZoneSnapshot(span: span)
        zone.watermarks = object["watermarks"].flatMap { watermarks($0) }
        zone.lowmemReserve = object["lowmemReserve"].flatMap { list($0) }?.compactMap { number($0) }
        zone.freePages = object["freePages"].flatMap { number($0, SnapshotJSON.signed) }
        zone.reservedHighAtomic = object["reservedHighAtomic"].flatMap { number($0) } ?? 0
        zone.pageblockCounts = object["pageblockCounts"].map { byType($0) }
        zone.perCPUPages = object["perCPUPages"].flatMap { number($0) }
        for member in object["counters"].map({ members($0) }) ?? [] {
            zone.counters[member.key] = number(member.value, Int.min...Int.max)
        }
        var taken: [Block] = []
        coverage = nil
        if let lists = object["lists"] {
            if object["counts"] != nil { report(lists, "give either \"lists\" or \"counts\"") }
            zone.free = .lists(list(lists)?.compactMap { freeList($0, span, &taken) } ?? [])
        } else {
            zone.free = .counts(object["counts"].flatMap { list($0) }?.prefix(16).compactMap { freeCount($0) } ?? [])
        }
        zone.exact = object["exact"].flatMap { exact($0, span, &taken) }
        reportOverlaps(taken)
        return zone
    }

    private mutating func span(_ object: JSONObject, in value: JSONValue) -> ZoneSpan? {
        guard
            let nodeValue = required("node", of: object, in: value), let node = number(nodeValue, 0...NodeID.limit - 1),
            let kind = required("zone", of: object, in: value).flatMap({ kind($0) }),
            let start = required("start", of: object, in: value).flatMap({ number($0) }),
            let spanned = required("spanned", of: object, in: value).flatMap({
                number($0, 0...Int(BuddySpan.largestSpan))
            }),
            let present = required("present", of: object, in: value).flatMap({ number($0, 0...spanned) }),
            let managed = required("managed", of: object, in: value).flatMap({ number($0, 0...present) })
        else { return nil }
        guard isKnown(nodeValue, { references throws(MachineReferences.Unknown) in try references.check(NodeID(node)) })
        else { return nil }
        var span = ZoneSpan(
            node: NodeID(node), kind: kind, start: PageFrame(start), spanned: spanned, present: present,
            managed: managed)
        span.cma = object["cma"].flatMap { number($0, 0...managed) } ?? 0
        span.managedRanges = object["managedRanges"].map { ranges($0, within: span.start..<span.end) } ?? []
        span.cmaRanges = object["cmaRanges"].map { ranges($0, within: span.start..<span.end) } ?? []
        return span
    }

    private mutating func ranges(_ value: JSONValue, within span: Range<PageFrame>) -> [Range<PageFrame>] {
        var ranges: [Range<PageFrame>] = []
        for element in list(value) ?? [] {
            guard let run = run(element, pages: 1, within: span) else { continue }
            if let last = ranges.last, run.first < last.upperBound {
                report(element, "ranges are given in ascending order, without overlap")
            }
            ranges.append(run.first..<(run.first + run.count))
        }
        return ranges
    }

    private mutating func watermarks(_ value: JSONValue) -> WatermarkValues? {
        let keys = SnapshotJSON.marks.map(\.name) + ["promo"]
        guard let object = object(value, keys, what: "watermarks") else { return nil }
        for key in ["min", "low", "high"] { _ = required(key, of: object, in: value) }
        var marks = WatermarkValues(min: 0, low: 0, high: 0)
        numbers(SnapshotJSON.marks, of: object, into: &marks)
        marks.promo = object["promo"].flatMap { number($0) }
        // `__setup_per_zone_wmarks` computes each from the one below.
        if marks.min > marks.low || marks.low > marks.high {
            report(
                value,
                "min, low and high never fall, but these are \(marks.min), \(marks.low) and \(marks.high): no kernel has such "
                    + "marks")
        }
        return marks
    }

    private mutating func byType(_ value: JSONValue) -> [Migratetype: Int] {
        var counts: [Migratetype: Int] = [:]
        for member in members(value) {
            guard let type = type(member.key, at: member.value) else { continue }
            counts[type] = number(member.value, 0...Int(BuddySpan.largestSpan))
        }
        return counts
    }

    private mutating func freeCount(_ value: JSONValue) -> FreeCount? {
        let most = 0...Int(BuddySpan.largestSpan)
        if value.object == nil { return number(value, most).map { FreeCount(total: $0) } }
        guard let object = object(value, ["total", "byType", "presentTypes"], what: "a count of free blocks"),
            let total = required("total", of: object, in: value).flatMap({ number($0, most) })
        else { return nil }
        var count = FreeCount(total: total)
        if let given = object["byType"] {
            let counts = byType(given)
            let sum = counts.values.reduce(0, +)
            if sum != total { report(given, "the types' blocks are \(sum) together, not \(total)") }
            count.byType = counts
        }
        count.presentTypes = (object["presentTypes"].flatMap { list($0) }?.compactMap { type($0) }).map { Set($0) }
        return count
    }

    private mutating func freeList(_ value: JSONValue, _ span: ZoneSpan, _ taken: inout [Block]) -> FreeList? {
        guard let object = object(value, ["order", "type", "runs"], what: "a list of free blocks"),
            let order = required("order", of: object, in: value).flatMap({
                number($0, 0...Int(topology.maximumOrder.rawValue))
            }).map({ Order($0) }),
            let type = required("type", of: object, in: value).flatMap({ type($0) }),
            let runs = required("runs", of: object, in: value), let elements = list(runs)
        else { return nil }
        var result = FreeList(order: order, type: type, runs: [])
        if runs.isLeft {
            result.runs = leftRuns(runs, order, span)
            return result
        }
        for element in elements {
            guard !isFull, let run = run(element, pages: order.pages, within: span.start..<span.end) else { continue }
            reportMisaligned(run.first, order, element)
            taken.append(Block(first: run.first, pages: run.count * order.pages, value: element))
            result.runs.append(run)
        }
        return result
    }

    /// Pages that are on a list, and the value that says so.
    struct Block {
        var first: PageFrame
        var pages: Int
        var value: JSONValue
    }

    mutating func reportMisaligned(_ frame: PageFrame, _ order: Order, _ value: JSONValue) {
        guard frame.rawValue % UInt64(order.pages) != 0 else { return }
        report(value, "a block of order \(order) begins at a multiple of \(order.pages), not at \(frame)")
    }

    /// Reports pages that are on two lists.
    private mutating func reportOverlaps(_ blocks: [Block]) {
        if coverage != nil {
            for block in blocks where coverage?.take(block.first, block.pages) == false { needsWhole = true }
        }
        let sorted = blocks.sorted { ($0.first, $0.value.offset ?? 0) < ($1.first, $1.value.offset ?? 0) }
        for (block, next) in zip(sorted, sorted.dropFirst()) where next.first < block.first + block.pages {
            report(next.value, "page frame \(next.first) is on a list already")
        }
    }
}
