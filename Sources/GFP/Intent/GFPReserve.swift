/// How far below a zone's min watermark a request may take free pages.
public enum GFPReserve: String, CaseIterable, Codable, Sendable {
    /// Not at all.
    case none
    /// Down to three quarters of it (`__GFP_ATOMIC` alone, to 6.2).
    case quarter
    /// Down to half of it (`__GFP_HIGH`).
    case half
    /// Down to three eighths of it: half, and a quarter of the rest (GFP_ATOMIC).
    case fiveEighths
    /// Down to the last page (`__GFP_MEMALLOC`).
    case all

    /// What `flags` allow an unprivileged task under a kernel's rules (`__gfp_pfmemalloc_flags`).
    public init(_ flags: GFPFlags, rules: ReserveRules) {
        guard !flags.contains(.memAlloc) || flags.contains(.noMemAlloc) else {
            self = .all
            return
        }
        let claims = rules.slowFlags(flags, isHighOrder: false, isRealTime: false)
        switch (claims.contains(.minReserve), claims.contains(.nonBlock), rules.depth) {
        case (true, true, _): self = .fiveEighths
        case (true, false, _): self = .half
        case (false, true, .eachByItself): self = .quarter
        case (false, true, .quarterAfterHalf), (false, false, _): self = .none
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

    /// What the flags on waiting and retrying amount to.
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
