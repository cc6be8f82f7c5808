import BuddyEngine
import GFP
import KernelLog
import Topology

extension ReportedMachine {
    /// How figures that the report lacks are filled in. An answer that is the same for both ways is certain.
    public enum Completion: Hashable, Sendable {
        /// As favourable for the request as possible: unknown blocks are large, unknown marks low.
        case favourable
        /// As unfavourable as possible: unknown blocks are single pages, unknown marks high.
        case adverse
    }

    /// A zone's figures with the gaps filled in.
    static func completed(
        _ zone: ZoneSnapshot, _ usage: FailureReport.ZoneUsage, _ memory: FailureReport.MemoryInfo,
        _ completion: Completion, orders: Int
    ) -> (zone: ZoneSnapshot, blocks: [FailureReport.FreeBlocks]) {
        var zone = zone
        let size = max(1, memory.assumedPageSize / 1024)
        let inBlocks = usage.wholeBlocks != nil ? usage.freeBlocksSum.map { memory.pages($0) } : nil
        let isFavourable = completion == .favourable
        let free = zone.freePages ?? inBlocks ?? (isFavourable ? zone.span.managed : 0)
        zone.freePages = free
        if zone.watermarks == nil {
            let share = markShare(memory)
            let expected = Double(zone.span.managed) * share
            let min = Int(isFavourable ? expected / 2 : expected * 2)
            zone.watermarks = WatermarkValues(min: min, low: min + min / 4, high: min + min / 2)
        }
        if let whole = usage.wholeBlocks { return (zone, whole) }
        let known = usage.freeBlocksState == .cut ? usage.freeBlocks ?? [] : []
        return (zone, blocks(free: free, known: known, orders: orders, kibibytes: size, isFavourable: isFavourable))
    }

    /// The stated blocks, and the remaining free pages as blocks of the largest order or as single pages.
    private static func blocks(
        free: Int, known: [FailureReport.FreeBlocks], orders: Int, kibibytes: Int, isFavourable: Bool
    ) -> [FailureReport.FreeBlocks] {
        var blocks = Array(known.prefix(orders))
        for order in blocks.count..<max(orders, blocks.count) {
            blocks.append(FailureReport.FreeBlocks(count: 0, kibibytes: kibibytes << order, letters: nil))
        }
        let told = blocks.enumerated().reduce(0) { $0 &+ min(max(0, $1.element.count), 1 << 36) << $1.offset }
        var rest = max(0, min(free, 1 << 36) - told)
        for order in blocks.indices.reversed() where rest > 0 && (order == 0 || isFavourable && order >= known.count) {
            blocks[order].count += rest >> order
            rest -= (rest >> order) << order
        }
        return blocks
    }

    /// The ratio of min marks to sizes: zones share `min_free_kbytes` by size, except ZONE_HIGHMEM, which has a rule of
    /// its own and is small.
    private static func markShare(_ memory: FailureReport.MemoryInfo) -> Double {
        let shares = memory.zones.compactMap { zone -> Double? in
            guard let min = zone.min, let size = zone.managed ?? zone.present, size > 0, zone.kind != .highMem else {
                return nil
            }
            return Double(min) / Double(size)
        }
        return shares.max() ?? 0.01
    }

    /// Pages of a zone whose size is not stated, from what the zones below keep from requests that could use it: that
    /// reserve is the size divided by the ratio, 256 by default (`setup_per_zone_lowmem_reserve`, mm/page_alloc.c).
    static func size(
        of kind: ZoneKind, node: Int, in memory: FailureReport.MemoryInfo, kinds: [ZoneKind]
    ) -> Int? {
        guard let position = kinds.firstIndex(of: kind), position > 0 else { return nil }
        for zone in memory.zones where zone.node == node && zone.kind.map({ $0 < kind }) ?? false {
            guard let reserve = zone.lowmemReserve, reserve.indices.contains(position) else { continue }
            let (pages, overflows) = (reserve[position] &- reserve[position - 1]).multipliedReportingOverflow(by: 256)
            if pages > 0, !overflows, pages < 1 << 36 { return pages }
        }
        return nil
    }
}
