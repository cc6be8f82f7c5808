import BuddyEngine
import GFP
import KernelLog
import Topology

/// Remedies that make free blocks: by moving pages together, or by freeing what occupies them.
extension RemedyTrial {
    /// Compaction moves the free pages of movable pageblocks together. It cannot if most pages in use cannot be moved.
    /// Nil if the report does not say what is movable.
    func compaction() -> Remedy? {
        let order = scene.request.order
        guard order > 0, let memory = scene.report.memory else { return nil }
        var machine = scene.machine
        var gathered = 0
        var isStuck = false
        let usages = ZoneUsageIndex(memory)
        for index in machine.snapshot.zones.indices {
            let zone = machine.snapshot.zones[index]
            guard scene.allows(zone), case .counts(var counts) = zone.free, order < counts.count else { continue }
            guard let movable = movablePages(usages[zone], zone) else { return nil }
            let inUse = max(1, zone.span.managed - (zone.freePages ?? 0))
            guard movable * 2 >= inUse else {
                isStuck = true
                continue
            }
            var pages = 0
            for lower in 0..<order {
                let blocks = counts[lower].byType?[.movable] ?? 0
                counts[lower].total -= blocks
                counts[lower].byType?[.movable] = 0
                pages += blocks << lower
            }
            let blocks = min(pages, movable) >> order
            counts[order].total += blocks
            counts[order].byType?[.movable, default: 0] += blocks
            gathered += blocks
            counts[0].total += pages - blocks << order
            counts[0].byType?[.movable, default: 0] += pages - blocks << order
            machine.snapshot.zones[index].free = .counts(counts)
        }
        return Remedy(
            .compaction(blocks: gathered, isStuck: isStuck),
            servingZone: gathered > 0 ? scene.zoneServing(scene.asked, on: machine) : nil)
    }

    /// How many blocks of the order would be free after freeing the page cache, if its pages were distributed at random
    /// in their zone: the probability, for each block, that all its pages are free or cache.
    func expectedBlocks(givingBack cache: [ZoneReference: Int]) -> Int {
        let order = min(scene.request.order, 20)
        let expected = scene.allowedZones.reduce(0.0) { sum, zone in
            guard zone.managed > 0, zone.lowmemReserve * 4 < zone.managed else { return sum }
            let share = Double(min(zone.managed, zone.free + (cache[zone.reference] ?? 0))) / Double(zone.managed)
            var chance = 1.0
            for _ in 0..<(1 << order) where chance > 1e-12 { chance *= share }
            return sum + Double(zone.managed >> order) * chance
        }
        return Int(min(expected, 1e9))
    }

    /// Nil if neither the zone's line nor the machine's counters have all kinds.
    private func movablePages(_ usage: FailureReport.ZoneUsage?, _ zone: ZoneSnapshot) -> Int? {
        guard let memory = scene.report.memory else { return nil }
        let names = ["active_anon", "inactive_anon", "active_file", "inactive_file"]
        let own = names.compactMap { usage?.kibibytes[$0] }
        if own.count == names.count { return own.reduce(0) { $0 + memory.pages(min(max(0, $1), 1 << 42)) } }
        guard names.allSatisfy({ memory.counters[$0] != nil }) else { return nil }
        let total = names.reduce(0) { $0 + min(max(0, memory.counters[$1] ?? 0), 1 << 36) }
        let managed = max(1, scene.machine.snapshot.zones.reduce(0) { $0 + $1.span.managed })
        return Int(Double(total) * Double(zone.span.managed) / Double(managed))
    }

