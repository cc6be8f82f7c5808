import BuddyEngine
import GFP
import Topology

extension WrittenReport {
    /// Watermarks and reserve of each zone, then the free blocks of each.
    var zoneLines: [String] {
        let reserve = { (zone: ZoneSnapshot) in
            zone.lowmemReserve ?? snapshot.topology.architecture.zoneKinds.map { _ in 0 }
        }
        let marks = listed.flatMap { zone in
            [self.marks(zone), "lowmem_reserve[]: " + reserve(zone).map(String.init).joined(separator: " ")]
        }
        return marks + listed.map(blocks)
    }

    private func marks(_ zone: ZoneSnapshot) -> String {
        let marks = zone.watermarks ?? WatermarkValues(min: 0, low: 0, high: 0)
        func amount(_ pages: Int) -> String { "\(pages * pageSize)kB" }
        var line = "Node \(zone.span.node) \(zone.span.kind.kernelName) free:\(amount(zone.freePages ?? free(zone)))"
        if form.hasBoost { line += " boost:\(amount(marks.boost))" }
        line += " min:\(amount(marks.min + marks.boost)) low:\(amount(marks.low + marks.boost)) "
        line += "high:\(amount(marks.high + marks.boost))"
        if form.hasReservedHighAtomic {
            line += " reserved_highatomic:\(zone.reservedHighAtomic * pageSize)\(form.reservedUnit)"
        }
        if form.hasFreeHighAtomic {
            line += " free_highatomic:\(pages(.highAtomic, zone) * pageSize)\(form.reservedUnit)"
        }
        line += " active_anon:0kB inactive_anon:\(amount(share(use.anonymous + use.shared, zone))) active_file:0kB "
        line += "inactive_file:\(amount(share(use.file, zone))) unevictable:\(amount(share(use.locked, zone)))"
        return line + (form.hasNodeLines ? newFigures(zone, amount) : oldFigures(zone, amount))
    }

    /// The figures from 4.8 on, where LRU lists belong to nodes.
    private func newFigures(_ zone: ZoneSnapshot, _ amount: (Int) -> String) -> String {
        var line = " writepending:\(amount(share(use.dirty, zone)))"
        if form.hasCompressedPages { line += " zspages:0kB" }
        line += " present:\(amount(zone.span.present)) managed:\(amount(zone.span.managed)) "
        line += "mlocked:\(amount(share(use.locked, zone)))"
        if form.hasSlabInZone { line += slab(zone, amount) }
        if !form.hasKernelStackInNode { line += " kernel_stack:\(amount(share(use.stacks, zone)))" }
        if !form.hasPageTablesInNode { line += " pagetables:\(amount(share(use.pageTables, zone)))" }
        return line + " bounce:0kB free_pcp:\(amount(perCPU(zone))) local_pcp:0kB "
            + "free_cma:\(amount(pages(.cma, zone)))"
    }

    private func oldFigures(_ zone: ZoneSnapshot, _ amount: (Int) -> String) -> String {
        var line = " isolated(anon):0kB isolated(file):0kB present:\(amount(zone.span.present))"
        if form.hasManaged { line += " managed:\(amount(zone.span.managed))" }
        line += " mlocked:\(amount(share(use.locked, zone))) dirty:\(amount(share(use.dirty, zone))) writeback:0kB "
        line += "mapped:0kB shmem:\(amount(share(use.shared, zone)))" + slab(zone, amount)
        line += " kernel_stack:\(amount(share(use.stacks, zone))) pagetables:\(amount(share(use.pageTables, zone))) "
        line += "unstable:0kB bounce:0kB"
        if form.hasFreePerCPU { line += " free_pcp:\(amount(perCPU(zone))) local_pcp:0kB" }
        if form.hasFreeCMA { line += " free_cma:\(amount(pages(.cma, zone)))" }
        return line + " writeback_tmp:0kB pages_scanned:0 all_unreclaimable? no"
    }

    private func slab(_ zone: ZoneSnapshot, _ amount: (Int) -> String) -> String {
        " slab_reclaimable:\(amount(share(use.slabReclaimable, zone))) "
            + "slab_unreclaimable:\(amount(share(use.slabUnreclaimable, zone)))"
    }

    // MARK: Free blocks

    /// Prints `Node 0 DMA: 1*4kB (U) 0*8kB ... = 748kB`.
    private func blocks(_ zone: ZoneSnapshot) -> String {
        let orders = counts(zone).enumerated().map { order, byType in
            let total = byType.values.reduce(0, +)
            let letters = String(Migratetype.allCases.filter { byType[$0] ?? 0 > 0 }.map(letter))
            let types = form.hasLetters && !letters.isEmpty ? " (\(letters))" : ""
            return "\(total)*\(pageSize << order)kB\(types)"
        }
        return "Node \(zone.span.node) \(zone.span.kind.kernelName): \(orders.joined(separator: " ")) = "
            + "\(free(zone) * pageSize)kB"
    }

    private func letter(_ type: Migratetype) -> Character {
        type == .highAtomic ? form.reserveLetter : type.letter
    }

    /// Free blocks by order and type.
    private func counts(_ zone: ZoneSnapshot) -> [[Migratetype: Int]] {
        let orders = 0...Int(snapshot.topology.maximumOrder.rawValue)
        switch zone.free {
        case .counts(let counts):
            return orders.map { order in
                guard counts.indices.contains(order) else { return [:] }
                return counts[order].byType ?? [.movable: counts[order].total]
            }
        case .lists(let lists):
            var result = orders.map { _ in [Migratetype: Int]() }
            for list in lists where result.indices.contains(Int(list.order.rawValue)) {
                result[Int(list.order.rawValue)][list.type, default: 0] += list.runs.reduce(0) { $0 + $1.count }
            }
            return result
        }
    }

    /// Free pages of a type.
    func pages(_ type: Migratetype, _ zone: ZoneSnapshot) -> Int {
        counts(zone).enumerated().reduce(0) { $0 + ($1.element[type] ?? 0) << $1.offset }
    }

    /// Free pages on the lists.
    func free(_ zone: ZoneSnapshot) -> Int {
        counts(zone).enumerated().reduce(0) { $0 + $1.element.values.reduce(0, +) << $1.offset }
    }

    /// Pages on the zone's per-CPU lists.
    func perCPU(_ zone: ZoneSnapshot) -> Int {
        zone.perCPUPages ?? zone.exact.map { $0.perCPU.reduce(0) { $0 + $1.count } } ?? 0
    }
}
