import Topology

/// How a machine with an LRU serves the requests of a live recording.
public struct LiveVerificationResult: Sendable {
    /// The recording's name.
    public var name: String
    /// What the recording is about.
    public var about: String
    /// How many of the recorded requests were made.
    public var requests: Int
    /// The share of requests served or refused as recorded, and from the same zone, from 0 to 1.
    public var outcomesAgree: Double
    /// The first request with a different outcome (served or refused); nil if there is none.
    public var firstDifference: Int?
    /// The first request at which direct reclaim happened; nil if there was none.
    public var firstReclaim: Pair<Int?>
    /// Whether every request before the earlier of these had the recorded outcome.
    public var agreesUpToReclaim: Bool
    /// The first request refused; nil if there was none.
    public var firstRefusal: Pair<Int?>
    /// Whether the run ends as recorded: the last request served or refused, and a process killed or none. A recorded
    /// run that ends with a refusal is continued, by at most twice as many requests, until the machine refuses, too.
    public var finalOutcomeAgrees: Bool
    /// The zones in the order in which they first served a request.
    public var zones: Pair<[ZoneReference]>
    /// How many processes were killed.
    public var kills: Pair<Int>
    /// How counters of `/proc/vmstat` changed, sorted by name.
    public var counters: [Counter]

    /// A figure of the recorded kernel and of this machine.
    public struct Pair<Value: Hashable & Sendable>: Hashable, Sendable {
        /// The recorded kernel's.
        public var recorded: Value
        /// This machine's.
        public var emulated: Value

        public init(recorded: Value, emulated: Value) {
            self.recorded = recorded
            self.emulated = emulated
        }
    }

    /// How one counter changed.
    public struct Counter: Hashable, Sendable {
        /// The counter's name.
        public var name: String
        /// On the recorded kernel.
        public var recorded: Int
        /// On this machine.
        public var emulated: Int

        /// Whether the two are within a factor of 2, or both too small for a factor to mean anything.
        public var isClose: Bool {
            let (low, high) = (min(recorded, emulated), max(recorded, emulated))
            return high <= 2 * low || high <= Self.handful
        }

        /// Numbers of events up to this are too small to compare.
        public static let handful = 3
    }

    /// How many counters are close.
    public var closeCounters: Int { counters.count(where: \.isClose) }
}