    /// Freeing what the largest user of memory has.
    func releasing() -> Remedy? {
        guard let account, let memory = scene.report.memory else { return nil }
        switch cause.holding {
        case .processes:
            guard let task = largestTask() else { return nil }
            return release(task.pages, .process(name: task.name, pid: task.pid))
        case .tmpfs: return release(account.pages(.tmpfs), .tmpfs)
        case .hugePages:
            let free = memory.hugePages.reduce(0) { sum, pool in
                let (size, overflows) = max(0, pool.free).multipliedReportingOverflow(by: max(0, pool.size))
                return overflows ? sum : sum &+ memory.pages(size)
            }
            let order = min(9, Int(scene.machine.snapshot.topology.maximumOrder.rawValue))
            return release(min(free, account.managed ?? free), .hugePages, order: order)
        case .slab: return release(account.pages(.slabReclaimable), .reclaimableSlab)
        case nil:
            // If slab is what could be freed, rather than page cache.
            let slab = account.pages(.slabReclaimable)
            let cache = total(scene.reclaimablePages(includingSwap: false))
            return slab * 20 >= account.managed ?? .max && slab > cache ? release(slab, .reclaimableSlab) : nil
        }
    }

    private func release(_ pages: Int, _ holding: Remedy.Holding, order: Int = 0) -> Remedy {
        let zone = scene.zoneServing(scene.asked, on: givingBack(shares(of: pages), order: order))
        // What reclaim left of slab caches, dropping them hardly frees.
        let isLeftOver =
            holding == .reclaimableSlab && scene.request.maySleep
            && pages * 100 < scene.allowedZones.reduce(0) { $0 + $1.managed }
        return Remedy(.release(holding, pages: pages), servingZone: zone, helps: zone != nil && !isLeftOver)
    }

    /// Pages by zone, in proportion to the zones that the request may use.
    private func shares(of pages: Int) -> [ZoneReference: Int] {
        let allowed = scene.allowedZones
        let managed = max(1, allowed.reduce(0) { $0 + $1.managed })
        var shares: [ZoneReference: Int] = [:]
        for zone in allowed {
            shares[zone.reference] = Int(Double(min(pages, managed)) * Double(zone.managed) / Double(managed))
        }
        return shares
    }

    /// Page cache and reclaimable slab together (`drop_caches` 3), where neither is enough by itself; nil where it is, or
    /// both together are not.
    func droppingAll(_ caches: Remedy?, _ released: Remedy?) -> Remedy? {
        guard let caches, !caches.helps, caches.servingZone == nil, !(released?.helps ?? false), let account else {
            return nil
        }
        let slab = account.pages(.slabReclaimable)
        let cache = scene.reclaimablePages(includingSwap: false)
        let pages = slab + total(cache)
        guard slab > 0, total(cache) > 0, pages * 100 >= scene.allowedZones.reduce(0, { $0 + $1.managed }) else {
            return nil
        }
        let all = cache.merging(shares(of: slab), uniquingKeysWith: &+)
        guard let zone = scene.zoneServing(scene.asked, on: givingBack(all)) else { return nil }
        return Remedy(.release(.cachesAndSlab, pages: pages), servingZone: zone)
    }

    /// The task with the most pages of its own: what it shares with others is not freed when it ends. The first process
    /// cannot be ended (`do_exit`: "Attempted to kill init!").
    private func largestTask() -> (name: String, pid: Int, pages: Int)? {
        let least = (account?.managed ?? 0) / 100
        let tasks = scene.report.tasks.filter { $0.pid != 1 }.map { task in
            (name: task.name, pid: task.pid, pages: max(0, task.columns["rss_anon"] ?? task.residentPages))
        }
        if let largest = tasks.max(by: { ($0.pages, $1.pid) < ($1.pages, $0.pid) }), largest.pages > 0 {
            // A table that has lost rows may lack the largest.
            return largest.pages >= least ? largest : nil
        }
        guard let victim = scene.report.oom?.victims.first, let resident = victim.kibibytes["anon-rss"] else {
            return nil
        }
        let pages = scene.report.memory?.pages(max(0, resident)) ?? 0
        return pages >= least && victim.pid != 1 ? (victim.name, victim.pid, pages) : nil
    }
}
