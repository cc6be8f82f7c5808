import BuddyEngine

/// What a mask asks of the allocator, decided once and said in plain words.
///
/// ``reserve`` follows from the mask and the ``ReserveRules`` alone; an OOM victim or a real-time task may use more.
public struct GFPIntent: Hashable, Sendable {
    /// The mask itself.
    public let flags: GFPFlags
    /// The highest zone that may serve the request; lower zones follow.
    public let highestZone: ZoneKind
    /// The free lists tried first.
    public let mobility: Migratetype
    /// May sleep: direct reclaim, compaction, waiting.
    public let maySleep: Bool
    /// Wakes kswapd when zones fall below their low mark.
    public let wakesKswapd: Bool
    /// Reclaim on its behalf may start I/O; only meaningful if it ``maySleep``.
    public let mayStartIO: Bool
    /// Reclaim on its behalf may call file systems; only meaningful if it ``maySleep``.
    public let mayCallFileSystems: Bool
    /// How far below the min watermark the mask lets a request go.
    public let reserve: GFPReserve
    /// May take pages of HighAtomic pageblocks, for orders above 0.
    public let mayUseHighAtomic: Bool
    /// How hard the allocator tries before the request fails.
    public let persistence: GFPPersistence
    /// Only the requested node's zonelist.
    public let thisNodeOnly: Bool
    /// Only nodes of the task's own cpuset; without it those of the nearest hardwalled ancestor are allowed, too
    /// (`cpuset_node_allowed`, kernel/cgroup/cpuset.c, 6.12).
    public let hardWall: Bool
    /// The cpuset is ignored rather than letting the request fail.
    public let mayIgnoreCpuset: Bool
    /// The memory is filled with zeros.
    public let zeroed: Bool
    /// The block is a compound page.
    public let compound: Bool
    /// The memory is charged to the task's memory cgroup.
    public let accounted: Bool
    /// A failure is reported in the kernel log.
    public let warns: Bool

    /// - Parameters:
    ///   - flags: The mask, in the flags of kernels since 4.4; convert older ones with ``GFPLayout/modernized(_:)``.
    ///   - configured: The zone kinds that the kernel was built with, empty zones included.
    ///   - rules: The kernel's rules on reserves.
    /// - Throws: ``GFPIntentError`` for zones or mobilities that exclude each other.
    public init(
        _ flags: GFPFlags, configured: [ZoneKind], rules: ReserveRules = .v6_12
    ) throws(GFPIntentError) {
        guard !flags.isSuperset(of: [.movable, .reclaimable]) else { throw .contradictoryMobility }
        guard let zone = GFPFlags.highestZone(selector: flags.zoneSelector, configured: configured) else {
            throw .impossibleZones(flags.intersection([.dma, .highMem, .dma32]))
        }
        let nonBlocking = !flags.contains(.directReclaim)
        self.flags = flags
        highestZone = zone
        mobility = flags.migratetype
        maySleep = !nonBlocking
        wakesKswapd = flags.contains(.kswapdReclaim)
        mayStartIO = flags.contains(.io)
        mayCallFileSystems = flags.contains(.fs)
        reserve = GFPReserve(flags, rules: rules)
        let claims = rules.slowFlags(flags, isHighOrder: true, isRealTime: false)
        mayUseHighAtomic = !claims.isDisjoint(with: rules.takesHighAtomicFirst)
        persistence = GFPPersistence(flags)
        thisNodeOnly = flags.contains(.thisNode)
        hardWall = flags.contains(.hardWall)
        mayIgnoreCpuset = !claims.contains(.cpuset)
        zeroed = flags.contains(.zero)
        compound = flags.contains(.comp)
        accounted = flags.contains(.account)
        warns = !flags.contains(.noWarn)
    }
}

/// Why no request can be made with a mask.
public enum GFPIntentError: Error, Hashable, Sendable {
    /// More than one of DMA, DMA32 and HIGHMEM (`GFP_ZONE_BAD`, include/linux/gfp.h).
    case impossibleZones(GFPFlags)
    /// Both MOVABLE and RECLAIMABLE (`gfp_migratetype`, include/linux/gfp.h).
    case contradictoryMobility
}

extension GFPIntentError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .impossibleZones(let flags):
            let names = flags.members.compactMap(\.name).joined(separator: "|")
            return "\(names) selects several zones; a mask may have one of __GFP_DMA, __GFP_DMA32 and __GFP_HIGHMEM"
        case .contradictoryMobility:
            return
                "__GFP_MOVABLE|__GFP_RECLAIMABLE is contradictory; a page is movable or reclaimable, so keep one of them"
        }
    }
}
