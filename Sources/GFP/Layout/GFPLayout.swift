/// How a range of kernel versions lays `gfp_t` out: where each flag sits, what the composites are, how a mask prints.
///
/// Layouts are of mainline releases. A distribution's back-ports seldom touch them: el8's 4.18 and Debian's 6.1 use
/// their mainline layout. A `-next` or `-rc` kernel may already have the following release's.
public struct GFPLayout: Sendable {
    /// The mainline releases that use the layout.
    public let covers: Range<KernelVersion>
    /// The header that defines the layout, and a release that has it.
    public let source: String
    /// The build options that the layout assumes.
    public let options: GFPBuildOptions
    /// By the kernel's bit number; empty where the kernel has no flag.
    let bits: [GFPFlags]
    /// Flags that the header names but that these ``options`` define as zero; no composite has them.
    let zeroFlags: GFPFlags
    /// In the order of the header.
    let compositeTable: [(name: String, flags: GFPFlags)]
    /// What `%pGg` and the trace events try, in this order (`__def_gfpflag_names`).
    let printTable: [(name: String, flags: GFPFlags)]

    /// Every flag that has a bit in the layout.
    public let flags: GFPFlags

    init(era: Era, options: GFPBuildOptions) {
        covers = era.covers
        source = era.source
        self.options = options
        bits = era.bits(options)
        let flags = bits.reduce(into: GFPFlags()) { $0.formUnion($1) }
        let zeroFlags = era.zeroFlags(options)
        let composites = era.composites.map { (name: $0.name, flags: $0.flags.subtracting(zeroFlags)) }
        self.flags = flags
        self.zeroFlags = zeroFlags
        compositeTable = composites
        printTable = era.printOrder.compactMap { entry in
            let mask =
                composites.first { $0.name == entry.name }?.flags
                ?? (entry.name == "__GFP_RECLAIM" ? .reclaim : GFPFlags.named.first { $0.name == entry.name }?.flag)
            guard let mask, !mask.isEmpty, flags.subtracting(zeroFlags).isSuperset(of: mask) else { return nil }
            return (entry.text, mask)
        }
    }
}

extension GFPLayout {
    /// Every layout, oldest first, for kernels as distributions build them.
    public static let all: [GFPLayout] = layouts(options: .distribution)

    /// The layout of the newest kernel known.
    public static let newest: GFPLayout = layout(for: KernelVersion(.max, 0))

    /// Every layout, oldest first, for kernels built with `options`.
    public static func layouts(options: GFPBuildOptions) -> [GFPLayout] {
        Era.all.map { GFPLayout(era: $0, options: options) }
    }

    /// The layout of `version`: the oldest for anything before 2.6.32, the newest for anything after it.
    public static func layout(for version: KernelVersion) -> GFPLayout {
        all.last { $0.covers.lowerBound <= version } ?? GFPLayout(era: Era.all[0], options: .distribution)
    }

    /// The layout of `version` when built with `options`.
    public static func layout(for version: KernelVersion, options: GFPBuildOptions) -> GFPLayout {
        let era = Era.all.last { $0.covers.lowerBound <= version } ?? Era.all[0]
        return GFPLayout(era: era, options: options)
    }
}

extension GFPLayout {
    /// The flags of a number as this kernel would store it, and the bits that mean nothing to it.
    public func flags(fromKernelValue value: UInt64) -> (flags: GFPFlags, unknownBits: UInt64) {
        var flags = GFPFlags()
        var unknown = value
        for (bit, flag) in bits.enumerated() where !flag.isEmpty && value & (1 << UInt64(bit)) != 0 {
            flags.formUnion(flag)
            unknown &= ~(1 << UInt64(bit))
        }
        return (flags, unknown)
    }

    /// The number that this kernel stores for `flags`; nil if it has no such flag.
    ///
    /// A flag of a debugging option that is off (`__GFP_NOLOCKDEP` without lockdep) keeps its bit where the header
    /// gives it one in any case (to 6.9), and adds nothing where it does not.
    public func kernelValue(of flags: GFPFlags) -> UInt64? {
        guard self.flags.union(zeroFlags).isSuperset(of: flags) else { return nil }
        var value: UInt64 = 0
        for (bit, flag) in bits.enumerated() where !flag.isEmpty && flags.contains(flag) {
            value |= 1 << UInt64(bit)
        }
        return value
    }

    /// What this kernel defines a composite such as `GFP_KERNEL` as; nil if it does not define it.
    public func composite(named name: String) -> GFPFlags? {
        compositeTable.first { $0.name == name }?.flags
    }

    /// The names of the composites that this kernel defines, in the order of its header.
    public var compositeNames: [String] { compositeTable.map(\.name) }

    /// The same request in the flags of kernels since 4.4, for code that must decide what an old mask means.
    ///
    /// Before 4.4 `__GFP_WAIT` meant direct reclaim, kswapd was woken unless `__GFP_NO_KSWAPD` was set, and a request
    /// that cannot wait counted as atomic (`gfp_to_alloc_flags`, mm/page_alloc.c, 3.13). Other layouts return
    /// `flags` unchanged but for `__GFP_REPEAT`.
    public func modernized(_ flags: GFPFlags) -> GFPFlags {
        var modern = flags
        if modern.remove(.repeat) != nil { modern.insert(.retryMayFail) }
        guard self.flags.contains(.wait) else { return modern }
        let waits = modern.remove(.wait) != nil
        if waits { modern.insert(.directReclaim) }
        if modern.remove(.noKswapd) == nil {
            modern.insert(.kswapdReclaim)
            if !waits { modern.insert(.atomic) }
        }
        return modern
    }
}
