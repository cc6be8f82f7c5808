import SourceText
import BuddyEngine
import GFP
import Topology

/// Reads one zone of a recorded state.
struct ZoneReader {
    let states: StateReader
    let node: NodeID

    func read(_ zone: JSONField) throws(SourceProblem) -> ZoneSnapshot {
        guard let kind = ZoneKind(kernelName: try zone["name"].string) else {
            throw try zone["name"].failure("no zone has this name")
        }
        let marks = try zone["watermark"]
        var reserve: [Int] = []
        for pages in try zone["lowmem_reserve"].elements { reserve.append(try pages.count()) }
        while reserve.count < states.kinds.count { reserve.append(reserve.last ?? 0) }
        let span = ZoneSpan(
            node: node, kind: kind, start: try zone["start_pfn"].frame, spanned: try zone["spanned"].count(),
            present: try zone["present"].count(), managed: try zone["managed"].count(),
            cma: try zone.optional("cma")?.count() ?? 0)
        var snapshot = ZoneSnapshot(
            span: span,
            watermarks: WatermarkValues(
                min: try marks["min"].count(), low: try marks["low"].count(), high: try marks["high"].count(),
                promo: try marks.optional("promo")?.count(), boost: try marks.optional("boost")?.count() ?? 0),
            lowmemReserve: reserve, freePages: try zone["nr_free_pages"].int, free: .lists([]),
            reservedHighAtomic: try zone["nr_reserved_highatomic"].count())
        let lists = try readLists(zone)
        try checkPageblockCounter(zone, lists)
        snapshot.free = .lists(lists)
        let exact = try readExact(zone)
        // 5.10 has no counter for it.
        if zone.optional("cma") == nil {
            snapshot.span.cma = exact.pageblocks.reduce(0) {
                $1.type == .cma ? $0 + $1.count * states.build.pageblockOrder.pages : $0
            }
        }
        snapshot.exact = exact
        return snapshot
    }

    private func readLists(_ zone: JSONField) throws(SourceProblem) -> [FreeList] {
        var lists: [FreeList] = []
        for (order, area) in try (zone.optional("free_area")?.elements ?? []).enumerated() {
            guard order <= Int(states.build.maximumOrder.rawValue) else { throw area.failure("too many orders") }
            var ofOrder: [FreeList] = []
            for (name, field) in try area["lists"].members {
                guard let type = Migratetype(kernelName: name) else {
                    throw field.failure("\(name) is not a migratetype")
                }
                let frames = try self.frames(field)
                if !frames.isEmpty { ofOrder.append(FreeList(order: Order(order), type: type, frames: frames)) }
            }
            lists += ofOrder.sorted { $0.type.rawValue < $1.type.rawValue }
        }
        return lists
    }

    /// Checks the counter of free pages in whole pageblocks, without isolated ones, which zones have from 7.2 on. It
    /// follows from the lists, so correct lists have it right.
    private func checkPageblockCounter(_ zone: JSONField, _ lists: [FreeList]) throws(SourceProblem) {
        guard let counter = zone.optional("nr_free_pages_blocks") else { return }
        var counted = try counter.int
        for lists in try zone.optional("pcp")?.elements ?? [] {
            counted += try lists.optional("diff_free_blocks")?.int ?? 0
        }
        let listed = lists.filter { $0.order >= states.build.pageblockOrder && $0.type != .isolate }.reduce(0) {
            sum, list in
            sum + list.runs.reduce(0) { $0 + $1.count } * list.order.pages
        }
        guard counted == listed else {
            throw counter.failure("\(counted) pages in whole pageblocks are counted, the lists have \(listed)")
        }
    }

    private func frames(_ field: JSONField) throws(SourceProblem) -> [PageFrameNumber] {
        var frames: [PageFrameNumber] = []
        if field.isLeft {
            return try field.scan { scanner throws(JSONScanner.Failure) in
                var frames: [PageFrameNumber] = []
                try scanner.enterList()
                while try scanner.nextElement() { frames.append(try scanner.frame()) }
                return frames
            }
        }
        for frame in try field.elements { frames.append(try frame.frame) }
        return frames
    }

