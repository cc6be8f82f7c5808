import BuddyEngine

/// What a mask asks of the allocator, decided once and said in plain words.
///
/// What it may use of the reserves is given by ``ReserveRules``, without the task: an OOM victim or a real-time task may
/// use more.
public struct GFPIntent: Hashable, Sendable {
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
    public let reserve: GFPReserve
    /// May take pages of HighAtomic pageblocks, for orders above 0.
    public let mayUseHighAtomic: Bool
    public let persistence: GFPPersistence
    /// Only the requested node's zonelist.
    public let thisNodeOnly: Bool
    /// Kept to the task's cpuset, even in interrupts.
    public let hardWall: Bool
    /// The cpuset is ignored rather than letting the request fail.
    public let mayIgnoreCpuset: Bool
    public let zeroed: Bool
    public let compound: Bool
    public let accounted: Bool
    /// A failure is reported in the kernel log.
    public let warns: Bool

    /// - Parameters:
    ///   - flags: of a kernel since 4.4; older ones through ``GFPLayout/modernized(_:)``.
    ///   - configured: the zone kinds that the kernel was built with, empty zones included.
    ///   - rules: the kernel's, on reserves.
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

/// Why a mask cannot be allocated with.
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
