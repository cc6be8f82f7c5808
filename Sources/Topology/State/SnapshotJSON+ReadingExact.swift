import BuddyEngine
import SourceText

extension SnapshotReader {
    private static let exactKeys =
        SnapshotJSON.exact.map(\.name) + SnapshotJSON.flags.map(\.name)
        + ["freeHighAtomic", "numa", "pageblocks", "pages", "perCPU"]

    mutating func exact(_ value: JSONValue, _ span: ZoneSpan, _ taken: inout [Block]) -> ExactZoneState? {
        guard let object = object(value, Self.exactKeys, what: "a zone's exact state") else { return nil }
        for key in ["freePagesCounter", "pagesetHighMin", "pagesetHighMax", "pagesetBatch"] {
            _ = required(key, of: object, in: value)
        }
        var state = ExactZoneState(
            freePagesCounter: 0, isContiguous: false, pagesetHighMin: 0, pagesetHighMax: 0, pagesetBatch: 1)
        numbers(SnapshotJSON.exact, of: object, into: &state)
        state.freeHighAtomic = object["freeHighAtomic"].flatMap { number($0, SnapshotJSON.signed) }
        for (name, path) in SnapshotJSON.flags {
            if let flag = object[name].flatMap({ shapes.flag($0) }) { state[keyPath: path] = flag }
        }
        if let counters = object["numa"],
            let members = self.object(
                counters, SnapshotJSON.numa.map(\.name), what: "the NUMA counters")
        {
            numbers(SnapshotJSON.numa, of: members, into: &state.numa)
        }
        let pageblockPages = topology.pageblockOrder.pages
        let first = PageFrame(rawValue: span.start.rawValue & ~UInt64(pageblockPages - 1))
        let last = span.end + (pageblockPages - 1)
        if let left = object["pageblocks"], left.isLeft { readLeft(left, pageblocksWithin: first..<last, &state) }
        for element in object["pageblocks"].flatMap({ list($0) }) ?? [] {
            guard let (run, name) = typedRun(element, pages: pageblockPages, within: first..<last),
                let type = type(name)
            else { continue }
            reportMisaligned(run.first, topology.pageblockOrder, element)
            state.pageblocks.append(.init(first: run.first, count: run.count, type: type))
        }
        if let left = object["pages"], left.isLeft { readLeft(left, pagesOf: span, &state) }
        for element in object["pages"].flatMap({ list($0) }) ?? [] {
            guard let (run, name) = typedRun(element, pages: 1, within: span.start..<span.end) else { continue }
            guard let use = SnapshotJSON.uses.first(where: { $0.name == name.string })?.use else {
                let names = SnapshotJSON.uses.map(\.name).joined(separator: ", ")
                report(name, "\(shapes.describe(name)) is not one of \(names)")
                continue
            }
            state.pages.append(.init(first: run.first, count: run.count, use: use))
        }
        var seen: Set<CPUID> = []
        for element in object["perCPU"].flatMap({ list($0) }) ?? [] {
            guard !isFull, let lists = perCPU(element, span, &taken) else { continue }
            if !seen.insert(lists.cpu).inserted { report(element, "CPU \(lists.cpu) appears twice") }
            state.perCPU.append(lists)
        }
        return state
    }

    /// Reads `[first, count, "what"]`.
    private mutating func typedRun(
        _ value: JSONValue, pages: Int, within span: Range<PageFrame>
    ) -> (FreeList.Run, JSONValue)? {
        guard let parts = value.array, parts.count == 3 else {
            report(value, "this must be [first page frame, count, \"what\"], not \(shapes.describe(value))")
            return nil
        }
        guard let first = number(parts[0]), let count = number(parts[1], 1...Int(BuddySpan.largestSpan)) else {
            return nil
        }
        return run(first, count, pages: pages, within: span, at: value).map { ($0, parts[2]) }
    }

    private mutating func perCPU(_ value: JSONValue, _ span: ZoneSpan, _ taken: inout [Block]) -> PerCPUSnapshot? {
        let keys = ["cpu"] + SnapshotJSON.perCPU.map(\.name) + ["lists"]
        guard let object = object(value, keys, what: "a CPU's lists"),
            let cpuValue = required("cpu", of: object, in: value), let cpu = number(cpuValue, 0...CPUID.limit - 1)
        else { return nil }
        guard isKnown(cpuValue, { references throws(MachineReferences.Unknown) in try references.check(CPUID(cpu)) })
        else { return nil }
        for key in ["batch", "high", "highMin", "highMax"] { _ = required(key, of: object, in: value) }
        var state = PerCPUSnapshot(cpu: CPUID(cpu), batch: 1, high: 0, highMin: 0, highMax: 0, statThreshold: 0)
        numbers(SnapshotJSON.perCPU, of: object, into: &state)
        var pages = 0
        for element in object["lists"].flatMap({ list($0) }) ?? [] {
            guard let list = perCPUList(element, span, &taken, &pages) else { continue }
            if state.lists.contains(where: { $0.index == list.index }) {
                report(element, "list \(list.index) appears twice")
            }
            state.lists.append(list)
        }
        if !isFull, pages != state.count {
            report(object["count"] ?? value, "the lists have \(pages) pages, \"count\" says \(state.count)")
        }
        return state
    }

    private mutating func perCPUList(
        _ value: JSONValue, _ span: ZoneSpan, _ taken: inout [Block], _ pages: inout Int
    ) -> PerCPUSnapshot.List? {
        guard let object = object(value, ["index", "frames", "types"], what: "a per-CPU list"),
            let index = required("index", of: object, in: value).flatMap({ number($0, 0...PerCPUListIndex.count - 1) }),
            let frames = required("frames", of: object, in: value).flatMap({ list($0) })
        else { return nil }
        let order = PerCPUListIndex.order(ofList: index, hugePageOrder: topology.hugePageOrder ?? 0)
        var result = PerCPUSnapshot.List(index: index, frames: [])
        for element in frames {
            guard !isFull, let run = run(element, pages: order.pages, within: span.start..<span.end) else { continue }
            reportMisaligned(run.first, order, element)
            taken.append(Block(first: run.first, pages: order.pages, value: element))
            result.frames.append(run.first)
            pages += order.pages
        }
        if let types = object["types"].flatMap({ list($0) }) {
            result.types = types.compactMap { isFull ? nil : type($0) }
            if !isFull, types.count != frames.count {
                report(value, "there are \(frames.count) frames, but \(types.count) types")
            }
        }
        return result
    }
}