    private func readExact(_ zone: JSONField) throws(SourceProblem) -> ExactZoneState {
        let pageset = try readPageset(zone)
        let flags = try zone["flags"].count()
        var exact = ExactZoneState(
            freePagesCounter: try zone["nr_free_pages"].int, freeCMACounter: try zone["nr_free_cma"].int,
            freeHighAtomic: try zone.optional("nr_free_highatomic")?.int,
            percpuDriftMark: try zone["percpu_drift_mark"].count(), isBoosted: flags & 1 != 0,
            isReclaimActive: flags & 2 != 0, isBelowHigh: flags & 4 != 0,
            isContiguous: try zone["contiguous"].int != 0, pagesetHighMin: pageset.high,
            pagesetHighMax: try zone.optional("pageset_high_max")?.count() ?? pageset.high,
            pagesetBatch: pageset.batch)
        if let numa = zone.optional("numa") {
            exact.numa.hit = try numa["hit"].int
            exact.numa.miss = try numa["miss"].int
            exact.numa.foreign = try numa["foreign"].int
            exact.numa.interleave = try numa["interleave"].int
            exact.numa.local = try numa["local"].int
            exact.numa.other = try numa["other"].int
        }
        if let runs = zone.optional("pageblocks") { exact.pageblocks = try readPageblocks(runs) }
        if let runs = zone.optional("pages") { exact.pages = try readPages(runs) }
        for lists in try zone.optional("pcp")?.elements ?? [] { exact.perCPU.append(try readPerCPU(lists)) }
        return exact
    }

    /// The initial sizes of a zone's per-CPU lists. 5.10 does not store them in the zone: each CPU has its own, all
    /// equal.
    private func readPageset(_ zone: JSONField) throws(SourceProblem) -> (high: Int, batch: Int) {
        if let batch = zone.optional("pageset_batch") {
            let high = try zone[zone.optional("pageset_high") == nil ? "pageset_high_min" : "pageset_high"]
            return (try high.count(), try batch.count())
        }
        guard let first = try zone.optional("pcp")?.elements.first else { return (0, 1) }
        return (try first["high"].count(), try first["batch"].count())
    }

    private func readPerCPU(_ field: JSONField) throws(SourceProblem) -> PerCPUSnapshot {
        let high = try field["high"].count()
        var snapshot = PerCPUSnapshot(
            cpu: CPUID(try field["cpu"].count(8191)), count: try field["count"].count(),
            batch: try field["batch"].count(), expire: try field.optional("expire")?.int ?? 0, high: high,
            highMin: try field.optional("high_min")?.count() ?? high,
            highMax: try field.optional("high_max")?.count() ?? high,
            flags: try field.optional("flags")?.count(255) ?? 0,
            allocFactor: try field.optional("alloc_factor")?.count(63) ?? 0,
            freeCount: try field.optional("free_count")?.count() ?? 0,
            freeFactor: try field.optional("free_factor")?.count(63) ?? 0,
            statThreshold: try field["stat_threshold"].count(127), diffFreePages: try field["diff_free_pages"].int,
            diffFreeCMA: try field["diff_free_cma"].int)
        let carried = field.optional("page_migratetype")
        for (key, list) in try field["lists"].members {
            guard let index = Int(key) else { throw list.failure("\"\(key)\" is not a list's number") }
            let frames = try self.frames(list)
            var types: [Migratetype] = []
            if let numbers = carried?.optional(key) {
                if let same = numbers.value.int {
                    types = Array(repeating: try states.type(same, numbers), count: frames.count)
                } else {
                    for number in try numbers.elements { types.append(try states.type(number.int, number)) }
                }
            }
            if !frames.isEmpty { snapshot.lists.append(.init(index: index, frames: frames, types: types)) }
        }
        snapshot.lists.sort { $0.index < $1.index }
        return snapshot
    }
}
