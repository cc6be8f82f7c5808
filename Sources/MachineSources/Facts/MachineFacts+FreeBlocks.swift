import BuddyEngine
import GFP
import KernelText
import Topology

extension MachineFacts {
    /// Free blocks by order, from buddyinfo; by type as far as pagetypeinfo agrees or can be fitted.
    mutating func freeCounts(of zone: ZoneInfoText.Zone) -> [FreeCount] {
        guard let row = buddyInfo?.rows.first(where: { $0.node == zone.node && $0.zone == zone.name }) else {
            // Without a line of free blocks, the number of free pages is still known.
            return spread(zone)
        }
        let managed = managedPages(of: zone)
        guard row.pages <= managed else {
            note(
                "buddyinfo has \(row.pages) free pages in zone \(zone.name) of node \(zone.node), which manages only "
                    + "\(managed): it is of another machine or moment and is ignored.", .contradiction)
            return spread(zone)
        }
        let difference = abs(row.pages - zone.free)
        if difference > max(row.pages, zone.free) / 4, difference > 1024 {
            note(
                "buddyinfo has \(row.pages) free pages in zone \(zone.name) of node \(zone.node), zoneinfo \(zone.free): "
                    + "they may not belong together; the free blocks are those of buddyinfo.", .contradiction)
        }
        var isFitted = false
        let rows = typeRows(of: zone)
        let counts = row.counts.enumerated().map { order, total in
            let printed = Self.byType(rows, order: order)
            let byType = printed.isEmpty ? nil : Self.fit(printed, to: total)
            if let byType, byType != printed.filter({ $0.value.value > 0 }).mapValues(\.value) { isFitted = true }
            return FreeCount(total: total, byType: byType)
        }
        if isFitted { fittedZones.append("\(zone.name) of node \(zone.node)") }
        return counts
    }

    private func typeRows(of zone: ZoneInfoText.Zone) -> [PageTypeInfoText.FreeRow] {
        pageTypeInfo?.sections.flatMap(\.free).filter { $0.node == zone.node && $0.zone == zone.name } ?? []
    }

    private static func byType(
        _ rows: [PageTypeInfoText.FreeRow], order: Int
    ) -> [Migratetype: PageTypeInfoText.Count] {
        var result: [Migratetype: PageTypeInfoText.Count] = [:]
        for row in rows where row.counts.indices.contains(order) {
            guard let type = row.migratetype ?? successor(of: row.type) else { continue }
            let known = result[type]?.value ?? 0
            let isCapped = row.counts[order].isCapped || result[type]?.isCapped == true
            result[type] = PageTypeInfoText.Count(known + row.counts[order].value, isCapped: isCapped)
        }
        return result
    }

    /// Kernels before 4.4 had "Reserve" pageblocks where later ones have HighAtomic.
    private static func successor(of type: String) -> Migratetype? { type == "Reserve" ? .highAtomic : nil }

    /// Counts by type that add up to `total`, in the printed proportions; nil if nothing says how to divide it.
    static func fit(_ printed: [Migratetype: PageTypeInfoText.Count], to total: Int) -> [Migratetype: Int]? {
        var counts = printed.mapValues(\.value)
        let others = printed.filter { !$0.value.isCapped }.reduce(0) { $0 + $1.value.value }
        if let capped = printed.first(where: { $0.value.isCapped }), printed.count(where: { $0.value.isCapped }) == 1,
            total - others >= capped.value.value
        {
            // "At least 100000": buddyinfo has the exact number.
            counts[capped.key] = total - others
        }
        let sum = counts.values.reduce(0, +)
        if sum == total { return counts.filter { $0.value > 0 } }
        guard total > 0 else { return [:] }
        guard sum > 0 else { return nil }
        // Largest remainders: each type's share is rounded down, and the rest goes to the largest fractions.
        var shares: [(type: Migratetype, count: Int, remainder: UInt)] = counts.map { type, count in
            let product = UInt(count).multipliedFullWidth(by: UInt(total))
            let (quotient, remainder) = UInt(sum).dividingFullWidth(product)
            return (type, Int(quotient), remainder)
        }
        shares.sort { ($1.remainder, $0.type.rawValue) < ($0.remainder, $1.type.rawValue) }
        let left = total - shares.reduce(0) { $0 + $1.count }
        for index in shares.indices.prefix(left) { shares[index].count += 1 }
        return Dictionary(uniqueKeysWithValues: shares.map { ($0.type, $0.count) }).filter { $0.value > 0 }
    }

    /// Pageblocks by type; nil if pagetypeinfo lacks the zone.
    func pageblockCounts(of zone: ZoneInfoText.Zone) -> [Migratetype: Int]? {
        for section in pageTypeInfo?.sections ?? [] {
            guard let row = section.blocks.first(where: { $0.node == zone.node && $0.zone == zone.name }) else {
                continue
            }
            var counts: [Migratetype: Int] = [:]
            for (name, count) in zip(section.types, row.counts) where count > 0 {
                guard let type = Migratetype(kernelName: name) ?? Self.successor(of: name) else { continue }
                counts[type, default: 0] += count
            }
            return counts
        }
        return nil
    }
}
