import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

/// What a report does not say, and on which an answer may hang.
public enum Gap: Hashable, Sendable {
    /// The lines that say what failed.
    case request
    /// The order, which the header lost.
    case order
    /// The lines of zones that the reserves of others show to be there.
    case zones([ZoneReference])
    /// The report is cut: further zones may have followed.
    case otherZones
    case free(ZoneReference)
    case marks(ZoneReference)
    /// What is kept from requests that could use a higher zone.
    case reserve(ZoneReference)
    case size(ZoneReference)
    /// How much memory there is in all, or is free in all.
    case total
    /// The nodes that the request was bound to: the end of the first line, or a kill's summary.
    case constraint
    /// Some of the whole machine's counters, by the kernel's names.
    case counters([String])
    /// The pools of huge pages.
    case hugePages
    /// The table of tasks, or its end.
    case tasks
    /// The line of free blocks, or its end.
    case blocks(ZoneReference)
    /// How much is kept for atomic requests: neither the figure nor the letters of its blocks.
    case highAtomicReserve(ZoneReference)
    /// Lines of two reports are mixed.
    case mixed
}

/// Finds the gaps of a report. A figure that is not there is unknown: it is never taken to be zero.
struct ReportGaps {
    private(set) var all: [Gap] = []

    /// Zones that are not listed, though the request may use them.
    private(set) var hasLostZones = false

    init(_ report: FailureReport, _ request: FailedRequest?, architecture: Architecture) {
        let kinds = architecture.zoneKinds
        guard let memory = report.memory else { return }
        if report.isMixed { all.append(.mixed) }
        if let request, request.isOrderUnknown { all.append(.order) }
        let highest = request?.highestZone(kinds) ?? kinds.last ?? .movable
        let lost = Self.lostZones(memory, architecture).filter {
            $0.kind <= highest && request?.mayUse($0.node) ?? true
        }
        if !lost.isEmpty {
            all.append(.zones(lost))
            hasLostZones = true
        } else if Self.isCut(memory) {
            all.append(.otherZones)
            hasLostZones = true
        }
        let isTold = memory.pageTotals["RAM"] != nil && memory.counters["free"] != nil
        if !isTold, !Self.hasAllThatIsFree(memory), !Self.hasAllMemory(memory) { all.append(.total) }
        if Self.hidesBinding(report), !Self.isAllOnOneNode(memory) { all.append(.constraint) }
        if Self.hidesTasks(report) { all.append(.tasks) }
        let counters = Self.missingCounters(memory)
        if !counters.isEmpty { all.append(.counters(counters)) }
        if Self.hidesHugePages(report, memory, architecture) { all.append(.hugePages) }
        for zone in memory.zones {
            guard let kind = zone.kind, let node = NodeID(exactly: zone.node) else { continue }
            let reference = ZoneReference(node: node, kind: kind)
            if zone.free == nil, zone.wholeBlocks == nil { all.append(.free(reference)) }
            if zone.min == nil || zone.low == nil || zone.high == nil { all.append(.marks(reference)) }
            if zone.lowmemReserve == nil { all.append(.reserve(reference)) }
            if zone.managed == nil, zone.present == nil { all.append(.size(reference)) }
            if zone.wholeBlocks == nil { all.append(.blocks(reference)) }
            if zone.wholeBlocks == nil, zone.reservedHighAtomic == nil, report.assumedKernel.has(.highAtomicReserve) {
                all.append(.highAtomicReserve(reference))
            }
        }
    }

    /// Whether any of them is a zone's, or may hide one.
    var concernZones: Bool {
        all.contains { gap in
            switch gap {
            case .constraint, .counters, .hugePages, .tasks: false
            case .request, .order, .zones, .otherZones, .free, .marks, .reserve, .size, .total, .blocks,
                .highAtomicReserve, .mixed:
                true
            }
        }
    }

    /// Whether a cause that comes out alike however the gaps are filled in can be determined: some causes rest on figures that
    /// are not filled in, or on there being nothing else.
    func carries(_ cause: Cause, _ account: MemoryAccount?, in scene: FailureScene) -> Bool {
        !all.contains { gap in
            if gap == .total, scene.isMuchFreeElsewhere, cause.isRestriction { return false }
            return hides(gap, cause, account, scene)
        }
    }

