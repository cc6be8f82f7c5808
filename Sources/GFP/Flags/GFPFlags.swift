/// What a caller asks of the page allocator: a set of `__GFP_*` flags.
///
/// The bits are ours, not a kernel's, because kernels have moved theirs often: a flag that 6.12 has sits where 6.12
/// (built with every option) puts it, a flag that 6.12 has lost sits at bit 40 or above. ``GFPLayout`` translates
/// from and to the numbers of a given kernel.
public struct GFPFlags: OptionSet, Hashable, Sendable {
    /// The flags as a set of bits, which are not those of any kernel; see ``GFPLayout``.
    public let rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable
    init(bit: UInt64) { rawValue = 1 << bit }
}

// Zone selectors and mobility. The hot path relies on these five being bits 0 to 4, as in every kernel since 4.4.
extension GFPFlags {
    /// `__GFP_DMA`: from the DMA zone.
    @inlinable public static var dma: Self { Self(bit: 0) }
    /// `__GFP_HIGHMEM`: memory without a permanent kernel mapping will do.
    @inlinable public static var highMem: Self { Self(bit: 1) }
    /// `__GFP_DMA32`: from below 4 GiB.
    @inlinable public static var dma32: Self { Self(bit: 2) }
    /// `__GFP_MOVABLE`: the page can be migrated; together with ``highMem``, the Movable zone may serve it.
    @inlinable public static var movable: Self { Self(bit: 3) }
    /// `__GFP_RECLAIMABLE`: slab memory that a shrinker can free.
    @inlinable public static var reclaimable: Self { Self(bit: 4) }
}

extension GFPFlags {
    /// `__GFP_HIGH`: high priority, may use half of the min watermark's reserve.
    @inlinable public static var high: Self { Self(bit: 5) }
    /// `__GFP_IO`: reclaim may start physical I/O.
    @inlinable public static var io: Self { Self(bit: 6) }
    /// `__GFP_FS`: reclaim may call into file systems.
    @inlinable public static var fs: Self { Self(bit: 7) }
    /// `__GFP_ZERO`: the memory is zeroed.
    @inlinable public static var zero: Self { Self(bit: 8) }
    /// `__GFP_DIRECT_RECLAIM`: the caller may sleep and reclaim.
    @inlinable public static var directReclaim: Self { Self(bit: 10) }
    /// `__GFP_KSWAPD_RECLAIM`: kswapd is woken when a zone falls below its low mark.
    @inlinable public static var kswapdReclaim: Self { Self(bit: 11) }
    /// `__GFP_RECLAIM`: ``directReclaim`` and ``kswapdReclaim``.
    @inlinable public static var reclaim: Self { [.directReclaim, .kswapdReclaim] }
    /// `__GFP_WRITE`: the page will be dirtied soon; spread dirty pages over zones or nodes.
    @inlinable public static var write: Self { Self(bit: 12) }
    /// `__GFP_NOWARN`: no report when the request fails.
    @inlinable public static var noWarn: Self { Self(bit: 13) }
    /// `__GFP_RETRY_MAYFAIL`: retry as long as reclaim makes progress, but do not invoke the OOM killer.
    @inlinable public static var retryMayFail: Self { Self(bit: 14) }
    /// `__GFP_NOFAIL`: retry for ever; the caller cannot handle failure.
    @inlinable public static var noFail: Self { Self(bit: 15) }
    /// `__GFP_NORETRY`: fail after one light attempt at reclaim.
    @inlinable public static var noRetry: Self { Self(bit: 16) }
    /// `__GFP_MEMALLOC`: may use all reserves, because the request will free more memory soon.
    @inlinable public static var memAlloc: Self { Self(bit: 17) }
    /// `__GFP_COMP`: a compound page.
    @inlinable public static var comp: Self { Self(bit: 18) }
    /// `__GFP_NOMEMALLOC`: never use emergency reserves; overrides ``memAlloc``.
    @inlinable public static var noMemAlloc: Self { Self(bit: 19) }
    /// `__GFP_HARDWALL`: only nodes of the task's cpuset.
    @inlinable public static var hardWall: Self { Self(bit: 20) }
    /// `__GFP_THISNODE`: only the requested node, no fallback and no memory policy.
    @inlinable public static var thisNode: Self { Self(bit: 21) }
    /// `__GFP_ACCOUNT`: charged to the task's memory cgroup.
    @inlinable public static var account: Self { Self(bit: 22) }
    /// `__GFP_ZEROTAGS`: zero memory tags together with the memory (arm64 MTE).
    @inlinable public static var zeroTags: Self { Self(bit: 23) }
    /// `__GFP_SKIP_ZERO`: skip zeroing; exists with hardware-tag KASAN only.
    @inlinable public static var skipZero: Self { Self(bit: 24) }
    /// `__GFP_SKIP_KASAN`: skip (un)poisoning; exists with hardware-tag KASAN only, from 6.4.
    @inlinable public static var skipKasan: Self { Self(bit: 25) }
    /// `__GFP_NOLOCKDEP`: lockdep ignores this request; exists with lockdep only.
    @inlinable public static var noLockdep: Self { Self(bit: 26) }
    /// `__GFP_NO_OBJ_EXT`: a slab without object extensions, from 6.10.
    @inlinable public static var noObjExt: Self { Self(bit: 27) }
}

// Flags that 6.12 no longer has.
extension GFPFlags {
    /// `__GFP_ATOMIC` (4.4 to 6.2): cannot sleep and is high priority.
    @inlinable public static var atomic: Self { Self(bit: 40) }
    /// `__GFP_COLD` (to 4.14): a page that is not in the CPU's cache.
    @inlinable public static var cold: Self { Self(bit: 41) }
    /// `__GFP_REPEAT` (to 4.12): the ancestor of ``retryMayFail``.
    @inlinable public static var `repeat`: Self { Self(bit: 42) }
    /// `__GFP_WAIT` (to 4.3): may sleep. kswapd was woken without being asked, see ``noKswapd``.
    @inlinable public static var wait: Self { Self(bit: 43) }
    /// `__GFP_NO_KSWAPD` (2.6.38 to 4.3): do not wake kswapd.
    @inlinable public static var noKswapd: Self { Self(bit: 44) }
    /// `__GFP_NOTRACK` (to 4.14): not followed by kmemcheck.
    @inlinable public static var noTrack: Self { Self(bit: 45) }
    /// `__GFP_OTHER_NODE` (2.6.39 to 4.9): counted as local on the other node.
    @inlinable public static var otherNode: Self { Self(bit: 46) }
    /// `__GFP_KMEMCG` (3.8 to 3.15): charged to a memory cgroup.
    @inlinable public static var kmemcg: Self { Self(bit: 47) }
    /// `__GFP_NOACCOUNT` (4.1 to 4.4): not charged to a memory cgroup.
    @inlinable public static var noAccount: Self { Self(bit: 48) }
    /// `__GFP_SKIP_KASAN_POISON` (5.14 to 6.3).
    @inlinable public static var skipKasanPoison: Self { Self(bit: 49) }
    /// `__GFP_SKIP_KASAN_UNPOISON` (5.18 to 6.3).
    @inlinable public static var skipKasanUnpoison: Self { Self(bit: 50) }
}
