/// What one walk over the zonelist may do, with the kernel's own bits (`ALLOC_*`, mm/internal.h, 5.10 to 6.12).
///
/// The bits of ``nonBlock`` and ``minReserve`` were called ALLOC_HARDER and ALLOC_HIGH up to 6.2, with slightly other
/// meanings: ``ReserveRules`` says what each is worth.
@frozen
public struct AllocFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The watermark to keep, as a number: 0 min, 1 low, 2 high. Meaningless with ``noWatermarks``.
    @inlinable
    public static var watermarkMask: UInt32 { 0x3 }

    /// Keep to the min watermark; no bit is set.
    @inlinable
    public static var minMark: Self { Self([]) }
    /// Keep to the low watermark.
    @inlinable
    public static var lowMark: Self { Self(rawValue: 0x1) }
    /// No watermark at all: the request frees memory, or must not fail for the sake of the machine.
    @inlinable
    public static var noWatermarks: Self { Self(rawValue: 0x4) }
    /// A victim of the OOM killer: half of what is left of the min watermark.
    @inlinable
    public static var oom: Self { Self(rawValue: 0x8) }
    /// Urgent: a quarter of what is left of the min watermark. Before 6.3 ALLOC_HARDER.
    @inlinable
    public static var nonBlock: Self { Self(rawValue: 0x10) }
    /// Half of the min watermark (`__GFP_HIGH`). Before 6.3 ALLOC_HIGH.
    @inlinable
    public static var minReserve: Self { Self(rawValue: 0x20) }
    /// Keep to the task's cpuset.
    @inlinable
    public static var cpuset: Self { Self(rawValue: 0x40) }
    /// CMA pageblocks may be used.
    @inlinable
    public static var cma: Self { Self(rawValue: 0x80) }
    /// From another mobility type, take nothing smaller than a pageblock.
    @inlinable
    public static var noFragment: Self { Self(rawValue: 0x100) }
    /// High order and cannot sleep: the highatomic pageblocks (from 6.3).
    @inlinable
    public static var highAtomic: Self { Self(rawValue: 0x200) }
    /// Wakes kswapd.
    @inlinable
    public static var kswapd: Self { Self(rawValue: 0x800) }

    /// The watermark to keep. Meaningless with ``noWatermarks``.
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
    /// The watermark and the names of current kernels, as `ALLOC_WMARK_LOW|ALLOC_KSWAPD`.
    public var description: String { description(under: .v6_12) }

    /// The same, with the names that a kernel with these rules uses.
    public func description(under rules: ReserveRules) -> String {
        let level = contains(.noWatermarks) ? "ALLOC_NO_WATERMARKS" : "ALLOC_WMARK_\("\(mark)".uppercased())"
        return ([level] + names(under: rules)).joined(separator: "|")
    }

    /// The names of the flags set, without the watermark.
    public func names(under rules: ReserveRules) -> [String] {
        let (urgent, half) =
            switch rules.urgency {
            case .atomicFlag: ("HARDER", "HIGH")
            case .cannotSleep: ("NON_BLOCK", "MIN_RESERVE")
            }
        let named: [(Self, String)] = [
            (.oom, "OOM"), (.nonBlock, urgent), (.minReserve, half), (.cpuset, "CPUSET"), (.cma, "CMA"),
            (.noFragment, "NOFRAGMENT"), (.highAtomic, "HIGHATOMIC"), (.kswapd, "KSWAPD"),
        ]
        return named.filter { contains($0.0) }.map { "ALLOC_\($0.1)" }
    }
}
