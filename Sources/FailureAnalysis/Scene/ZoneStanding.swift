import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How a zone relates to a request: the parts of the watermark test kept apart, so that one can ask for the result
/// without some of them.
struct ZoneStanding {
    /// A part of the test that makes a request fail.
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

    /// Sets up the tests of a zone for a request.
    ///
    /// - Parameters:
    ///   - zone: The zone.
    ///   - order: The order of the request.
    ///   - flags: The flags of the last walk, which give the request's privileges.
    ///   - highest: The index of the highest zone that the GFP mask allows.
    ///   - profile: The kernel's rules.
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

    /// Whether the zone would pass at its low mark, as in the first attempt of any request, if some obstacles did not
    /// exist.
    func passesEasily(without obstacles: Set<Obstacle>) -> Bool {
        passes(mark: marks.low + (obstacles.contains(.boost) ? 0 : boost), without: obstacles)
            && hasBlock(order, types: usableTypes(without: obstacles))
    }

    /// Whether the zone would pass even at its high mark, where kswapd stops, if some obstacles did not exist.
    func passesAtHighMark(without obstacles: Set<Obstacle>) -> Bool {
        passes(mark: marks.high + boost, without: obstacles) && hasBlock(order, types: usableTypes(without: obstacles))
    }

    /// Whether the zone would pass with the privileges of the request if some obstacles did not exist.
    func passes(without obstacles: Set<Obstacle>) -> Bool {
        let min = marks.min + (obstacles.contains(.boost) ? 0 : marks.boost)
        return passes(mark: lowered(min), without: obstacles)
            && hasBlock(order, types: usableTypes(without: obstacles))
    }

    /// Whether the request could get a single page with its privileges.
    var passesForSinglePage: Bool {
        test(order: 0, mark: minMarkInForce).isPassed
    }

    /// Pages that are free beyond what lets the request pass; 0 where it does not pass.
    ///
    /// - Parameters:
    ///   - isLastLook: Whether to test at the high mark and without privileges, as the last attempt before a kill does.
    func surplus(isLastLook: Bool) -> Int {
        let test = test(order: order, mark: isLastLook ? marks.high + boost : minMarkInForce)
        return max(0, test.free - test.required - test.unusable)
    }

    /// Free pages that count for the request.
    var usable: Int { free - cmaFree - highAtomicFree }

    /// Whether so many pages are free that nothing need be reclaimed: the high mark, where kswapd stops, plus the same
    /// amount again or 1/50 of the zone, whichever is less.
    ///
    /// - Parameters:
    ///   - reclaimable: Pages to count as free.
    func isPlentiful(adding reclaimable: Int = 0) -> Bool {
        let most = 1 << 42
        return min(most, usable) + min(most, reclaimable) > marks.high + min(marks.high, managed / 50) + reserve
    }

    /// Whether a block is missing and not pages: even a request without privileges could get single pages, and memory
    /// is not exhausted, counting what reclaim could free.
    ///
    /// - Parameters:
    ///   - reclaimable: Pages that reclaim could free.
    func isFragmented(reclaimable: Int) -> Bool {
        order > 0 && !hasUsableBlock && free >> min(order, 62) > 0 && passesForSinglePage
            && usable > marks.min + reserve && isPlentiful(adding: reclaimable)
    }

    /// The min mark that applies to the request: including the boost, reduced by its privileges.
    var minMarkInForce: Int { lowered(marks.min + marks.boost) }

    /// Whether a list that the request may use has a block of the order.
    var hasUsableBlock: Bool { hasBlock(order, types: usableTypes(without: [])) }

    /// The largest order of which the request could use a block; nil: there is none.
    var largestUsableOrder: Int? {
        guard case .counts(let counts) = zone.free else { return nil }
        let types = usableTypes(without: [])
        return counts.indices.last { order in types.contains { (counts[order].byType?[$0] ?? 0) > 0 } }
    }

    /// The comparison of the last attempt before a refusal.
    var lastTest: WatermarkTest { test(order: order, mark: minMarkInForce) }

    /// Compares the free pages with a mark.
    ///
    /// - Parameters:
    ///   - order: The order to test.
    ///   - mark: The mark, including the boost where it counts, and reduced by privileges.
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

    /// The lists that the request may take from, as migratetypes.
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
