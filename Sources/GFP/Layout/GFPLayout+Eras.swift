extension GFPLayout {
    /// The raw material of a layout, before build options are applied.
    struct Era: Sendable {
        var covers: Range<KernelVersion>
        var source: String
        var bits: @Sendable (GFPBuildOptions) -> [GFPFlags]
        /// Flags that the header names but that a kernel built like this defines as zero.
        var zeroFlags: @Sendable (GFPBuildOptions) -> GFPFlags = { _ in [] }
        var composites: [(name: String, flags: GFPFlags)]
        var printOrder: [PrintOrder]
    }
}

// Which release changed what; the bits themselves are in GFPLayout+Bits.swift. 6.1 and 6.12 were read from their
// headers and are verified against recordings. The others come from the patches that changed them and from reports of
// the time, so a boundary may be off by one release where no report was available.
extension GFPLayout.Era {
    static let all: [Self] = waitEras + splitReclaimEras + packedEras

    /// The releases with `__GFP_WAIT`: GFP_KERNEL is 0xd0.
    private static let waitEras: [Self] = [
        fixed(
            KernelVersion(2, 6, 32), KernelVersion(2, 6, 38), "include/linux/gfp.h, 2.6.32",
            Bits.wait, Composites.wait, PrintOrder.tracing),
        fixed(
            KernelVersion(2, 6, 38), KernelVersion(3, 8),
            "include/linux/gfp.h, 3.7 (OTHER_NODE from 2.6.39, WRITE from 3.3, MEMALLOC from 3.6)",
            Bits.waitNoKswapd, Composites.waitTransHuge, PrintOrder.tracing),
        fixed(
            KernelVersion(3, 8), KernelVersion(3, 16), "include/linux/gfp.h, 3.10",
            Bits.waitNoKswapd.setting(20, .kmemcg), Composites.waitTransHuge, PrintOrder.tracing),
        fixed(
            KernelVersion(3, 16), KernelVersion(4, 1), "include/linux/gfp.h, 3.18",
            Bits.waitNoKswapd, Composites.waitTransHuge, PrintOrder.tracing),
        fixed(
            KernelVersion(4, 1), KernelVersion(4, 4), "include/linux/gfp.h, 4.1",
            Bits.waitNoKswapd.setting(20, .noAccount),
            Composites.waitTransHuge.filter { $0.name != "GFP_THISNODE" }, PrintOrder.tracing),
    ]

    /// `__GFP_WAIT` became two flags in 4.4: GFP_KERNEL is 0x24000c0, later 0x14000c0, then 0x6000c0.
    private static let splitReclaimEras: [Self] = [
        fixed(
            KernelVersion(4, 4), KernelVersion(4, 5), "include/linux/gfp.h, 4.4",
            Bits.otherNode.setting(20, .noAccount),
            Composites.with(
                .temporary,
                transHuge: Composites.transHugeMask.union(.noRetry).subtracting(.kswapdReclaim)),
            PrintOrder.tracing),
        fixed(
            KernelVersion(4, 5), KernelVersion(4, 6), "include/linux/gfp.h, 4.5",
            Bits.otherNode,
            Composites.with(
                .temporary, .account,
                transHuge: Composites.transHugeMask.union(.noRetry).subtracting(.kswapdReclaim)),
            PrintOrder.tracing),
        fixed(
            KernelVersion(4, 6), KernelVersion(4, 8), "include/linux/gfp.h and include/trace/events/mmflags.h, 4.6",
            Bits.otherNode,
            Composites.with(
                .temporary, .account, transHuge: Composites.transHugeMask.union(.noRetry).subtracting(.reclaim)),
            PrintOrder.names),
        fixed(
            KernelVersion(4, 8), KernelVersion(4, 10), "include/linux/gfp.h, 4.8",
            Bits.otherNode, Composites.with(.temporary, .account), PrintOrder.names),
        fixed(
            KernelVersion(4, 10), KernelVersion(4, 12), "include/linux/gfp.h, 4.10 (41b6167e8f74)",
            Bits.noTrack, Composites.with(.temporary, .account), PrintOrder.names),
        optional(
            KernelVersion(4, 12), KernelVersion(4, 13), "include/linux/gfp.h, 4.12",
            Bits.noTrack + [.noLockdep], Composites.with(.temporary, .account), PrintOrder.names),
        optional(
            KernelVersion(4, 13), KernelVersion(4, 14), "include/linux/gfp.h, 4.13",
            Bits.noTrack.setting(10, .retryMayFail) + [.noLockdep], Composites.with(.temporary, .account),
            PrintOrder.names),
        optional(
            KernelVersion(4, 14), KernelVersion(4, 15), "include/linux/gfp.h, 4.14",
            Bits.noTrack.setting(10, .retryMayFail) + [.noLockdep], Composites.with(.account), PrintOrder.names),
        optional(
            KernelVersion(4, 15), KernelVersion(4, 18), "include/linux/gfp.h, 4.15",
            Bits.noTrack.setting(8, []).setting(10, .retryMayFail).setting(21, []) + [.noLockdep],
            Composites.with(.account), PrintOrder.names),
        optional(
            KernelVersion(4, 18), KernelVersion(5, 1), "include/linux/gfp.h, 4.19",
            Bits.write, Composites.with(.account), PrintOrder.names),
    ]

