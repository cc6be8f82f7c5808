import BuddyEngine
import GFP
import Topology

/// The watermark test of kernels before 4.4 for orders above 0: free blocks of each lower order are subtracted, and the
/// mark is halved each time (`__zone_watermark_ok`, mm/page_alloc.c, 3.13). It can refuse although there is a block, if
/// there are few others.
enum HistoricOrderRule {
    static func applies(to kernel: KernelVersion?, order: Int) -> Bool {
        guard let kernel else { return false }
        return !kernel.has(.blocksOfItsOrderSuffice) && order > 0
    }

    /// - Parameters:
    ///   - zone: The zone.
    ///   - order: The order of the request.
    ///   - required: The mark in effect, without the reserve, in pages.
    static func refuses(_ zone: ZoneStanding, order: Int, required: Int) -> Bool {
        guard case .counts(let counts) = zone.zone.free else { return false }
        var free = zone.free - (1 << min(order, 40) - 1)
        var mark = required
        if free <= mark + zone.lowmemReserve { return true }
        for lower in 0..<min(order, counts.count) {
            free -= counts[lower].total << lower
            mark >>= 1
            if free <= mark { return true }
        }
        return false
    }
}
