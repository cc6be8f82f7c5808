import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How a zone stands towards a request: the arithmetic of the watermark test with its parts kept apart, so that one can
/// ask what would be if one of them were not there.
struct ZoneStanding {
    /// A part of the test that keeps a request out.
    enum Obstacle {
        case cma
        case highAtomic
        case boost
        case lowmemReserve
    }

    let zone: ZoneSnapshot
    let order: Int
    let flags: AllocFlags
    private let marks: WatermarkValues
    private let rules: KernelProfile.WalkRules
    private let reserve: Int

    /// - Parameters:
    ///   - flags: Of the last walk, from which come the request's privileges.
    ///   - highest: The index of the highest zone that the mask allows.
    init(_ zone: ZoneSnapshot, order: Int, flags: AllocFlags, highest: Int, profile: KernelProfile) {
        self.zone = zone
        self.order = order
        self.flags = flags
        marks = zone.watermarks ?? WatermarkValues(min: 0, low: 0, high: 0)
        rules = profile.walk
        let reserves = zone.lowmemReserve ?? []
        reserve = reserves.indices.contains(highest) ? reserves[highest] : 0
    }

    var reference: ZoneReference { zone.span.reference }
    var managed: Int { zone.span.managed }
    var free: Int { zone.exact?.freePagesCounter ?? zone.freePages ?? 0 }
    var boost: Int { marks.boost }
    var lowmemReserve: Int { reserve }
    var cmaFree: Int { flags.contains(.cma) ? 0 : zone.exact?.freeCMACounter ?? 0 }
    var highAtomicFree: Int {
        guard flags.isDisjoint(with: rules.reserves.countsHighAtomic) else { return 0 }
        return rules.keptForHighAtomic(reserved: zone.reservedHighAtomic, free: zone.exact?.freeHighAtomic ?? 0)
    }

    /// Whether the zone passes at its low mark, as the first look of any request has it, were some obstacles not there.
    func passesEasily(without obstacles: Set<Obstacle>) -> Bool {
        passes(mark: marks.low + (obstacles.contains(.boost) ? 0 : boost), without: obstacles)
            && hasBlock(order, types: usableTypes(without: obstacles))
    }

    /// Whether the zone passes even at its high mark, where kswapd stops, were some obstacles not there.
    func passesAtHighMark(without obstacles: Set<Obstacle>) -> Bool {
        passes(mark: marks.high + boost, without: obstacles) && hasBlock(order, types: usableTypes(without: obstacles))
    }

    /// Whether the zone passes with the privileges that the request has, were some obstacles not there.
    func passes(without obstacles: Set<Obstacle>) -> Bool {
        let min = marks.min + (obstacles.contains(.boost) ? 0 : marks.boost)
        return passes(mark: lowered(min), without: obstacles)
            && hasBlock(order, types: usableTypes(without: obstacles))
    }

    /// Whether a single page could be had, with the privileges that the request has.
    var passesForSinglePage: Bool {
        test(order: 0, mark: minMarkInForce).isPassed
    }

    /// Pages free beyond what lets the request pass; 0 where it does not.
    ///
    /// - `isLastLook`: At the high mark, without privileges, as the last look before a kill has it.
    func surplus(isLastLook: Bool) -> Int {
        let test = test(order: order, mark: isLastLook ? marks.high + boost : minMarkInForce)
        return max(0, test.free - test.required - test.unusable)
    }

    /// Free pages that the request may count.
    var usable: Int { free - cmaFree - highAtomicFree }

    /// Whether so much is free that nobody need make room: the high mark, where kswapd stops, and as much again or a
    /// fiftieth of the zone.
    ///
    /// - `reclaimable`: Pages to be counted as free.
    func isPlentiful(adding reclaimable: Int = 0) -> Bool {
        let most = 1 << 42
        return min(most, usable) + min(most, reclaimable) > marks.high + min(marks.high, managed / 50) + reserve
    }

    /// Whether what is missing is a block, not pages: single pages could be had even by a request without privileges,
    /// and memory is not used up, counting what reclaim could give.
    func isFragmented(reclaimable: Int) -> Bool {
        order > 0 && !hasUsableBlock && free >> min(order, 62) > 0 && passesForSinglePage
            && usable > marks.min + reserve && isPlentiful(adding: reclaimable)
    }

    /// The min mark as it holds for the request: with the boost, less what reserves take off.
    var minMarkInForce: Int { lowered(marks.min + marks.boost) }

    /// Whether there is a block of the order on a list that the request may use.
    var hasUsableBlock: Bool { hasBlock(order, types: usableTypes(without: [])) }

    /// The largest order of which the request could use a block; nil: none at all.
    var largestUsableOrder: Int? {
        guard case .counts(let counts) = zone.free else { return nil }
        let types = usableTypes(without: [])
        return counts.indices.last { order in types.contains { (counts[order].byType?[$0] ?? 0) > 0 } }
    }

    /// The comparison that the last look before a refusal makes.
    var lastTest: WatermarkTest { test(order: order, mark: minMarkInForce) }

    /// - Parameter mark: With the boost where it counts, and less what reserves take off.
    private func test(order: Int, mark: Int) -> WatermarkTest {
        WatermarkTest(
            free: free, blockRest: 1 << min(order, 40) - 1, highAtomic: highAtomicFree, cma: cmaFree, mark: mark,
            lowmemReserve: reserve)
    }

    private func passes(mark: Int, without obstacles: Set<Obstacle>) -> Bool {
        var test = test(order: order, mark: mark)
        if obstacles.contains(.cma) { test.cma = 0 }
        if obstacles.contains(.highAtomic) { test.highAtomic = 0 }
        if obstacles.contains(.lowmemReserve) { test.lowmemReserve = 0 }
        return test.isPassed
    }

    /// The lists that the request may take from.
    var typesSeen: [Migratetype] { rules.reserves.typesSeen(by: flags) }

    private func usableTypes(without obstacles: Set<Obstacle>) -> Set<Migratetype> {
        var types = Set(rules.reserves.typesSeen(by: flags))
        if obstacles.contains(.cma) { types.insert(.cma) }
        if obstacles.contains(.highAtomic) { types.insert(.highAtomic) }
        return types
    }

    private func hasBlock(_ order: Int, types: Set<Migratetype>) -> Bool {
        guard order > 0, case .counts(let counts) = zone.free else { return order == 0 }
        return counts.indices.contains { index in
            index >= order && types.contains { (counts[index].byType?[$0] ?? 0) > 0 }
        }
    }

    private func lowered(_ mark: Int) -> Int {
        flags.contains(.noWatermarks) ? 0 : rules.reserves.lowered(mark, for: flags)
    }
}
