import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

/// The machine that a report describes, as a snapshot from which a `Machine` can be restored as often as needed.
public struct ReportedMachine: Hashable, Sendable {
    /// The machine's state.
    public var snapshot: Snapshot
    /// The rules of the kernel that printed the report.
    public var profile: KernelProfile
    /// What the report does not say and what was assumed instead, one sentence each.
    public var assumptions: [String]

    /// How many of the blocks that may be highatomic are assumed to be.
    public enum HighAtomicShare: Hashable, Sendable {
        /// As many as the letters and the reservation allow.
        case most
        /// One block for each letter.
        case fewest
    }

    /// Lays out the zones of a report; nil if it lists none.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - highAtomic: How many blocks are assumed to be highatomic.
    ///   - completion: How figures that the report lacks are filled in.
    public init?(
        _ report: FailureReport, highAtomic: HighAtomicShare = .most, completion: Completion = .adverse
    ) {
        guard let memory = report.memory, !memory.zones.isEmpty else { return nil }
        let (laidOut, notes) = report.snapshot()
        guard !laidOut.zones.isEmpty else { return nil }
        snapshot = laidOut
        assumptions = notes
        let version = report.assumedKernel
        profile = KernelProfile(nearest: version)
        if profile.version.major != version.major || profile.version.minor != version.minor {
            assumptions.append(
                "No profile was verified against kernel \(version): the walk follows the rules of \(profile.name).")
        }
        let usages = ZoneUsageIndex(memory)
        let kinds = snapshot.topology.architecture.zoneKinds
        for index in snapshot.zones.indices {
            guard let usage = usages[snapshot.zones[index]], usage.present == nil, usage.managed == nil else {
                continue
            }
            let span = snapshot.zones[index].span
            let size = Self.size(of: span.kind, node: usage.node, in: memory, kinds: kinds) ?? span.managed
            let pages = max(size, usage.free.map { memory.pages($0) } ?? 0, span.managed)
            snapshot.zones[index].span.managed = pages
            snapshot.zones[index].span.present = pages
        }
        giveRoom()
        for index in snapshot.zones.indices {
            guard let usage = usages[snapshot.zones[index]] else { continue }
            refine(index, usage, memory, version, highAtomic, completion)
        }
        snapshot.topology.sysctls.minFreeKbytes = minFreeKbytes(version)
    }

    /// The value that the marks are computed from, if one value explains all of them; otherwise the sum of the min
    /// marks. A boost that is not printed (5.0 to 5.11) must not be counted.
    private func minFreeKbytes(_ version: KernelVersion) -> Int? {
        let mayHide = version.has(.fragmentationAvoidance) && !version.has(.boostInReports)
        let low = snapshot.zones.filter { $0.span.kind < .highMem }.compactMap(\.watermarks?.min)
        // A single zone's mark always follows from some value, whatever was added to it.
        if !mayHide || low.count > 1,
            let marks = PrintedMarks(
                snapshot.zones, pageSize: snapshot.topology.pageSize,
                scaleFactor: snapshot.topology.sysctls.watermarkScaleFactor, rules: profile.sizing)
        {
            return marks.minFreeKbytes.lowerBound
        }
        guard !mayHide, !low.isEmpty else { return MarkCheck(snapshot)?.minFreeKbytes }
        return low.reduce(0, +) * max(1, snapshot.topology.pageSize / 1024)
    }

    /// Spaces the zones out: each begins at a multiple of the largest block and has room beyond its pages. Real zones
    /// have holes, and the blocks of a zone that is almost entirely free could not be arranged without them.
    private mutating func giveRoom() {
        let block = snapshot.topology.maximumOrder.pages
        var next = 0
        for index in snapshot.zones.indices.sorted(by: { snapshot.zones[$0].span.start < snapshot.zones[$1].span.start }
        ) {
            let pages = snapshot.zones[index].span.present
            let spanned = (pages + pages / 8) / block * block + 4 * block
            let start = max(next, Int(clamping: snapshot.zones[index].span.start.rawValue) / block * block)
            snapshot.zones[index].span.start = PageFrame(start)
            snapshot.zones[index].span.spanned = spanned
            next = start + spanned
        }
    }

    private mutating func refine(
        _ index: Int, _ usage: FailureReport.ZoneUsage, _ memory: FailureReport.MemoryInfo, _ version: KernelVersion,
        _ share: HighAtomicShare, _ completion: Completion
    ) {
        let orders = Int(snapshot.topology.maximumOrder.rawValue) + 1
        var (zone, blocks) = Self.completed(snapshot.zones[index], usage, memory, completion, orders: orders)
        zone = zone.withinReason
        if let printed = usage.lowmemReserve, snapshot.topology.architecture == .other {
            zone.lowmemReserve = ReportedReserve(memory).mapped(
                printed, of: zone.span.kind, kinds: snapshot.topology.architecture.zoneKinds)
            zone = zone.withinReason
        }
        // Up to 4.3, `R` was a reserve that any request might finally use, not one for atomic requests.
        let hasHighAtomic = version.has(.highAtomicReserve)
        if usage.reservedHighAtomic == nil, hasHighAtomic {
            // Not printed until 5.6; a free block with no other letter certainly belongs to it.
            let certain = blocks.enumerated().filter { $0.element.types == [.highAtomic] }
            zone.reservedHighAtomic = max(
                zone.reservedHighAtomic,
                certain.reduce(0) { $0 &+ min(max(0, $1.element.count), 1 << 36) << min($1.offset, 20) })
        }
        let reserved = max(0, zone.reservedHighAtomic)
        let types = FreeBlockTypes(
            blocks, cma: memory.pages(max(0, usage.freeCMA ?? 0)),
            highAtomic: usage.freeHighAtomic.map { memory.pages(max(0, $0)) }
                ?? (share == .most ? reserved : 0),
            hasHighAtomic: hasHighAtomic)
        zone.free = .counts(types.counts)
        if types.isGuessed(.highAtomic), usage.freeHighAtomic == nil {
            assumptions.append(
                "Node \(usage.node) \(usage.name): \(types.pages(of: .highAtomic)) free pages are assumed to be highatomic; "
                    + "the letters leave that open.")
        }
        zone.exact = exactState(zone, types)
        snapshot.zones[index] = zone
    }

