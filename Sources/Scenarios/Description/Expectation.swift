import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

/// Conditions that must hold at a step.
public struct Expectation: Hashable, Sendable {
    /// The group whose requests are meant; nil: those of the last `alloc` step.
    public var group: String?
    /// The conditions.
    public var checks: [Check]

    /// One condition.
    public struct Check: Hashable, Sendable {
        /// What must hold.
        public var subject: Subject
        /// Where it is in the scenario.
        public var path: JSONPath
        /// Where it is in the text.
        public var location: SourceLocation?

        public init(_ subject: Subject, path: JSONPath = [], location: SourceLocation? = nil) {
            self.subject = subject
            self.path = path
            self.location = location
        }
    }

    /// What must hold.
    public enum Subject: Hashable, Sendable {
        case served(Bounds)
        case refused(Bounds)
        /// The pages of the requests served.
        case pages(Bounds)
        /// The zone of the last block.
        case zone(ZoneKind)
        /// The node of the last block.
        case node(NodeID)
        /// All zones that served requests, in order of their first block.
        case zones([ZoneReference])
        /// The nodes whose kswapd these requests woke, in any order.
        case kswapd([NodeID])
        /// The nodes whose kcompactd woke because of these requests, in any order.
        case kcompactd([NodeID])
        /// Blocks taken from another mobility type's lists.
        case fallbacks(Bounds)
        /// Calls of the reclaim hook.
        case reclaims(Bounds)
        /// The free pages of a zone now, on its free lists.
        case free(ZoneReference, Bounds)
        /// A watermark of a zone now, in pages, with its boost.
        case watermark(ZoneReference, WatermarkLevel, Bounds)
        /// What a zone now holds back from requests that could have used a higher zone (`lowmem_reserve`), in pages.
        case lowmemReserve(ZoneReference, against: ZoneKind, Bounds)
        /// A NUMA counter of a zone now, by the kernel's name without `numa_`.
        case numa(ZoneReference, String, Bounds)
        /// A counter of the machine now, by its name in `/proc/vmstat`, such as `allocstall_normal`.
        case vmstat(String, Bounds)
    }

    /// A number, or limits to one.
    public struct Bounds: Hashable, Sendable, CustomStringConvertible {
        /// The least that is allowed; nil: no limit.
        public var atLeast: Int?
        /// The most that is allowed; nil: no limit.
        public var atMost: Int?

        public init(atLeast: Int? = nil, atMost: Int? = nil) {
            self.atLeast = atLeast
            self.atMost = atMost
        }

        /// A single number.
        public init(_ exactly: Int) { self.init(atLeast: exactly, atMost: exactly) }

        /// Whether a number is within the limits.
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
    /// The scenario's file.
    public var source: String
    /// Where the expectation is in the text.
    public var location: SourceLocation?
    /// Where it is in the scenario, such as `steps[3].expect.served`.
    public var path: JSONPath
    /// What should hold, in words.
    public var expected: String
    /// What holds, in words.
    public var actual: String
    /// The round of the innermost `repeat`, from 1; nil outside one.
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