    /// Whether a cause hangs on what a gap hides.
    private func hides(_ gap: Gap, _ cause: Cause, _ account: MemoryAccount?, _ scene: FailureScene) -> Bool {
        let basis = cause.basis
        switch gap {
        case .tasks:
            // Very many tasks show in their stacks.
            let hasManyStacks = account.map { $0.pages(.kernelStacks) * 20 >= $0.managed ?? 0 } ?? true
            // With no task yet, what is on no counter was taken by the boot.
            let mayBeBoot = [.memoryFull, .pageLeak].contains(cause) && scene.report.memory?.pageTotals["RAM"] == nil
            return [.forkBomb, .bootInitramfs].contains(cause) || basis == .holders && (hasManyStacks || mayBeBoot)
        case .counters, .hugePages: return basis == .holders && !(account?.hasCertainLargest ?? false)
        case .constraint:
            // With nothing to spare elsewhere the request fails wherever it is bound to.
            return basis == .places || basis == .holders && scene.isMuchFreeElsewhere
        case .blocks: return [.stateWouldServe, .highAtomic, .cmaOnly].contains(cause)
        // What is kept so would be the cause instead.
        case .highAtomicReserve: return cause == .belowMinNoReserve
        // Memory elsewhere would be the cause instead.
        case .total: return basis != .nothing
        // A zone below its mark without its reserve is below it with it, whatever its size.
        case .reserve, .size: return basis == .places || basis == .holders
        case .marks: return basis != .nothing || cause == .fragmentation && !isFragmentedByKnownMarks(scene)
        case .free: return basis == .places || basis == .holders
        case .request, .order, .zones, .otherZones, .mixed: return basis == .places || basis == .holders
        }
    }

    /// A zone whose marks are known has pages enough, and no block.
    private func isFragmentedByKnownMarks(_ scene: FailureScene) -> Bool {
        let known = scene.allowedZones.filter { !all.contains(.marks($0.reference)) }
        return !scene.fragmented(known).isEmpty
    }

    /// `nodemask=` ends the first line of a failure from 4.11 on, and is in the summary of a kill from 5.0 on, which is
    /// not printed where a kill ends in a panic or finds nobody to kill.
    private static func hidesBinding(_ report: FailureReport) -> Bool {
        switch report.kind {
        case .oomKill:
            return report.oom?.constraint == nil && report.assumedKernel.has(.constraintInKills)
        case .pageAllocationFailure, .allocationStall, .vmallocFailure:
            return report.nodemask == nil && report.assumedKernel.has(.nodemaskInFailures)
        case .memoryCgroupOOM, .slubFailure, .allocatorWarning, .sysrqShowMemory, .memoryInfo, .noMMUFailure,
            .cmaFailure, .hugePageShortage:
            return false
        }
    }

    /// All memory is in zones that the report lists, and these are of one node: no binding could matter.
    private static func isAllOnOneNode(_ memory: FailureReport.MemoryInfo) -> Bool {
        Set(memory.zones.map(\.node)).count == 1 && hasAllMemory(memory)
    }

    /// The lines of the victim follow the table of tasks: without any of them it may be cut, or not there at all.
    private static func hidesTasks(_ report: FailureReport) -> Bool {
        report.kind == .oomKill && report.oom?.constraint == nil && report.panic == nil
            && report.oom?.hasNoVictim != true && report.oom?.victims.isEmpty ?? true
    }

    /// The counters that every kernel since 2.6.31 prints and that tell who has the memory.
    private static let counterNames = [
        "active_anon", "inactive_anon", "active_file", "inactive_file", "unevictable", "slab_reclaimable",
        "slab_unreclaimable", "shmem", "pagetables",
    ]

    private static func missingCounters(_ memory: FailureReport.MemoryInfo) -> [String] {
        let counters = memory.counters
        // Older forms have others.
        guard !counters.isEmpty, counters["slab"] == nil, counters["active"] == nil else { return [] }
        let missing = counterNames.filter { counters[$0] == nil }
        let isOld = counters["isolated_anon"] == nil && counters["shmem"] == nil
        return isOld && missing == ["shmem"] ? [] : missing
    }

    /// x86 and arm64 have huge pages of 2 MiB, printed for each node from 3.10 on, where the kernel is built with them.
    private static func hidesHugePages(
        _ report: FailureReport, _ memory: FailureReport.MemoryInfo, _ architecture: Architecture
    ) -> Bool {
        guard architecture == .amd64, memory.assumedPageSize == 4096, report.assumedKernel.has(.hugePagesInReports)
        else {
            return false
        }
        // The lines of the page cache follow theirs.
        if memory.hugePages.isEmpty { return memory.pageCachePages == nil && memory.pageTotals["RAM"] == nil }
        return !memory.hugePages.contains { $0.size == 2048 }
    }

