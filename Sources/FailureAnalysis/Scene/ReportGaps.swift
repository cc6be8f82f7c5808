import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

/// Something that a report does not say and on which an answer may depend.
public enum Gap: Hashable, Sendable {
    /// The lines that say what failed.
    case request
    /// The order, which the header has lost.
    case order
    /// The lines of zones that must exist by the reserves of other zones.
    case zones([ZoneReference])
    /// The report is cut off: further zones may have followed.
    case otherZones
    /// The zone's number of free pages.
    case free(ZoneReference)
    /// The zone's watermarks.
    case marks(ZoneReference)
    /// The part of the zone that is kept from requests that could use a higher zone (`lowmem_reserve`).
    case reserve(ZoneReference)
    /// The zone's size.
    case size(ZoneReference)
    /// The total memory, or the total of what is free.
    case total
    /// The nodes that the request was bound to: they stand at the end of the first line, or in a kill's summary.
    case constraint
    /// Some of the counters of the whole machine, by the kernel's names.
    case counters([String])
    /// The pools of huge pages.
    case hugePages
    /// The table of tasks, or its end.
    case tasks
    /// The line of free blocks, or its end.
    case blocks(ZoneReference)
    /// The amount reserved for atomic requests: neither the figure nor the letters of the blocks are printed.
    case highAtomicReserve(ZoneReference)
    /// Lines of two reports are mixed together.
    case mixed
}

/// Finds the gaps of a report. A missing figure is unknown: it is never assumed to be zero.
struct ReportGaps {
    private(set) var all: [Gap] = []

    /// Whether the request may use zones that are not listed.
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
        // Without any line of the machine's, who has the memory is not told, and nothing else depends on it.
        let counters = memory.counters.isEmpty ? [] : memory.knownCounters.lost
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

    /// Whether any gap concerns a zone or may hide one.
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

    /// Whether a cause that results both ways of filling in the gaps can be given nevertheless: some causes rest on
    /// figures that are not filled in, or on the absence of anything else.
    func carries(_ cause: Cause, _ account: MemoryAccount?, in scene: FailureScene) -> Bool {
        !all.contains { gap in
            if gap == .total, scene.isMuchFreeElsewhere, cause.isRestriction { return false }
            return hides(gap, cause, account, scene)
        }
    }

    /// Whether a cause depends on what a gap hides.
    private func hides(_ gap: Gap, _ cause: Cause, _ account: MemoryAccount?, _ scene: FailureScene) -> Bool {
        let basis = cause.basis
        switch gap {
        case .tasks:
            // A very large number of tasks shows in the stacks.
            let hasManyStacks = account.map { $0.pages(.kernelStacks) * 20 >= $0.managed ?? 0 } ?? true
            // Before the first task, memory on no counter was taken by the boot.
            let mayBeBoot = [.memoryFull, .pageLeak].contains(cause) && scene.report.memory?.pageTotals["RAM"] == nil
            return [.forkBomb, .bootInitramfs].contains(cause) || basis == .holders && (hasManyStacks || mayBeBoot)
        case .counters(let lost):
            // Processes and tmpfs are on the same lists.
            let isMixed = lost.contains("shmem") && account?.largestInUse?.kind == .processes
            return basis == .holders && (isMixed || !(account?.hasCertainLargest ?? false))
        case .hugePages: return basis == .holders && !(account?.hasCertainLargest ?? false)
        case .constraint:
            // If there is nothing to spare elsewhere, the request fails wherever it is bound to.
            return basis == .places || basis == .holders && scene.isMuchFreeElsewhere
        case .blocks: return [.stateWouldServe, .highAtomic, .cmaOnly].contains(cause)
        // The reserved pages would be the cause instead.
        case .highAtomicReserve: return cause == .belowMinNoReserve
        // Memory elsewhere would be the cause instead.
        case .total: return basis != .nothing
        // A zone that is below its mark without its reserve is also below it with the reserve, whatever its size.
        case .reserve, .size: return basis == .places || basis == .holders
        case .marks: return basis != .nothing || cause == .fragmentation && !isFragmentedByKnownMarks(scene)
        case .free: return basis == .places || basis == .holders
        case .request, .order, .zones, .otherZones, .mixed: return basis == .places || basis == .holders
        }
    }

