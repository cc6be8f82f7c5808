/// A figure that is measured in every run, whatever is played.
public enum Measure: String, CaseIterable, Hashable, Sendable {
    /// Requests that were served.
    case served
    /// Requests that were refused.
    case refused
    /// Blocks taken from another mobility type's lists.
    case fallbacks
    /// Requests served from a node other than their CPU's (`numa_other`).
    case remote
    /// Direct reclaims (`allocstall`).
    case stalls
    /// Rounds of kswapd over a node.
    case kswapdRounds
    /// Pages that reclaim freed.
    case reclaimed
    /// Pages written to swap.
    case swappedOut
    /// Direct compactions (`compact_stall`).
    case compactions
    /// Pages that compaction moved.
    case moved
    /// Processes killed (`oom_kill`).
    case killed
    /// Pages on free lists at the end.
    case free
    /// The share of those pages that lies in blocks too small for a huge page (order 9, or the machine's largest order
    /// if that is smaller), 0 to 1.
    case unusableIndex

    /// Whether the figure is shown even where it is zero.
    public var isAlwaysTold: Bool {
        switch self {
        case .served, .refused, .fallbacks, .remote, .stalls: true
        case .kswapdRounds, .reclaimed, .swappedOut, .compactions, .moved, .killed, .free, .unusableIndex: false
        }
    }
}
