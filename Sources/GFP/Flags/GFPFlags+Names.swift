extension GFPFlags {
    /// Every single flag with the kernel's name, in order of our bits.
    public static let named: [(flag: GFPFlags, name: String)] = [
        (.dma, "__GFP_DMA"), (.highMem, "__GFP_HIGHMEM"), (.dma32, "__GFP_DMA32"), (.movable, "__GFP_MOVABLE"),
        (.reclaimable, "__GFP_RECLAIMABLE"), (.high, "__GFP_HIGH"), (.io, "__GFP_IO"), (.fs, "__GFP_FS"),
        (.zero, "__GFP_ZERO"), (.directReclaim, "__GFP_DIRECT_RECLAIM"), (.kswapdReclaim, "__GFP_KSWAPD_RECLAIM"),
        (.write, "__GFP_WRITE"), (.noWarn, "__GFP_NOWARN"), (.retryMayFail, "__GFP_RETRY_MAYFAIL"),
        (.noFail, "__GFP_NOFAIL"), (.noRetry, "__GFP_NORETRY"), (.memAlloc, "__GFP_MEMALLOC"), (.comp, "__GFP_COMP"),
        (.noMemAlloc, "__GFP_NOMEMALLOC"), (.hardWall, "__GFP_HARDWALL"), (.thisNode, "__GFP_THISNODE"),
        (.account, "__GFP_ACCOUNT"), (.zeroTags, "__GFP_ZEROTAGS"), (.skipZero, "__GFP_SKIP_ZERO"),
        (.skipKasan, "__GFP_SKIP_KASAN"), (.noLockdep, "__GFP_NOLOCKDEP"), (.noObjExt, "__GFP_NO_OBJ_EXT"),
        (.atomic, "__GFP_ATOMIC"), (.cold, "__GFP_COLD"), (.repeat, "__GFP_REPEAT"), (.wait, "__GFP_WAIT"),
        (.noKswapd, "__GFP_NO_KSWAPD"), (.noTrack, "__GFP_NOTRACK"), (.otherNode, "__GFP_OTHER_NODE"),
        (.kmemcg, "__GFP_KMEMCG"), (.noAccount, "__GFP_NOACCOUNT"), (.skipKasanPoison, "__GFP_SKIP_KASAN_POISON"),
        (.skipKasanUnpoison, "__GFP_SKIP_KASAN_UNPOISON"),
    ]

    /// The kernel's name of a single flag; nil for none or several.
    public var name: String? { Self.named.first { $0.flag == self }?.name }

    /// The single flags in the set, lowest bit first.
    public var members: [GFPFlags] {
        var rest = rawValue
        var members: [GFPFlags] = []
        while rest != 0 {
            members.append(GFPFlags(rawValue: rest & (~rest &+ 1)))
            rest &= rest &- 1
        }
        return members
    }
}

extension GFPFlags: CustomStringConvertible {
    /// The flags as the newest known kernel prints them, flags that it has lost by their old names.
    public var description: String { GFPLayout.newest.describe(self) }
}
