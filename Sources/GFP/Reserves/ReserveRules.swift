import BuddyEngine

/// Who may use the memory that a zone holds back, and how much of it: the one place that says so for each kernel.
///
/// Pure values: the walk over the zonelist, the explanation and the forecast of a request, and the report on a mask all
/// use them. Which kernel has which rules is in its profile (`KernelProfile.walk`).
@frozen
public struct ReserveRules: Hashable, Sendable {
    /// What lets a request go further below the mark than `__GFP_HIGH` does (``AllocFlags/nonBlock``).
    public enum Urgency: String, CaseIterable, Hashable, Sendable {
        /// `__GFP_ATOMIC`, or a real-time task where the request lacks it: ALLOC_HARDER. A request that may sleep loses
        /// `__GFP_ATOMIC` first (`gfp_to_alloc_flags`, `__alloc_pages_slowpath`, to 6.2).
        case atomicFlag
        /// The request cannot sleep: ALLOC_NON_BLOCK. A real-time task whose request can sleep gets the half of
        /// `__GFP_HIGH` instead (`gfp_to_alloc_flags`, 6.3; Debian's 6.1 has it as well).
        case cannotSleep
    }

    /// How the shares of the min watermark that a request may use add up (`__zone_watermark_ok`).
    public enum Depth: String, CaseIterable, Hashable, Sendable {
        /// Half for `__GFP_HIGH`; of what is left a quarter for an urgent request, or half for an OOM victim; each by
        /// itself (to 6.2).
        case eachByItself
        /// Half for `__GFP_HIGH`, and only then a quarter of what is left for an urgent request; half of what is left
        /// for an OOM victim (6.3; Debian's 6.1).
        case quarterAfterHalf
    }

    /// What makes a request urgent.
    public var urgency: Urgency
    /// How the shares of the min watermark add up.
    public var depth: Depth
    /// With any of these, a request counts the pages kept for highatomic requests as free
    /// (`__zone_watermark_unusable_free`).
    public var countsHighAtomic: AllocFlags
    /// With any of these, a free highatomic block counts as a block of the request's order (`__zone_watermark_ok`).
    public var seesHighAtomicBlocks: AllocFlags
    /// With any of these, a request above order 0 takes a highatomic block before any other, and the pageblock that
    /// serves it is reserved for highatomic requests (`rmqueue` and `get_page_from_freelist`, 5.10; `rmqueue_buddy`,
    /// 6.1).
    public var takesHighAtomicFirst: AllocFlags
    /// With any of these, a request takes a highatomic block when no other list can serve it (`rmqueue_buddy`, 6.1).
    public var takesHighAtomicLast: AllocFlags
    /// A request that may use all reserves keeps ALLOC_KSWAPD, so that a watermark boost that it causes still wakes
    /// kswapd (`__alloc_pages_slowpath`: `reserve_flags`, 6.1).
    public var emergencyKeepsKswapd: Bool
    /// What a `__GFP_NOFAIL` request is allowed once all else has failed (`__alloc_pages_slowpath`).
    public var flagsWithoutFailing: AllocFlags

    /// `__GFP_HIGH` lowers the min watermark by one part in this number (`__zone_watermark_ok`: 2, a half).
    public var minReserveDivisor = 2
    /// An urgent request lowers what is left by one part in this number (the same: 4, a quarter).
    public var nonBlockDivisor = 4
    /// A victim of the OOM killer lowers what is left by one part in this number (the same: 2, a half).
    public var oomDivisor = 2

    /// Linux 5.10.
    public static let v5_10 = ReserveRules(
        urgency: .atomicFlag, depth: .eachByItself, countsHighAtomic: [.nonBlock, .oom],
        seesHighAtomicBlocks: [.nonBlock, .oom], takesHighAtomicFirst: .nonBlock, takesHighAtomicLast: [],
        emergencyKeepsKswapd: false, flagsWithoutFailing: .nonBlock)

    /// Linux 6.12, and 6.1 as Debian 12 has it.
    public static let v6_12 = ReserveRules(
        urgency: .cannotSleep, depth: .quarterAfterHalf,
        countsHighAtomic: [.nonBlock, .minReserve, .highAtomic, .oom], seesHighAtomicBlocks: [.highAtomic, .oom],
        takesHighAtomicFirst: .highAtomic, takesHighAtomicLast: [.oom, .nonBlock], emergencyKeepsKswapd: true,
        flagsWithoutFailing: .minReserve)

