/// A figure that is taken of every run, whatever was played.
public enum Measure: String, CaseIterable, Hashable, Sendable {
    /// Requests that got a block.
    case served
    case refused
    /// Blocks taken from another mobility type's lists.
    case fallbacks
    /// Requests served from another node than their CPU's (`numa_other`).
    case remote
    /// Direct reclaims (`allocstall`).
    case stalls
    /// Rounds of kswapd over a node.
    case kswapdRounds
    /// Pages that reclaim freed.
    case reclaimed
    case swappedOut
    /// Direct compactions (`compact_stall`).
    case compactions
    /// Pages that compaction moved.
    case moved
    /// Processes killed (`oom_kill`).
    case killed
    /// Pages on free lists at the end.
    case free
    /// The share of those that is in blocks too small for a huge page (order 9, or the machine's largest if that is smaller),
    /// 0 to 1.
    case unusableIndex

    /// Those that say something even where they are zero.
    public var isAlwaysTold: Bool {
        switch self {
        case .served, .refused, .fallbacks, .remote, .stalls: true
        case .kswapdRounds, .reclaimed, .swappedOut, .compactions, .moved, .killed, .free, .unusableIndex: false
        }
    }
}
