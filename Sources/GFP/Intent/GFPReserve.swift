/// How far below a zone's min watermark a request may take free pages.
public enum GFPReserve: String, CaseIterable, Codable, Sendable {
    /// Not at all.
    case none
    /// Down to half of it (`__GFP_HIGH`).
    case half
    /// Down to three eighths of it: half, and a quarter of the rest (`__GFP_HIGH` that cannot sleep).
    case fiveEighths
    /// Down to the last page (`__GFP_MEMALLOC`).
    case all

    /// What `flags` allow (`gfp_to_alloc_flags`, `__gfp_pfmemalloc_flags`, mm/page_alloc.c, 6.12).
    @inlinable
    public init(_ flags: GFPFlags) {
        if flags.contains(.noMemAlloc) {
            self = flags.contains(.high) ? .half : .none
        } else if flags.contains(.memAlloc) {
            self = .all
        } else if flags.contains(.high) {
            self = flags.contains(.directReclaim) ? .half : .fiveEighths
        } else {
            self = .none
        }
    }

    /// The mark that stays in force, in pages, when the min watermark is `min` pages.
    ///
    /// The kernel's own rounding (`__zone_watermark_ok`): each part is rounded down before it is taken off.
    @inlinable
    public func mark(min: Int) -> Int {
        let half = min - min / 2
        return switch self {
        case .none: min
        case .half: half
        case .fiveEighths: half - half / 4
        case .all: 0
        }
    }
}

/// How hard the allocator tries before a request fails.
public enum GFPPersistence: String, CaseIterable, Codable, Sendable {
    /// Cannot wait for reclaim, so fails at once.
    case noWaiting
    /// One light round of reclaim or compaction (`__GFP_NORETRY`).
    case light
    /// While reclaim makes progress, even for costly orders, but without the OOM killer (`__GFP_RETRY_MAYFAIL`).
    case progress
    /// Orders up to 3 for as long as it takes, with the OOM killer; higher ones give up early.
    case usual
    /// Never fails (`__GFP_NOFAIL`).
    case forever

    public init(_ flags: GFPFlags) {
        self =
            if !flags.contains(.directReclaim) {
                .noWaiting
            } else if flags.contains(.noFail) {
                .forever
            } else if flags.contains(.noRetry) {
                .light
            } else if flags.contains(.retryMayFail) {
                .progress
            } else {
                .usual
            }
    }
}
