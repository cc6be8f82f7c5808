import BuddyEngine
import PageAllocator

/// The unusable free space index over time, in a limited number of samples: when the limit is reached, every second one
/// is dropped, and from then on half as many are taken.
///
/// The index of an order is the share of free pages that are in blocks too small for it (Gorman and Whitcroft; debugfs
/// `extfrag/unusable_index`). Pages on per-CPU lists do not count as free.
public struct FragmentationHistory: Hashable, Sendable {
    /// The state after some event.
    public struct Sample: Hashable, Sendable {
        /// The number of the event in the trace, from 0.
        public var event: Int
        /// In nanoseconds of the trace's clock; 0 if unknown.
        public var time: UInt64
        /// Free pages on the free lists.
        public var freePages: Int
        /// 0: every free page is in a large enough block; 1: none is, or nothing is free.
        public var unusableIndex: Double
    }

    /// The order of the index.
    public let order: Order
    /// The samples, in order of time.
    public private(set) var samples: [Sample] = []
    /// How many events apart samples are.
    public private(set) var interval = 1024
    static let most = 256

    public init(order: Order) { self.order = order }

    /// Continues an earlier history.
    init(order: Order, samples: [Sample], interval: Int) {
        self.order = order
        self.samples = samples
        self.interval = interval
    }

    /// Whether a sample is due at the event with this number.
    @inline(__always)
    func isDue(_ event: Int) -> Bool { event & (interval &- 1) == 0 }

    mutating func take(_ machine: borrowing Machine, event: Int, time: UInt64) {
        if samples.count >= Self.most {
            interval *= 2
            samples = samples.filter { $0.event % interval == 0 }
            guard isDue(event) else { return }
        }
        let (free, usable) = machine.freePages(inBlocksOf: order)
        samples.append(
            Sample(
                event: event, time: time, freePages: free,
                unusableIndex: free == 0 ? 1 : Double(free - usable) / Double(free)))
    }
}