    private init(
        urgency: Urgency, depth: Depth, countsHighAtomic: AllocFlags, seesHighAtomicBlocks: AllocFlags,
        takesHighAtomicFirst: AllocFlags, takesHighAtomicLast: AllocFlags, emergencyKeepsKswapd: Bool,
        flagsWithoutFailing: AllocFlags
    ) {
        self.urgency = urgency
        self.depth = depth
        self.countsHighAtomic = countsHighAtomic
        self.seesHighAtomicBlocks = seesHighAtomicBlocks
        self.takesHighAtomicFirst = takesHighAtomicFirst
        self.takesHighAtomicLast = takesHighAtomicLast
        self.emergencyKeepsKswapd = emergencyKeepsKswapd
        self.flagsWithoutFailing = flagsWithoutFailing
    }
}

extension ReserveRules {
    /// `mark`, in pages, less the part of it that the request may use; 0 with ALLOC_NO_WATERMARKS
    /// (`__zone_watermark_ok`). Each part is rounded down before it is subtracted.
    @inlinable @inline(__always)
    public func lowered(_ mark: Int, for flags: AllocFlags) -> Int {
        var mark = mark
        switch depth {
        case .quarterAfterHalf:
            if flags.contains(.minReserve) {
                mark &-= mark / minReserveDivisor
                if flags.contains(.nonBlock) { mark &-= mark / nonBlockDivisor }
            }
            if flags.contains(.oom) { mark &-= mark / oomDivisor }
        case .eachByItself:
            if flags.contains(.minReserve) { mark &-= mark / minReserveDivisor }
            if flags.contains(.oom) {
                mark &-= mark / oomDivisor
            } else if flags.contains(.nonBlock) {
                mark &-= mark / nonBlockDivisor
            }
        }
        return mark
    }

    /// What a request may do once the first walk has found nothing (`gfp_to_alloc_flags`), without ALLOC_CMA.
    ///
    /// - Parameters:
    ///   - gfp: The request's mask.
    ///   - isHighOrder: The order is above 0.
    ///   - isRealTime: A task of real-time priority asks, not an interrupt.
    @inlinable
    public func slowFlags(_ gfp: GFPFlags, isHighOrder: Bool, isRealTime: Bool) -> AllocFlags {
        var flags: AllocFlags = [.minMark, .cpuset]
        if gfp.contains(.high) { flags.insert(.minReserve) }
        if gfp.contains(.kswapdReclaim) { flags.insert(.kswapd) }
        switch urgency {
        case .atomicFlag:
            if isAtomic(gfp) {
                if !gfp.contains(.noMemAlloc) { flags.insert(.nonBlock) }
                flags.remove(.cpuset)
            } else if isRealTime {
                flags.insert(.nonBlock)
            }
        case .cannotSleep:
            if gfp.contains(.directReclaim) {
                if isRealTime { flags.insert(.minReserve) }
            } else {
                if !gfp.contains(.noMemAlloc) {
                    flags.insert(.nonBlock)
                    if isHighOrder, flags.contains(.minReserve) { flags.insert(.highAtomic) }
                }
                if flags.contains(.minReserve) { flags.remove(.cpuset) }
            }
        }
        return flags
    }

    /// The types whose free blocks a request with `flags` can count on in a zone (`__zone_watermark_ok`).
    public func typesSeen(by flags: AllocFlags) -> [Migratetype] {
        var types: [Migratetype] = [.unmovable, .movable, .reclaimable]
        if flags.contains(.cma) { types.append(.cma) }
        if !flags.isDisjoint(with: seesHighAtomicBlocks) { types.append(.highAtomic) }
        return types
    }

    /// Whether `__GFP_ATOMIC` counts: a request that may sleep loses it at the start of the slow path
    /// (`__alloc_pages_slowpath`, to 6.2).
    @inlinable
    public func isAtomic(_ gfp: GFPFlags) -> Bool { gfp.contains(.atomic) && !gfp.contains(.directReclaim) }
}
