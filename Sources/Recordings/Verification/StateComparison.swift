import BuddyEngine
import GFP
import Topology

/// Compares a machine's state with a recorded one: lists block by block in order, and counters.
enum StateComparison {
    struct Found {
        var place: String
        var expected: String
        var got: String
    }

    static func firstDifference(_ state: Snapshot, recorded: Snapshot) -> Found? {
        let zones = Dictionary(uniqueKeysWithValues: state.zones.map { ($0.span.reference, $0) })
        for zone in recorded.zones where zone.span.present > 0 {
            let reference = zone.span.reference
            let name = "node \(reference.node) zone \(reference.kind)"
            guard let own = zones[reference] else { return Found(place: name, expected: "a zone", got: "none") }
            if var found = difference(own, zone, pageblock: recorded.topology.pageblockOrder.pages) {
                found.place = "\(name): \(found.place)"
                return found
            }
        }
        for (node, expected) in recorded.kswapd.sorted(by: { $0.key < $1.key }) where state.kswapd[node] != expected {
            return Found(
                place: "kswapd of node \(node)", expected: "\(expected)",
                got: state.kswapd[node].map { "\($0)" } ?? "none")
        }
        return nil
    }

    private static func difference(_ own: ZoneSnapshot, _ recorded: ZoneSnapshot, pageblock: Int) -> Found? {
        if let found = listDifference(own.free, recorded.free) { return found }
        guard let state = own.exact, let expected = recorded.exact else { return nil }
        let marks: [(String, Int?, Int?)] = [
            ("watermark boost", own.watermarks?.boost, recorded.watermarks?.boost),
            ("watermark min", own.watermarks?.min, recorded.watermarks?.min),
            ("watermark low", own.watermarks?.low, recorded.watermarks?.low),
            ("watermark high", own.watermarks?.high, recorded.watermarks?.high),
        ]
        let counters: [(String, Int?, Int?)] = [
            ("pages reserved for highatomic", own.reservedHighAtomic, recorded.reservedHighAtomic),
            ("free-page counter", state.freePagesCounter, expected.freePagesCounter),
            ("free CMA counter", state.freeCMACounter, expected.freeCMACounter),
            ("free highatomic pages", state.freeHighAtomic, expected.freeHighAtomic),
            ("boosted flag", state.isBoosted ? 1 : 0, expected.isBoosted ? 1 : 0),
            ("reclaim-active flag", state.isReclaimActive ? 1 : 0, expected.isReclaimActive ? 1 : 0),
            ("below-high flag", state.isBelowHigh ? 1 : 0, expected.isBelowHigh ? 1 : 0),
        ]
        let numa: [(String, Int?, Int?)] = [
            ("numa_hit", state.numa.hit, expected.numa.hit), ("numa_miss", state.numa.miss, expected.numa.miss),
            ("numa_foreign", state.numa.foreign, expected.numa.foreign),
            ("numa_local", state.numa.local, expected.numa.local),
            ("numa_other", state.numa.other, expected.numa.other),
        ]
        if let found = firstDifference(marks + counters + numa) { return found }
        if let found = pageblockDifference(state.pageblocks, expected.pageblocks, size: pageblock) { return found }
        return perCPUDifference(state.perCPU, expected.perCPU)
    }

    /// The first difference between named counters; one that the recording lacks is not compared.
    private static func firstDifference(_ numbers: [(String, Int?, Int?)]) -> Found? {
        for (place, own, expected) in numbers where expected != nil && own != expected {
            return Found(place: place, expected: expected.map { "\($0)" } ?? "", got: own.map { "\($0)" } ?? "none")
        }
        return nil
    }

    private static func listDifference(_ own: FreePages, _ recorded: FreePages) -> Found? {
        guard case .lists(let ownLists) = own, case .lists(let expectedLists) = recorded else { return nil }
        struct Key: Hashable {
            var order: Order
            var type: Migratetype
        }
        func frames(_ lists: [FreeList]) -> [Key: [PageFrame]] {
            var table: [Key: [PageFrame]] = [:]
            for list in lists {
                table[Key(order: list.order, type: list.type), default: []] += list.runs.flatMap { run in
                    (0..<run.count).map { run.first + $0 * list.order.pages }
                }
            }
            return table
        }
        let (own, expected) = (frames(ownLists), frames(expectedLists))
        let keys = Set(own.keys).union(expected.keys).sorted {
            ($0.order, $0.type.rawValue) < ($1.order, $1.type.rawValue)
        }
        for key in keys where own[key] != expected[key] {
            return sequence("free list of order \(key.order), \(key.type)", own[key] ?? [], expected[key] ?? [])
        }
        return nil
    }

    private static func sequence(_ place: String, _ own: [PageFrame], _ expected: [PageFrame]) -> Found? {
        guard own != expected else { return nil }
        let same = zip(own, expected).prefix { $0 == $1 }.count
        func text(_ frames: [PageFrame]) -> String {
            same < frames.count ? "page frame \(frames[same]) (of \(frames.count))" : "its end after \(frames.count)"
        }
        return Found(place: "\(place), place \(same)", expected: text(expected), got: text(own))
    }

    /// Compares pageblocks: one that the state does not list is movable; one that the recording does not list has no
    /// memory.
    private static func pageblockDifference(
        _ own: [ExactZoneState.PageblockRun], _ expected: [ExactZoneState.PageblockRun], size: Int
    ) -> Found? {
        var types: [PageFrame: Migratetype] = [:]
        for run in own { for index in 0..<run.count { types[run.first + index * size] = run.type } }
        for run in expected {
            for index in 0..<run.count {
                let frame = run.first + index * size
                if types[frame] ?? .movable != run.type {
                    return Found(
                        place: "type of the pageblock at page frame \(frame)", expected: run.type.kernelName,
                        got: (types[frame] ?? .movable).kernelName)
                }
            }
        }
        return nil
    }

    private static func perCPUDifference(_ own: [PerCPUSnapshot], _ expected: [PerCPUSnapshot]) -> Found? {
        for recorded in expected {
            let name = "CPU \(recorded.cpu)'s"
            guard let lists = own.first(where: { $0.cpu == recorded.cpu }) else {
                return Found(place: "\(name) lists", expected: "\(recorded.count) pages", got: "none")
            }
            for index in 0..<PerCPUListIndex.count {
                let ownList = lists.lists.first { $0.index == index }
                let expectedList = recorded.lists.first { $0.index == index }
                if let found = sequence("\(name) list \(index)", ownList?.frames ?? [], expectedList?.frames ?? []) {
                    return found
                }
                if let types = expectedList?.types, !types.isEmpty, let ownTypes = ownList?.types, ownTypes != types {
                    return Found(place: "\(name) list \(index), types", expected: "\(types)", got: "\(ownTypes)")
                }
            }
            let numbers: [(String, Int?, Int?)] = [
                ("page count", lists.count, recorded.count), ("high", lists.high, recorded.high),
                ("free_factor", lists.freeFactor, recorded.freeFactor),
                ("alloc_factor", lists.allocFactor, recorded.allocFactor),
                ("free_count", lists.freeCount, recorded.freeCount), ("flags", lists.flags, recorded.flags),
                ("part of the free-page counter", lists.diffFreePages, recorded.diffFreePages),
                ("part of the CMA counter", lists.diffFreeCMA, recorded.diffFreeCMA),
            ]
            if var found = firstDifference(numbers) {
                found.place = "\(name) \(found.place)"
                return found
            }
        }
        return nil
    }
}