    /// The counters as printed: watermarks are compared with them, not with the lists.
    private func exactState(_ zone: ZoneSnapshot, _ types: FreeBlockTypes) -> ExactZoneState {
        let low = zone.watermarks.map { $0.low + $0.boost } ?? 0
        let sizes = ZoneSizing.pageset(
            managed: zone.span.managed, low: low, cpusOfNode: 1, onlineCPUs: snapshot.topology.nodes.count,
            highFraction: 0, pageSize: snapshot.topology.pageSize, rules: profile.perCPU)
        return ExactZoneState(
            freePagesCounter: zone.freePages ?? types.pages, freeCMACounter: types.pages(of: .cma),
            freeHighAtomic: types.pages(of: .highAtomic), pagesetHighMin: sizes.highMin, pagesetHighMax: sizes.highMax,
            pagesetBatch: sizes.batch)
    }
}

extension ZoneSnapshot {
    /// A larger amount is damage, not memory (4 PiB with pages of 4 KiB); sums of amounts up to this do not overflow.
    private static let largestAmount = 1 << 40

    /// The zone with its marks and reserves limited to what a machine can have.
    fileprivate var withinReason: ZoneSnapshot {
        func cut(_ pages: Int) -> Int { min(max(0, pages), Self.largestAmount) }
        var zone = self
        zone.watermarks = watermarks.map {
            WatermarkValues(min: cut($0.min), low: cut($0.low), high: cut($0.high), boost: cut($0.boost))
        }
        zone.lowmemReserve = lowmemReserve?.map(cut)
        zone.freePages = freePages.map(cut)
        zone.reservedHighAtomic = cut(reservedHighAtomic)
        return zone
    }

    /// Stores the counted free pages beside the lists where only counts are known, so that ``keepFewBlocks(_:)``
    /// changes no comparison with a watermark.
    mutating func keepCountersApart(_ profile: KernelProfile, pageSize: Int) {
        guard case .counts(var counts) = free, exact == nil else { return }
        for order in counts.indices where counts[order].byType == nil {
            counts[order].byType = [.movable: counts[order].total]
        }
        free = .counts(counts)
        func pages(_ type: Migratetype?) -> Int {
            counts.enumerated().reduce(0) { sum, entry in
                sum &+ (type.map { entry.element.byType?[$0] ?? 0 } ?? entry.element.total) << entry.offset
            }
        }
        let low = watermarks.map { $0.low + $0.boost } ?? 0
        let sizes = ZoneSizing.pageset(
            managed: span.managed, low: low, cpusOfNode: 1, onlineCPUs: 1, highFraction: 0, pageSize: pageSize,
            rules: profile.perCPU)
        exact = ExactZoneState(
            freePagesCounter: freePages ?? pages(nil), freeCMACounter: pages(.cma), freeHighAtomic: pages(.highAtomic),
            pagesetHighMin: sizes.highMin, pagesetHighMax: sizes.highMax, pagesetBatch: sizes.batch)
    }

    /// Limits the free blocks of each order and type: a request takes a few blocks at most, and watermarks are compared
    /// with the counter.
    mutating func keepFewBlocks(_ most: Int = 128) {
        guard case .counts(var counts) = free else { return }
        for order in counts.indices {
            let byType = (counts[order].byType ?? [:]).mapValues { min($0, most) }
            counts[order].byType = byType
            counts[order].total = byType.values.reduce(0, +)
        }
        free = .counts(counts)
    }
}

/// Maps the numbers of `lowmem_reserve[]` to zones on kernels whose set of zones is not known.
struct ReportedReserve {
    private let kinds: [ZoneKind]

    init(_ memory: FailureReport.MemoryInfo) {
        kinds = Set(memory.zones.compactMap(\.kind)).union([.movable]).sorted()
    }

    /// The printed numbers by the machine's zone index; kinds beyond the printed ones get the last number.
    func mapped(_ printed: [Int], of own: ZoneKind, kinds machineKinds: [ZoneKind]) -> [Int] {
        machineKinds.map { kind in
            guard kind > own, let last = printed.last else { return 0 }
            let position = kinds.lastIndex { $0 <= kind } ?? 0
            return max(0, position < printed.count ? printed[position] : last)
        }
    }
}
