import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// What must hold by now.
public struct Expectation: Hashable, Sendable {
    /// The group whose requests are meant; nil: those of the last `alloc` step.
    public var group: String?
    public var checks: [Check]

    public struct Check: Hashable, Sendable {
        public var subject: Subject
        public var path: JSONPath
        public var location: SourceLocation?

        public init(_ subject: Subject, path: JSONPath = [], location: SourceLocation? = nil) {
            self.subject = subject
            self.path = path
            self.location = location
        }
    }

    public enum Subject: Hashable, Sendable {
        case served(Bounds)
        case refused(Bounds)
        /// Pages of the requests served.
        case pages(Bounds)
        /// The zone of the last block.
        case zone(ZoneKind)
        /// The node of the last block.
        case node(NodeID)
        /// All zones that served, in the order of their first block.
        case zones([ZoneReference])
        /// The nodes whose kswapd these requests awakened, in any order.
        case kswapd([NodeID])
        /// Blocks taken from another mobility type's lists.
        case fallbacks(Bounds)
        /// Calls of the reclaim hook.
        case reclaims(Bounds)
        /// Free pages of a zone now, on its free lists.
        case free(ZoneReference, Bounds)
        /// A watermark of a zone now, in pages, with its boost.
        case watermark(ZoneReference, WatermarkLevel, Bounds)
        /// What a zone keeps now from requests that could have used a higher zone (`lowmem_reserve`), in pages.
        case lowmemReserve(ZoneReference, against: ZoneKind, Bounds)
        /// A NUMA counter of a zone now, by the kernel's name without `numa_`.
        case numa(ZoneReference, String, Bounds)
        /// A counter of the machine now, by its name in `/proc/vmstat`, as `allocstall_normal`.
        case vmstat(String, Bounds)
    }

    /// A number, or limits to one.
    public struct Bounds: Hashable, Sendable, CustomStringConvertible {
        public var atLeast: Int?
        public var atMost: Int?

        public init(atLeast: Int? = nil, atMost: Int? = nil) {
            self.atLeast = atLeast
            self.atMost = atMost
        }

        public init(_ exactly: Int) { self.init(atLeast: exactly, atMost: exactly) }

        public func contains(_ value: Int) -> Bool { value >= atLeast ?? .min && value <= atMost ?? .max }

        public var description: String {
            switch (atLeast, atMost) {
            case (let low?, let high?): low == high ? "\(low)" : "\(low) to \(high)"
            case (let low?, nil): "at least \(low)"
            case (nil, let high?): "at most \(high)"
            case (nil, nil): "any number"
            }
        }
    }

    public init(group: String? = nil, checks: [Check]) {
        self.group = group
        self.checks = checks
    }
}

/// An expectation that failed.
public struct ExpectationFailure: Hashable, Sendable {
    public var source: String
    public var location: SourceLocation?
    /// Where in the scenario, as `steps[3].expect.served`.
    public var path: JSONPath
    public var expected: String
    public var actual: String
    /// Which round of the innermost `repeat`, from 1; nil outside one.
    public var round: Int?
}

extension ExpectationFailure: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: PATH: expected ..., but ...`.
    public var description: String {
        let place = location.map { "\(source):\($0)" } ?? source
        let when = round.map { " (round \($0))" } ?? ""
        return "\(place): \(path): expected \(expected), but \(actual)\(when)"
    }
}
