import BuddyEngine
import GFP
import Topology

extension LRUReclaim {
    public func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        var freed = 0
        if table.nodes.contains(call.node) {
            let node = table.position(of: call.node)
            let byGeneration = machine.profile.reclaim.keepsGenerations
            var call = call
            if byGeneration { call.priority = initialPriority(call, node: node) }
            var left =
                (call.reason == .kswapd ? interrupted.removeValue(forKey: call.node) : nil)
                ?? scanCounts(call, node: node, swappiness: machine.topology.sysctls.swappiness)
            let batch = byGeneration ? Self.generationBatch : ReclaimCall.cluster
            let isThorough = call.reason == .direct && call.priority == ReclaimCall.gentlest && !byGeneration
            let before = machine.counters.foliosScanned
            // `shrink_lruvec`: a cluster of each list in turn, until enough is freed.
            while left.contains(where: { $0 > 0 }) {
                if let most = call.mostFolios, machine.counters.foliosScanned - before >= most {
                    interrupted[call.node] = left
                    return freed
                }
                for list in LRUKind.allCases where left[list.rawValue] > 0 {
                    let pages = byGeneration ? batch : min(left[list.rawValue], batch)
                    left[list.rawValue] -= min(pages, left[list.rawValue])
                    if !list.isActive {
                        freed += shrink(list, node: node, pages: pages, call, &machine)
                    } else if isInactiveLow(list.inactive, node: node) {
                        deactivate(list, node: node, pages: pages, &machine)
                    }
                }
                if freed >= call.target, !isThorough { break }
            }
            if swapPages > 0, isInactiveLow(.inactiveAnonymous, node: node) {
                deactivate(.activeAnonymous, node: node, pages: ReclaimCall.cluster, &machine)
            }
        }
        return freed + shrinkSlabs(call, &machine)
    }

    /// The priority to begin with; for kswapd a harder one if the gentlest would not free what it wants
    /// (`set_initial_priority`, 6.12).
    private func initialPriority(_ call: ReclaimCall, node: Int) -> Int {
        guard call.priority == ReclaimCall.gentlest, call.target >= Self.generationBatch else { return call.priority }
        var reclaimable = table.count(node, .inactiveFile)
        if call.maySwap, hasSwapLeft { reclaimable += table.count(node, .inactiveAnonymous) }
        func lastBit(_ value: Int) -> Int { Int.bitWidth - max(value, 0).leadingZeroBitCount }
        let priority = lastBit(reclaimable) - 1 - lastBit(call.target - 1)
        return min(max(priority, ReclaimCall.gentlest / 2), ReclaimCall.gentlest)
    }

    /// `MIN_LRU_BATCH`.
    private static var generationBatch: Int { 64 }

    /// How many pages of each list to scan (`get_scan_count`, without the cost of refaults, which the model lacks).
    private func scanCounts(_ call: ReclaimCall, node: Int, swappiness: Int) -> [Int] {
        let sizes = LRUKind.allCases.map { table.count(node, $0) }
        var counts = sizes.map { $0 >> call.priority }
        let mayUseAnonymous = call.maySwap && hasSwapLeft && swappiness > 0
        guard mayUseAnonymous else {
            counts[0] = 0
            counts[1] = 0
            return counts
        }
        if call.priority == 0 { return counts }
        // With plenty of inactive page cache, anonymous memory is left alone (`cache_trim_mode`).
        if sizes[2] >> call.priority > 0, !isInactiveLow(.inactiveFile, node: node) {
            counts[0] = 0
            counts[1] = 0
            return counts
        }
        for list in LRUKind.allCases {
            let share = list.isFile ? 200 - swappiness : swappiness
            counts[list.rawValue] = counts[list.rawValue] * share / 200
        }
        return counts
    }

    /// Whether an inactive list is too short compared with its active list (`inactive_is_low`).
    private func isInactiveLow(_ inactive: LRUKind, node: Int) -> Bool {
        let (few, many) = (table.count(node, inactive), table.count(node, inactive.active))
        let gibibytes = (few + many) >> 18
        let ratio = gibibytes > 0 ? Int(Double(10 * gibibytes).squareRoot()) : 1
        return few * ratio < many
    }

    /// Scans the oldest pages of an inactive list, and frees those that it can (`shrink_inactive_list`).
    private func shrink(
        _ list: LRUKind, node: Int, pages: Int, _ call: ReclaimCall, _ machine: inout Machine
    ) -> Int {
        var freed: [ReclaimedFolio] = []
        let scanned = scan(list, node: node, pages: pages, call, &table, &machine.counters, &freed)
        var pagesFreed = 0
        for folio in freed {
            if folio.order > 0 { machine.joinBlock(folio.first, order: folio.order) }
            machine.free(folio.first, order: folio.order, cpu: call.cpu)
            pagesFreed += folio.order.pages
        }
        count(scanned: scanned, freed: pagesFreed, isFile: list.isFile, call.reason, &machine.counters)
        return pagesFreed
    }

    /// Takes pages that can be freed off a list. The table is an argument because it is read often, and each access to
    /// a class's property would be checked.
    ///
    /// - Returns: How many pages were looked at.
    private func scan(
        _ list: LRUKind, node: Int, pages: Int, _ call: ReclaimCall, _ table: inout LRUTable,
        _ counters: inout PressureCounters, _ freed: inout [ReclaimedFolio]
    ) -> Int {
        var written: [Int32] = []
        var scanned = 0
        // Pages of zones that would not help are skipped; each page is looked at once.
        var looks = table.count(node, list)
        while scanned < pages, looks > 0 {
            looks -= 1
            let place = table.oldest(node, list)
            guard place >= 0 else { break }
            guard table[place].zoneIndex <= call.highestZoneIndex else {
                table.renew(place, on: list)
                continue
            }
            counters.foliosScanned += 1
            if let folio = table.folio(place) {
                scanned += folio.order.pages
                looks -= folio.order.pages - 1
                table.remove(folio)
                freed.append(folio)
                continue
            }
            scanned += 1
            if table[place].isReferenced {
                table[place].isReferenced = false
                table.renew(place, on: list.active)
                counters.pagesActivated += 1
            } else if list.isFile, table[place].isDirty {
                table.renew(place, on: list)
                // Only kswapd writes pages; such a page comes first once it is written.
                guard call.mayWrite, call.reason != .direct else { continue }
                table[place].isDirty = false
                counters.pagesWritten += 1
                written.append(place)
            } else if !list.isFile, !(call.maySwap && hasSwapLeft) {
                table.renew(place, on: list.active)
            } else {
                if !list.isFile {
                    swappedPages += 1
                    counters.pagesSwappedOut += 1
                }
                freed.append(ReclaimedFolio(first: table[place].frame, order: 0))
                let owner = Int(table[place].owner)
                if owner >= 0 { processes[owner].pages -= 1 }
                table.remove(place)
            }
        }
        for place in written { table.age(place) }
        return scanned
    }

    /// Moves the oldest active pages to the inactive list (`shrink_active_list`).
    private func deactivate(_ list: LRUKind, node: Int, pages: Int, _ machine: inout Machine) {
        deactivate(list, node: node, pages: pages, &table, &machine.counters)
    }

    private func deactivate(
        _ list: LRUKind, node: Int, pages: Int, _ table: inout LRUTable, _ counters: inout PressureCounters
    ) {
        for _ in 0..<min(pages, table.count(node, list)) {
            let place = table.oldest(node, list)
            table[place].isReferenced = false
            table.renew(place, on: list.inactive)
            counters.pagesDeactivated += 1
        }
    }

    /// Frees the same share of slab caches as is scanned of the lists (`do_shrink_slab`).
    private func shrinkSlabs(_ call: ReclaimCall, _ machine: inout Machine) -> Int {
        guard let slabs = slabPages[call.node], !slabs.isEmpty else { return 0 }
        let pages = min(max(slabs.count >> call.priority, call.priority == 0 ? 1 : 0), slabs.count)
        machine.counters.slabsScanned += pages
        for frame in slabs.suffix(pages) { machine.free(frame, order: 0, cpu: call.cpu) }
        slabPages[call.node]?.removeLast(pages)
        return pages
    }

    private func count(
        scanned: Int, freed: Int, isFile: Bool, _ reason: ReclaimCall.Reason, _ counters: inout PressureCounters
    ) {
        if reason == .kswapd {
            counters.pagesScannedByKswapd += scanned
            counters.pagesStolenByKswapd += freed
        } else {
            counters.pagesScannedDirectly += scanned
            counters.pagesStolenDirectly += freed
        }
        if isFile {
            counters.fileScanned += scanned
            counters.fileStolen += freed
        } else {
            counters.anonymousScanned += scanned
            counters.anonymousStolen += freed
        }
    }
}
