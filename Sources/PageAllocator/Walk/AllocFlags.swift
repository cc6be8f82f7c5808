/// What one walk over the zonelist may do, with the kernel's own bits (`ALLOC_*`, mm/internal.h, 6.1.192 and 6.12).
@frozen
public struct AllocFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The watermark to keep, as a number: 0 min, 1 low, 2 high. Meaningless with ``noWatermarks``.
    @inlinable
    public static var watermarkMask: UInt32 { 0x3 }

    @inlinable
    public static var minMark: Self { Self([]) }
    @inlinable
    public static var lowMark: Self { Self(rawValue: 0x1) }
    /// No watermark at all: the request frees memory, or must not fail for the sake of the machine.
    @inlinable
    public static var noWatermarks: Self { Self(rawValue: 0x4) }
    /// A victim of the OOM killer: half of what is left.
    @inlinable
    public static var oom: Self { Self(rawValue: 0x8) }
    /// Cannot sleep: a quarter of what ``minReserve`` leaves, and the highatomic pages for order 0.
    @inlinable
    public static var nonBlock: Self { Self(rawValue: 0x10) }
    /// Half of the min watermark (`__GFP_HIGH`).
    @inlinable
    public static var minReserve: Self { Self(rawValue: 0x20) }
    /// Keep to the task's cpuset.
    @inlinable
    public static var cpuset: Self { Self(rawValue: 0x40) }
    /// CMA pageblocks may be used.
    @inlinable
    public static var cma: Self { Self(rawValue: 0x80) }
    /// Nothing smaller than a pageblock from another type.
    @inlinable
    public static var noFragment: Self { Self(rawValue: 0x100) }
    /// High order and cannot sleep: the highatomic pageblocks.
    @inlinable
    public static var highAtomic: Self { Self(rawValue: 0x200) }
    /// Wakes kswapd.
    @inlinable
    public static var kswapd: Self { Self(rawValue: 0x800) }

    /// Any claim on pages below the min watermark.
    @inlinable
    public static var reserves: Self { [.nonBlock, .minReserve, .highAtomic, .oom] }

    @inlinable
    public var mark: WatermarkLevel { WatermarkLevel(rawValue: UInt8(rawValue & Self.watermarkMask)) ?? .min }
}

/// Which of a zone's watermarks.
public enum WatermarkLevel: UInt8, CaseIterable, Hashable, Sendable {
    case min = 0
    case low = 1
    case high = 2
    case promo = 3
}

extension AllocFlags: CustomStringConvertible {
    /// The kernel's names, as `ALLOC_WMARK_LOW|ALLOC_KSWAPD`.
    public var description: String {
        var names = contains(.noWatermarks) ? ["ALLOC_NO_WATERMARKS"] : ["ALLOC_WMARK_\("\(mark)".uppercased())"]
        let named: [(Self, String)] = [
            (.oom, "OOM"), (.nonBlock, "NON_BLOCK"), (.minReserve, "MIN_RESERVE"), (.cpuset, "CPUSET"), (.cma, "CMA"),
            (.noFragment, "NOFRAGMENT"), (.highAtomic, "HIGHATOMIC"), (.kswapd, "KSWAPD"),
        ]
        for (flag, name) in named where contains(flag) { names.append("ALLOC_\(name)") }
        return names.joined(separator: "|")
    }
}
