import GFP
import Topology

/// What happened under pressure, counted as `/proc/vmstat` does (`enum vm_event_item`). Amounts are pages or events
/// since the machine began.
public struct PressureCounters: Hashable, Sendable {
    /// Direct reclaims, by the highest zone index of the request (`allocstall_*`).
    public var allocStalls = [Int](repeating: 0, count: 6)
    public var pagesScannedByKswapd = 0
    public var pagesScannedDirectly = 0
    /// Folios that reclaim looked at, several pages in one or a page each. A kernel does not count them; they are what reclaim
    /// costs.
    public var foliosScanned = 0
    public var pagesStolenByKswapd = 0
    public var pagesStolenDirectly = 0
    public var anonymousScanned = 0
    public var fileScanned = 0
    public var anonymousStolen = 0
    public var fileStolen = 0
    public var slabsScanned = 0
    public var pagesActivated = 0
    public var pagesDeactivated = 0
    public var pagesSwappedOut = 0
    public var pagesWritten = 0
    /// Rounds of kswapd (`pageoutrun`).
    public var kswapdRounds = 0
    /// kswapd was called again within its first short sleep.
    public var kswapdLowHitQuickly = 0
    /// kswapd could not even begin that sleep.
    public var kswapdHighHitQuickly = 0
    public var compactStalls = 0
    public var compactSuccesses = 0
    public var compactFailures = 0
    public var compactMigrateScanned = 0
    public var compactFreeScanned = 0
    public var compactIsolated = 0
    public var compactDaemonWakes = 0
    public var compactDaemonMigrateScanned = 0
    public var compactDaemonFreeScanned = 0
    public var pagesMigrated = 0
    public var migrationsFailed = 0
    public var zoneReclaimFailures = 0
    public var oomKills = 0

    public init() {}

    /// All counters with the kernel's names, in the kernel's order.
    ///
    /// - Parameter zoneKinds: The kernel's zones, in order of index.
    public func named(zoneKinds: [ZoneKind]) -> [(name: String, value: Int)] {
        let stalls = zip(zoneKinds, allocStalls).filter { $0.0 != .device }
        return stalls.map { ("allocstall_\($0.vmstatName)", $1) } + [
            ("pgactivate", pagesActivated), ("pgdeactivate", pagesDeactivated),
            ("pgsteal_kswapd", pagesStolenByKswapd), ("pgsteal_direct", pagesStolenDirectly),
            ("pgscan_kswapd", pagesScannedByKswapd), ("pgscan_direct", pagesScannedDirectly),
            ("pgscan_anon", anonymousScanned), ("pgscan_file", fileScanned),
            ("pgsteal_anon", anonymousStolen), ("pgsteal_file", fileStolen),
            ("zone_reclaim_failed", zoneReclaimFailures), ("slabs_scanned", slabsScanned),
            ("kswapd_low_wmark_hit_quickly", kswapdLowHitQuickly),
            ("kswapd_high_wmark_hit_quickly", kswapdHighHitQuickly), ("pageoutrun", kswapdRounds),
            ("pswpout", pagesSwappedOut), ("nr_vmscan_write", pagesWritten), ("oom_kill", oomKills),
            ("pgmigrate_success", pagesMigrated), ("pgmigrate_fail", migrationsFailed),
            ("compact_migrate_scanned", compactMigrateScanned), ("compact_free_scanned", compactFreeScanned),
            ("compact_isolated", compactIsolated), ("compact_stall", compactStalls),
            ("compact_fail", compactFailures), ("compact_success", compactSuccesses),
            ("compact_daemon_wake", compactDaemonWakes),
            ("compact_daemon_migrate_scanned", compactDaemonMigrateScanned),
            ("compact_daemon_free_scanned", compactDaemonFreeScanned),
        ]
    }
}

extension ZoneKind {
    /// As counters' names end: "dma32", "normal", "high", "movable".
    public var vmstatName: String {
        switch self {
        case .dma: "dma"
        case .dma32: "dma32"
        case .normal: "normal"
        case .highMem: "high"
        case .movable: "movable"
        case .device: "device"
        }
    }
}

extension Machine {
    /// Every counter that the machine keeps, with its name in `/proc/vmstat`.
    public func vmstat() -> [(name: String, value: Int)] {
        var lines: [(name: String, value: Int)] = [("nr_free_pages", freePages)]
        var numa = NUMACounters()
        var allocated = [Int](repeating: 0, count: zoneKinds.count)
        var freed = 0
        for position in 0..<zoneCount {
            withZone(position) { zone in
                numa.hit += zone.numa.hit
                numa.miss += zone.numa.miss
                numa.foreign += zone.numa.foreign
                numa.interleave += zone.numa.interleave
                numa.local += zone.numa.local
                numa.other += zone.numa.other
                allocated[zone.index] += zone.pagesAllocated
                freed += zone.pagesFreed
            }
        }
        lines += [
            ("numa_hit", numa.hit), ("numa_miss", numa.miss), ("numa_foreign", numa.foreign),
            ("numa_interleave", numa.interleave), ("numa_local", numa.local), ("numa_other", numa.other),
        ]
        for (kind, pages) in zip(zoneKinds, allocated) { lines.append(("pgalloc_\(kind.vmstatName)", pages)) }
        let events = counters.named(zoneKinds: zoneKinds)
        let stalls = events.prefix { $0.name.hasPrefix("allocstall") }
        return lines + stalls + [("pgfree", freed)] + events.dropFirst(stalls.count)
    }
}