    /// Whether a zone whose marks are known has enough pages but no block.
    private func isFragmentedByKnownMarks(_ scene: FailureScene) -> Bool {
        let known = scene.allowedZones.filter { !all.contains(.marks($0.reference)) }
        return !scene.fragmented(known).isEmpty
    }

    /// Whether the binding may be missing: `nodemask=` ends the first line of a failure from 4.11 on and is in the
    /// summary of a kill from 5.0 on, but a kill that ends in a panic or finds no victim prints no summary.
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

    /// Whether all memory is in zones that the report lists, all on one node: then no binding could matter.
    private static func isAllOnOneNode(_ memory: FailureReport.MemoryInfo) -> Bool {
        Set(memory.zones.map(\.node)).count == 1 && hasAllMemory(memory)
    }

    /// Whether tasks may be missing: the lines of the victim follow the table of tasks, so without them the table may
    /// be cut off or absent.
    private static func hidesTasks(_ report: FailureReport) -> Bool {
        report.kind == .oomKill && report.oom?.constraint == nil && report.panic == nil
            && report.oom?.hasNoVictim != true && report.oom?.victims.isEmpty ?? true
    }

    /// Whether the line about huge pages is missing: x86 and arm64 have huge pages of 2 MiB, printed for each node from
    /// 3.10 on if the kernel is built with them.
    private static func hidesHugePages(
        _ report: FailureReport, _ memory: FailureReport.MemoryInfo, _ architecture: Architecture
    ) -> Bool {
        guard architecture == .amd64, memory.assumedPageSize == 4096, report.assumedKernel.has(.hugePagesInReports)
        else {
            return false
        }
        // The lines of the page cache follow those of the huge pages.
        if memory.hugePages.isEmpty { return memory.pageCachePages == nil && memory.pageTotals["RAM"] == nil }
        return !memory.hugePages.contains { $0.size == 2048 }
    }

    /// The zones that must exist by the reserves: `lowmem_reserve[]` has a number for each kind of zone, which grows
    /// where that kind has pages (`setup_per_zone_lowmem_reserve`, mm/page_alloc.c). Which number belongs to which kind
    /// is known for x86 and arm64 only; other kernels omit kinds.
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

    /// Whether each listed higher zone shows as a growth of the numbers; otherwise the kernel was built with other
    /// kinds.
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

    /// Whether the listed zones are all zones of the machine, as far as the report shows.
    static func isWhole(_ memory: FailureReport.MemoryInfo) -> Bool { !isCut(memory) }

    /// Whether the report ends with the zones' lines, and the listed zones do not contain all free pages.
    private static func isCut(_ memory: FailureReport.MemoryInfo) -> Bool {
        let hasEnd =
            !memory.pageTotals.isEmpty || memory.pageCachePages != nil || memory.totalSwap != nil
            || !memory.hugePages.isEmpty
        // The lines of free blocks follow those of all zones.
        guard !hasEnd, !memory.zones.allSatisfy({ $0.freeBlocks != nil }) else { return false }
        // Without the counter of the whole machine, nothing shows that no zones are missing.
        return !hasAllThatIsFree(memory)
    }

    /// Whether the listed zones contain all of the machine's memory.
    static func hasAllMemory(_ memory: FailureReport.MemoryInfo) -> Bool {
        guard let all = memory.pageTotals["RAM"], all > 0, memory.zones.allSatisfy({ $0.present != nil }) else {
            return false
        }
        let listed = memory.zones.reduce(0) { $0 &+ memory.pages(min(max(0, $1.present ?? 0), 1 << 40)) }
        return listed >= all - 64 && memory.zones.allSatisfy { $0.free != nil }
    }

    /// Whether the listed zones contain all free pages of the machine, with a tolerance of one tenth.
    private static func hasAllThatIsFree(_ memory: FailureReport.MemoryInfo) -> Bool {
        guard let free = memory.counters["free"], memory.zones.allSatisfy({ $0.free != nil }) else { return false }
        let listed = memory.zones.reduce(0) { $0 &+ memory.pages(min($1.free ?? 0, 1 << 40)) }
        return listed >= free - free / 10
    }
}

extension FailureReport.ZoneUsage {
    /// The free blocks, if the line is complete.
    var wholeBlocks: [FailureReport.FreeBlocks]? { freeBlocksState == .complete ? freeBlocks : nil }
}

extension FailedRequest {
    func mayUse(_ node: NodeID) -> Bool { binding == .thisNode || nodes?.contains(node) ?? true }
}