    /// `lowmem_reserve[]` has a number for each kind of zone, which grows where that kind has pages
    /// (`setup_per_zone_lowmem_reserve`, mm/page_alloc.c).
    /// Which number is for which kind is known of x86 and arm64 only: other kernels leave kinds out.
    private static func lostZones(
        _ memory: FailureReport.MemoryInfo, _ architecture: Architecture
    ) -> [ZoneReference] {
        let hasHighMem = memory.pageTotals["HighMem/MovableOnly"] ?? 0 > 0
        guard architecture == .i386 || architecture == .i386pae || architecture != .other && !hasHighMem else {
            return []
        }
        let kinds = architecture.zoneKinds
        let listed = Set(memory.zones.compactMap { zone in zone.kind.map { Key(node: zone.node, kind: $0) } })
        var lost: Set<Key> = []
        for zone in memory.zones {
            guard let own = zone.kind, let reserve = zone.lowmemReserve,
                abs(reserve.count - kinds.count) <= 1, isAligned(reserve, zone, memory, kinds)
            else { continue }
            for (position, kind) in kinds.prefix(reserve.count).enumerated() where kind > own && position > 0 {
                let key = Key(node: zone.node, kind: kind)
                if reserve[position] > max(0, reserve[position - 1]), !listed.contains(key) { lost.insert(key) }
            }
        }
        return lost.compactMap { key in
            NodeID(exactly: key.node).map { ZoneReference(node: $0, kind: key.kind) }
        }.sorted { ($0.node, $0.kind) < ($1.node, $1.kind) }
    }

    /// Each zone listed above must show as growth, else the kernel was built with other kinds.
    private static func isAligned(
        _ reserve: [Int], _ zone: FailureReport.ZoneUsage, _ memory: FailureReport.MemoryInfo, _ kinds: [ZoneKind]
    ) -> Bool {
        memory.zones.allSatisfy { other in
            guard let kind = other.kind, let own = zone.kind, other.node == zone.node, kind > own,
                other.managed ?? 0 > 16 * 1024, let position = kinds.firstIndex(of: kind)
            else { return true }
            return position > 0 && position < reserve.count && reserve[position] > reserve[position - 1]
        }
    }

    private struct Key: Hashable {
        var node: Int
        var kind: ZoneKind
    }

    /// Whether the zones listed are all that there are, as far as the report shows.
    static func isWhole(_ memory: FailureReport.MemoryInfo) -> Bool { !isCut(memory) }

    /// Nothing follows the zones' lines, and the zones listed do not have all that is free.
    private static func isCut(_ memory: FailureReport.MemoryInfo) -> Bool {
        let hasEnd =
            !memory.pageTotals.isEmpty || memory.pageCachePages != nil || memory.totalSwap != nil
            || !memory.hugePages.isEmpty
        // The lines of free blocks follow those of all zones.
        guard !hasEnd, !memory.zones.allSatisfy({ $0.freeBlocks != nil }) else { return false }
        // Without the whole machine's counter nothing shows that no zones are lost.
        return !hasAllThatIsFree(memory)
    }

    /// The zones listed are all of the machine's memory.
    private static func hasAllMemory(_ memory: FailureReport.MemoryInfo) -> Bool {
        guard let all = memory.pageTotals["RAM"], all > 0, memory.zones.allSatisfy({ $0.present != nil }) else {
            return false
        }
        let listed = memory.zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.present ?? 0), 1 << 40)) }
        return listed >= all - 64 && memory.zones.allSatisfy { $0.free != nil }
    }

    /// The zones listed have, but for a tenth, all that is free in the machine.
    private static func hasAllThatIsFree(_ memory: FailureReport.MemoryInfo) -> Bool {
        guard let free = memory.counters["free"], memory.zones.allSatisfy({ $0.free != nil }) else { return false }
        let listed = memory.zones.reduce(0) { $0 &+ memory.pages(min($1.free ?? 0, 1 << 40)) }
        return listed >= free - free / 10
    }
}

extension FailureReport.ZoneUsage {
    /// The free blocks, where the line came whole.
    var wholeBlocks: [FailureReport.FreeBlocks]? { freeBlocksState == .complete ? freeBlocks : nil }
}

extension FailedRequest {
    func mayUse(_ node: NodeID) -> Bool { binding == .thisNode || nodes?.contains(node) ?? true }
}
