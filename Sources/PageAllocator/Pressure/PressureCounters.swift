import GFP
import Topology

/// What happened under pressure, counted like `/proc/vmstat` (`enum vm_event_item`): pages or events since the machine
/// was built.
public struct PressureCounters: Hashable, Sendable {
    /// Direct reclaims, by the highest zone index of the request (`allocstall_*`).
    public var allocStalls = [Int](repeating: 0, count: 6)
    /// `pgscan_kswapd`.
    public var pagesScannedByKswapd = 0
    /// `pgscan_direct`.
    public var pagesScannedDirectly = 0
    /// Folios that reclaim looked at, each a page or several. No kernel counts them; they determine what reclaim costs.
    public var foliosScanned = 0
    /// `pgsteal_kswapd`.
    public var pagesStolenByKswapd = 0
    /// `pgsteal_direct`.
    public var pagesStolenDirectly = 0
    /// `pgscan_anon`.
    public var anonymousScanned = 0
    /// `pgscan_file`.
    public var fileScanned = 0
    /// `pgsteal_anon`.
    public var anonymousStolen = 0
    /// `pgsteal_file`.
    public var fileStolen = 0
    /// `slabs_scanned`.
    public var slabsScanned = 0
    /// `pgactivate`.
    public var pagesActivated = 0
    /// `pgdeactivate`.
    public var pagesDeactivated = 0
    /// `pswpout`.
    public var pagesSwappedOut = 0
    /// `nr_vmscan_write`: pages that reclaim wrote out.
    public var pagesWritten = 0
    /// Rounds of kswapd (`pageoutrun`).
    public var kswapdRounds = 0
    /// kswapd was woken again during its first, short sleep (`kswapd_low_wmark_hit_quickly`).
    public var kswapdLowHitQuickly = 0
    /// kswapd could not even begin that sleep (`kswapd_high_wmark_hit_quickly`).
    public var kswapdHighHitQuickly = 0
    /// `compact_stall`: direct compactions.
    public var compactStalls = 0
    /// `compact_success`.
    public var compactSuccesses = 0
    /// `compact_fail`.
    public var compactFailures = 0
    /// `compact_migrate_scanned`.
    public var compactMigrateScanned = 0
    /// `compact_free_scanned`.
    public var compactFreeScanned = 0
    /// `compact_isolated`.
    public var compactIsolated = 0
    /// `compact_daemon_wake`.
    public var compactDaemonWakes = 0
    /// `compact_daemon_migrate_scanned`.
    public var compactDaemonMigrateScanned = 0
    /// `compact_daemon_free_scanned`.
    public var compactDaemonFreeScanned = 0
    /// `pgmigrate_success`.
    public var pagesMigrated = 0
    /// `pgmigrate_fail`.
    public var migrationsFailed = 0
    /// `zone_reclaim_failed`.
    public var zoneReclaimFailures = 0
    /// `oom_kill`.
    public var oomKills = 0

    public init() {}

    /// All counters with the kernel's names, in the kernel's order.
    ///
    /// - Parameters:
    ///   - zoneKinds: The kernel's zones, in order of index.
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
    /// The end of a counter's name: "dma32", "normal", "high", "movable".
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
    /// Every counter of the machine, with its name in `/proc/vmstat`.
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
