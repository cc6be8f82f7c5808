import Topology

/// How a machine with an LRU fares with the requests of a live recording.
public struct LiveVerificationResult: Sendable {
    public var name: String
    public var about: String
    /// Requests made, of those recorded.
    public var requests: Int
    /// Served or refused as recorded, and from the same zone, of all requests. From 0 to 1.
    public var outcomesAgree: Double
    /// The first request with another outcome (served or refused); nil: none.
    public var firstDifference: Int?
    /// The first request at which the recorded kernel, and the machine, reclaimed directly; nil: none.
    public var firstReclaim: Pair<Int?>
    /// Whether every request before either's first reclaim had the recorded outcome.
    public var agreesUpToReclaim: Bool
    /// The first request refused.
    public var firstRefusal: Pair<Int?>
    /// Whether it ends the same way: refused or served at last, and somebody killed or nobody. A recorded run that ends
    /// with a refusal is played on, for twice as many requests more at most, until the machine refuses too.
    public var finalOutcomeAgrees: Bool
    /// The zones in the order in which they first served.
    public var zones: Pair<[ZoneReference]>
    public var kills: Pair<Int>
    /// Counters of `/proc/vmstat` by name, sorted: the changes.
    public var counters: [Counter]

    public struct Pair<Value: Hashable & Sendable>: Hashable, Sendable {
        public var recorded: Value
        public var emulated: Value

        public init(recorded: Value, emulated: Value) {
            self.recorded = recorded
            self.emulated = emulated
        }
    }

    public struct Counter: Hashable, Sendable {
        public var name: String
        public var recorded: Int
        public var emulated: Int

        /// Within a factor of 2, or both so small that a factor means nothing.
        public var isClose: Bool {
            let (low, high) = (min(recorded, emulated), max(recorded, emulated))
            return high <= 2 * low || high <= Self.handful
        }

        /// Up to that many events say nothing.
        public static let handful = 3
    }

    public var closeCounters: Int { counters.count(where: \.isClose) }
}
