import BuddyEngine

/// What the allocator reads from a mask for every request: kept free of branches and tables of its own.
extension GFPFlags {
    /// The free lists that serve the request first (`gfp_migratetype`, include/linux/gfp.h, 6.1 and 6.12).
    ///
    /// ``movable`` together with ``reclaimable`` is a programming error that a kernel without debugging takes for
    /// `Migratetype.highAtomic`; ``GFPIntent`` refuses it.
    @inlinable
    public var migratetype: Migratetype {
        // The two mobility bits are the type's number.
        Migratetype(stored: UInt8(truncatingIfNeeded: rawValue &>> 3 & 3))
    }

    /// The four zone bits, 0 to 15: DMA 1, HIGHMEM 2, DMA32 4, MOVABLE 8.
    @inlinable
    public var zoneSelector: Int { Int(truncatingIfNeeded: rawValue & 0xF) }

    /// The zone and mobility bits as a number below ``selectorCount``: together they say which zones and lists serve.
    @inlinable
    public var selector: Int { Int(truncatingIfNeeded: rawValue & 0x1F) }

    /// How many values ``selector`` can take.
    /// How many values ``selector`` can take.
    @inlinable
    public static var selectorCount: Int { 32 }

    /// The highest zone that a ``zoneSelector`` allows, or nil if the combination is impossible (`GFP_ZONE_TABLE` and
    /// `GFP_ZONE_BAD`, include/linux/gfp.h, 6.1 and 6.12).
    ///
    /// A zone kind that is not configured gives Normal, even when DMA32 is the one missing kind above a configured
    /// DMA. MOVABLE alone is a mobility, not a zone; with HIGHMEM it is the Movable zone.
    /// - Parameters:
    ///   - selector: 0 to 15; anything else is impossible too.
    ///   - configured: The zone kinds that the kernel was built with, empty zones included.
    public static func highestZone(selector: Int, configured: [ZoneKind]) -> ZoneKind? {
        func ifConfigured(_ kind: ZoneKind) -> ZoneKind { configured.contains(kind) ? kind : .normal }
        return switch selector {
        case 0x0, 0x8: .normal
        case 0x1, 0x9: ifConfigured(.dma)
        case 0x2: ifConfigured(.highMem)
        case 0x4, 0xC: ifConfigured(.dma32)
        case 0xA: configured.contains(.movable) ? .movable : ifConfigured(.highMem)
        default: nil
        }
    }
}