    /// Shuffled so that the usual masks are short ("mm: shuffle GFP_* flags", 5.1): GFP_KERNEL is 0xcc0 from here on.
    private static let packedEras: [Self] = [
        optional(
            KernelVersion(5, 1), KernelVersion(5, 14), "include/linux/gfp.h, 5.10",
            Bits.packed.setting(9, .atomic) + [.noLockdep], Composites.with(.account), PrintOrder.names),
        optional(
            KernelVersion(5, 14), KernelVersion(5, 15), "include/linux/gfp.h, 5.14 (013bb59dbb7c, c275c5c6d50a)",
            Bits.packed.setting(9, .atomic) + [.zeroTags, .skipKasanPoison, .noLockdep],
            Composites.with(.account, movable: .skipKasanPoison), PrintOrder.names),
        optional(
            KernelVersion(5, 15), KernelVersion(5, 18), "include/linux/gfp.h and mmflags.h, 5.15",
            Bits.packed.setting(9, .atomic) + [.zeroTags, .skipKasanPoison, .noLockdep],
            Composites.with(.account, movable: .skipKasanPoison), PrintOrder.namesWithTags),
        optional(
            KernelVersion(5, 18), KernelVersion(6, 0), "include/linux/gfp.h, 5.18",
            Bits.packed.setting(9, .atomic) + [.zeroTags, .skipZero, .skipKasanUnpoison, .skipKasanPoison, .noLockdep],
            Composites.with(.account, movable: .skipKasanPoison), PrintOrder.namesWithTags),
        optional(
            KernelVersion(6, 0), KernelVersion(6, 3), "include/linux/gfp_types.h, 6.1",
            Bits.packed.setting(9, .atomic) + [.zeroTags, .skipZero, .skipKasanUnpoison, .skipKasanPoison, .noLockdep],
            Composites.with(.account, movable: [.skipKasanPoison, .skipKasanUnpoison]),
            PrintOrder.namesWithTags),
        optional(
            KernelVersion(6, 3), KernelVersion(6, 4), "include/linux/gfp_types.h, 6.3",
            Bits.packed + [.zeroTags, .skipZero, .skipKasanUnpoison, .skipKasanPoison, .noLockdep],
            Composites.with(.account, .plainAtomic, movable: [.skipKasanPoison, .skipKasanUnpoison]),
            PrintOrder.namesWithTags),
        optional(
            KernelVersion(6, 4), KernelVersion(6, 7), "include/linux/gfp_types.h, 6.4",
            Bits.packed + [.zeroTags, .skipZero, .skipKasan, .noLockdep],
            Composites.with(.account, .plainAtomic, movable: .skipKasan),
            PrintOrder.namesWithTags),
        optional(
            KernelVersion(6, 7), KernelVersion(6, 10), "include/linux/gfp_types.h, 6.7",
            Bits.packed + [.zeroTags, .skipZero, .skipKasan, .noLockdep],
            Composites.with(.account, .plainAtomic, .silentNoWait, movable: .skipKasan),
            PrintOrder.namesWithTags),
        counted(
            KernelVersion(6, 10), KernelVersion(6, 15), "include/linux/gfp_types.h, 6.12",
            PrintOrder.namesWithTags),
        counted(
            KernelVersion(6, 15), KernelVersion(7, 2), "include/trace/events/mmflags.h, 6.15 (ca29a0bf1221)",
            PrintOrder.byBit),
        counted(
            KernelVersion(7, 2), KernelVersion(7, 3), "include/linux/gfp_types.h, 7.2", PrintOrder.byBit,
            noObjExt: .always),
        counted(
            KernelVersion(7, 3), KernelVersion(.max, 0), "include/linux/gfp_types.h, 7.3", PrintOrder.byBit,
            noObjExt: .never),
    ]
}
