extension GFPLayout.Era {
    /// Every flag at its bit, whatever the build options.
    static func fixed(
        _ from: KernelVersion, _ to: KernelVersion, _ source: String, _ bits: [GFPFlags],
        _ composites: [(name: String, flags: GFPFlags)], _ printOrder: [PrintOrder]
    ) -> Self {
        Self(covers: from..<to, source: source, bits: { _ in bits }, composites: composites, printOrder: printOrder)
    }

    /// Flags of debugging options keep their bit but are defined as zero when the option is off.
    static func optional(
        _ from: KernelVersion, _ to: KernelVersion, _ source: String, _ bits: [GFPFlags],
        _ composites: [(name: String, flags: GFPFlags)], _ printOrder: [PrintOrder]
    ) -> Self {
        let kasan: GFPFlags = from < KernelVersion(5, 18) ? [] : Bits.kasan
        return Self(
            covers: from..<to, source: source, bits: { _ in bits },
            zeroFlags: { options in
                kasan.subtracting(options.contains(.kasanHardwareTags) ? kasan : [])
                    .union(options.contains(.lockdep) ? [] : .noLockdep)
            },
            composites: composites, printOrder: printOrder)
    }

    /// Bits counted by an enum, from 6.10: a flag that is not built moves those above it down.
    static func counted(
        _ from: KernelVersion, _ to: KernelVersion, _ source: String, _ printOrder: [PrintOrder],
        noObjExt: Presence = .optional
    ) -> Self {
        Self(
            covers: from..<to, source: source,
            bits: { options in
                var bits = Bits.packed + [.zeroTags]
                if options.contains(.kasanHardwareTags) { bits += [.skipZero, .skipKasan] }
                if options.contains(.lockdep) { bits += [.noLockdep] }
                if noObjExt.holds(with: options.contains(.slabObjectExtensions)) { bits += [.noObjExt] }
                return bits
            },
            zeroFlags: { options in
                var flags: GFPFlags = [.skipZero, .skipKasan, .noLockdep]
                if noObjExt == .optional, !options.contains(.slabObjectExtensions) { flags.insert(.noObjExt) }
                if options.contains(.kasanHardwareTags) { flags.subtract([.skipZero, .skipKasan]) }
                if options.contains(.lockdep) { flags.remove(.noLockdep) }
                return flags
            },
            composites: Composites.with(.account, .plainAtomic, .silentNoWait, movable: .skipKasan),
            printOrder: printOrder)
    }

    /// Whether a kernel has a flag that some builds of others lack.
    enum Presence: Sendable {
        case always
        case never
        /// Where it is built with the option.
        case optional

        func holds(with isBuilt: Bool) -> Bool {
            switch self {
            case .always: true
            case .never: false
            case .optional: isBuilt
            }
        }
    }

    /// Flags in order of the kernel's bit numbers, from bit 0.
    enum Bits {
        static let kasan: GFPFlags = [.skipZero, .skipKasan, .skipKasanPoison, .skipKasanUnpoison]

        /// 2.6.32.
        static let wait: [GFPFlags] = [
            .dma, .highMem, .dma32, .movable, .wait, .high, .io, .fs, .cold, .noWarn, .repeat, .noFail, .noRetry, [],
            .comp, .zero, .noMemAlloc, .hardWall, .thisNode, .reclaimable, [], .noTrack,
        ]
        /// 2.6.38 to 4.3; bit 20 depends on the release.
        static let waitNoKswapd: [GFPFlags] = wait.setting(13, .memAlloc) + [.noKswapd, .otherNode, .write]

        /// 4.5 to 4.9.
        static let otherNode: [GFPFlags] = [
            .dma, .highMem, .dma32, .movable, .reclaimable, .high, .io, .fs, .cold, .noWarn, .repeat, .noFail,
            .noRetry, .memAlloc, .comp, .zero, .noMemAlloc, .hardWall, .thisNode, .atomic, .account, .noTrack,
            .directReclaim, .otherNode, .write, .kswapdReclaim,
        ]
        /// 4.10 to 4.12.
        static let noTrack: [GFPFlags] = otherNode[..<23] + [.write, .kswapdReclaim]

        /// 4.18 to 5.0.
        static let write: [GFPFlags] = [
            .dma, .highMem, .dma32, .movable, .reclaimable, .high, .io, .fs, .write, .noWarn, .retryMayFail, .noFail,
            .noRetry, .memAlloc, .comp, .zero, .noMemAlloc, .hardWall, .thisNode, .atomic, .account, .directReclaim,
            .kswapdReclaim, .noLockdep,
        ]
        /// Bits 0 to 22 since 5.1; bit 9 was `__GFP_ATOMIC` until 6.2.
        static let packed: [GFPFlags] = [
            .dma, .highMem, .dma32, .movable, .reclaimable, .high, .io, .fs, .zero, [], .directReclaim,
            .kswapdReclaim, .write, .noWarn, .retryMayFail, .noFail, .noRetry, .memAlloc, .comp, .noMemAlloc,
            .hardWall, .thisNode, .account,
        ]
    }
}

extension [GFPFlags] {
    /// The same bits with another flag (or none) at `bit`.
    func setting(_ bit: Int, _ flag: GFPFlags) -> Self {
        var copy = self
        copy[bit] = flag
        return copy
    }
}
