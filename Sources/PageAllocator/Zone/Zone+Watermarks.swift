import BuddyEngine
import GFP

extension Zone {
    /// Whether there are pages that some requests may not count.
    @inlinable
    var hasSetAside: Bool { buddy.reservedHighAtomic | buddy.counters.highAtomic | buddy.counters.cma != 0 }

    /// How many pages a request without a claim on highatomic pages may not count as free.
    @inlinable
    var keptForHighAtomic: Int {
        mutating get {
            walkRules.keptForHighAtomic(reserved: buddy.reservedHighAtomic, free: buddy.counters.highAtomic)
        }
    }

    /// Compares `free` pages with `mark` for a request with `flags`.
    @inlinable @inline(__always)
    mutating func test(_ mark: Int, order: Order, highest: Int, flags: AllocFlags, free: Int) -> WatermarkTest {
        WatermarkTest(
            free: free, blockRest: order.pages &- 1,
            highAtomic: flags.isDisjoint(with: walkRules.reserves.countsHighAtomic) ? keptForHighAtomic : 0,
            cma: flags.contains(.cma) ? 0 : buddy.counters.cma,
            mark: walkRules.reserves.lowered(mark, for: flags), lowmemReserve: lowmemReserve[unchecked: highest])
    }

    /// Whether the zone stays above `mark`, and has a block of the order on a list that the request may use
    /// (`__zone_watermark_ok`).
    @inlinable
    mutating func keeps(_ mark: Int, order: Order, highest: Int, flags: AllocFlags, free: Int) -> Bool {
        guard test(mark, order: order, highest: highest, flags: flags, free: free).isPassed else { return false }
        return order == 0 || hasBlock(order: order, flags: flags)
    }

    /// Whether a list that the request may use has a block of the order, which must be above 0, or larger.
    @inlinable
    mutating func hasBlock(order: Order, flags: AllocFlags) -> Bool {
        hasOrdinaryBlock(order)
            || flags.contains(.cma) && buddy.hasBlock(atLeast: order, type: .cma)
            || !flags.isDisjoint(with: walkRules.reserves.seesHighAtomicBlocks)
                && buddy.hasBlock(atLeast: order, type: .highAtomic)
    }

    /// Whether an ordinary list has a block of the order, which must be above 0, or larger.
    @inlinable @inline(__always)
    mutating func hasOrdinaryBlock(_ order: Order) -> Bool { buddy.hasOrdinaryBlock(atLeast: order) }

    /// The test that a walk makes (`zone_watermark_fast`): for order 0 first a quick one without reserves; at the min
    /// watermark, finally one without the boost.
    @inlinable
    mutating func isAbove(
        _ level: WatermarkLevel, extra: Int = 0, order: Order, highest: Int, flags: AllocFlags, gfp: GFPFlags
    ) -> Bool {
        let mark = effectiveWatermark(level) &+ extra
        let free = buddy.counters.free
        if order == 0 {
            let unusable = test(0, order: 0, highest: highest, flags: flags, free: free).unusable
            if free &- min(free, unusable) > mark &+ lowmemReserve[unchecked: highest] { return true }
        }
        if keeps(mark, order: order, highest: highest, flags: flags, free: free) { return true }
        guard order == 0, boost != 0, flags.rawValue & AllocFlags.watermarkMask == 0, isExemptFromBoost(gfp, flags)
        else { return false }
        return keeps(watermark(.min), order: order, highest: highest, flags: flags, free: free)
    }

    @inlinable
    mutating func isExemptFromBoost(_ gfp: GFPFlags, _ flags: AllocFlags) -> Bool {
        switch walkRules.boostExemption {
        case .atomicFlag: walkRules.reserves.isAtomic(gfp)
        case .minReserve: flags.contains(.minReserve)
        }
    }

    /// The test that decides whether a node is balanced. It adds the CPUs' shares of the counter where they could be
    /// misleading (`zone_watermark_ok_safe`).
    mutating func isSafelyAbove(_ level: WatermarkLevel, order: Order, highest: Int) -> Bool {
        var free = buddy.counters.free
        if percpuDriftMark > 0, free < percpuDriftMark { free = max(buddy.counters.exactFree, 0) }
        return keeps(effectiveWatermark(level), order: order, highest: highest, flags: [], free: free)
    }

    /// Like ``applyBoost(flags:)``, and reports to an observer.
    @inlinable
    mutating func applyBoost<Observer: AllocationObserver>(flags: AllocFlags, observing observer: inout Observer) {
        let before = boost
        applyBoost(flags: flags)
        if boost != before { observer.boosted(reference, to: boost) }
    }

    /// Raises the boost once for each time that a block was taken from another type's pageblock (`boost_watermark`).
    @usableFromInline
    mutating func applyBoost(flags: AllocFlags) {
        let times = buddy.foreignPageblocksDisturbed
        buddy.foreignPageblocksDisturbed = 0
        let pageblock = buddy.pageblockOrder.pages
        guard boostFactor > 0, managed >= pageblock * 4 else { return }
        let limit = watermark(.high) * boostFactor / 10_000 * walkRules.boostCap / 100
        guard limit > 0 else { return }
        let step = pageblock * walkRules.boostStep
        boost = min(boost + step * times, max(step, limit))
        if flags.contains(.kswapd) { self.flags.insert(.boosted) }
    }

    /// The figures of a test of this zone, with the verdict that it is passed.
    mutating func look(
        _ level: WatermarkLevel, extra: Int = 0, order: Order, highest: Int, flags: AllocFlags, gfp: GFPFlags
    ) -> ZoneLook {
        let unboosted = order == 0 && level == .min && isExemptFromBoost(gfp, flags)
        let mark = unboosted ? watermark(level) : effectiveWatermark(level) &+ extra
        var test = test(mark, order: order, highest: highest, flags: flags, free: buddy.counters.free)
        if flags.contains(.noWatermarks) { test.mark = 0 }
        return ZoneLook(
            zone: reference, level: level, mark: mark, boost: unboosted ? 0 : boost, test: test, verdict: .served)
    }
}
