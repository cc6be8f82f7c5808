import GFP
import Topology

extension WrittenReport {
    /// Everything from the machine's counters to its totals.
    var memory: [String] { perCPULists + counters + nodeLines + zoneLines + tail }

    private func sum(_ zones: [ZoneSnapshot], _ pages: (ZoneSnapshot) -> Int) -> Int {
        zones.reduce(0) { $0 + pages($1) }
    }

    /// The whole machine's counters, whatever zones are listed (`show_free_areas`).
    private var counters: [String] {
        let free = sum(snapshot.zones) { $0.freePages ?? self.free($0) }
        let freeCMA = sum(snapshot.zones) { self.pages(.cma, $0) }
        let perCPU = sum(listed) { self.perCPU($0) }
        let unstable = form.hasUnstable ? " unstable:0" : ""
        let slab = "slab_reclaimable:\(use.slabReclaimable) slab_unreclaimable:\(use.slabUnreclaimable)"
        var lines = [
            "active_anon:0 inactive_anon:\(use.anonymous + use.shared) isolated_anon:0",
            " active_file:0 inactive_file:\(use.file) isolated_file:0",
            " unevictable:\(use.locked) dirty:\(use.dirty) writeback:0\(unstable)",
        ]
        if form.hasFreeInTheMiddle {
            lines += [" free:\(free) \(slab)", " mapped:0 shmem:\(use.shared) pagetables:\(use.pageTables) bounce:0"]
            return form.hasFreeCMA ? lines + [" free_cma:\(freeCMA)"] : lines
        }
        lines.append(" \(slab)")
        if form.hasSecondaryPageTables {
            lines += [
                " mapped:0 shmem:\(use.shared) pagetables:\(use.pageTables)", " sec_pagetables:0 bounce:0",
            ]
        } else {
            lines.append(" mapped:0 shmem:\(use.shared) pagetables:\(use.pageTables) bounce:0")
        }
        if form.hasMiscReclaimable { lines.append(" kernel_misc_reclaimable:0") }
        return lines + [" free:\(free) free_pcp:\(perCPU) free_cma:\(freeCMA)"]
    }

    /// A line for each node's LRU lists, from 4.8.
    private var nodeLines: [String] {
        guard form.hasNodeLines else { return [] }
        return Set(listed.map(\.span.node)).sorted().map { node in
            let own = snapshot.zones.filter { $0.span.node == node }
            func amount(_ pages: Int) -> Int { sum(own) { share(pages, $0) } * pageSize }
            let blank = form.hasBlankAfterHugeName ? " " : ""
            var line =
                "Node \(node) active_anon:0kB inactive_anon:\(amount(use.anonymous + use.shared))kB active_file:0kB "
                + "inactive_file:\(amount(use.file))kB unevictable:\(amount(use.locked))kB isolated(anon):0kB "
                + "isolated(file):0kB mapped:0kB dirty:\(amount(use.dirty))kB writeback:0kB "
                + "shmem:\(amount(use.shared))kB shmem_thp:\(blank)0kB shmem_pmdmapped:\(blank)0kB anon_thp:\(blank)0kB"
            if form.hasWritebackTemporaryInNode { line += " writeback_tmp:0kB" }
            if form.hasUnstable { line += " unstable:0kB" }
            if form.hasPagesScannedInNode { line += " pages_scanned:0" }
            if form.hasKernelStackInNode { line += " kernel_stack:\(amount(use.stacks))kB" }
            if form.hasPageTablesInNode { line += " pagetables:\(amount(use.pageTables))kB" }
            if form.hasSecondaryPageTables { line += " sec_pagetables:0kB" }
            line += " all_unreclaimable? no"
            if form.hasBalloonInNode { line += " Balloon:0kB" }
            return line + (form.hasGraphicsInNode ? " gpu_active:0kB gpu_reclaim:0kB" : "")
        }
    }

    /// A zone's share of an amount, in proportion to its pages in use.
    func share(_ pages: Int, _ zone: ZoneSnapshot) -> Int {
        func inUse(_ zone: ZoneSnapshot) -> Int { max(0, zone.span.managed - (zone.freePages ?? free(zone))) }
        let all = snapshot.zones.reduce(0) { $0 + inUse($1) }
        return Int(Double(pages) * Double(inUse(zone)) / Double(max(1, all)))
    }

    private var perCPULists: [String] {
        guard form.hasPerCPULists else { return [] }
        let cpus = snapshot.topology.nodes.flatMap(\.cpus).sorted()
        return listed.flatMap { zone in
            let isLarge = zone.span.managed > 16_384
            return ["Node \(zone.span.node) \(zone.span.kind.kernelName) per-cpu:"]
                + cpus.map { cpu in
                    "CPU \(Self.padded("\(cpu)", 4)): hi: \(isLarge ? " 186" : "   0"), btch: \(isLarge ? " 31" : "  1") "
                        + "usd:   0"
                }
        }
    }

    /// Huge pages, page cache, swap, and memory in total.
    private var tail: [String] {
        let present = sum(snapshot.zones) { $0.span.present }
        let managed = sum(snapshot.zones) { $0.span.managed }
        var lines: [String] = []
        if form.hasHugePages {
            for (index, node) in Set(listed.map(\.span.node)).sorted().enumerated() {
                let (total, free) = index == 0 ? (use.hugePages, use.freeHugePages) : (0, 0)
                lines.append(
                    "Node \(node) hugepages_total=\(total) hugepages_free=\(free) hugepages_surp=0 hugepages_size=2048kB"
                )
            }
        }
        lines += ["\(use.file + use.shared) total pagecache pages", "0 pages in swap cache"]
        if form.hasSwapStatistics { lines.append("Swap cache stats: add 0, delete 0, find 0/0") }
        lines += ["Free swap  = \(use.freeSwap)kB", "Total swap = \(use.totalSwap)kB", "\(present) pages RAM"]
        guard !form.hasSharedPages else {
            return lines + ["\(present - managed) pages reserved", "0 pages shared", "\(managed) pages non-shared"]
        }
        let high = sum(snapshot.zones) { $0.span.kind == .highMem ? $0.span.present : 0 }
        lines += ["\(high) pages HighMem/MovableOnly", "\(present - managed) pages reserved"]
        let cma = sum(snapshot.zones) { $0.span.cma }
        return cma > 0 ? lines + ["\(cma) pages cma reserved"] : lines
    }
}
