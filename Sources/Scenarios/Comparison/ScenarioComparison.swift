import GFP
import PageAllocator
import Topology

/// The same scenario on two machines, or on one with two sets of settings: what changed.
public struct ScenarioComparison: Sendable {
    /// The first variant.
    public var first: Variant
    /// The second variant.
    public var second: Variant

    /// A result and its name.
    public struct Variant: Sendable {
        /// The name.
        public var name: String
        /// The result.
        public var result: ScenarioResult

        public init(name: String, result: ScenarioResult) {
            self.name = name
            self.result = result
        }
    }

    public init(_ first: Variant, _ second: Variant) {
        self.first = first
        self.second = second
    }

    /// The figures: requests first, then where they were served, then costs. Figures that are zero in both are omitted,
    /// except failures, fallbacks, stalls and remote requests.
    public var figures: [ComparedFigure] {
        func row(_ name: String, _ value: (ScenarioResult.Totals) -> Int) -> ComparedFigure {
            ComparedFigure(name, value(first.result.totals), value(second.result.totals))
        }
        let always = [
            row("requests served", \.served), row("failures", \.refused),
            row("fallbacks to another mobility type", \.fallbacks), row("served from another node", \.remote),
            row("stalls in direct reclaim") { $0.counters.allocStalls.reduce(0, +) },
        ]
        let others = [
            row("rounds of kswapd", \.counters.kswapdRounds),
            row("pages reclaimed") { $0.counters.pagesStolenByKswapd + $0.counters.pagesStolenDirectly },
            row("pages swapped out", \.counters.pagesSwappedOut),
            row("direct compactions", \.counters.compactStalls), row("pages moved", \.counters.pagesMigrated),
            row("processes killed", \.counters.oomKills), row("free pages at the end", \.free),
        ]
        return always + others.filter { $0.first != 0 || $0.second != 0 }
    }

    /// How much the runs differ: in figures, and in the final state of zones. 0: both ended the same way.
    public var distance: Int {
        figures.distance + zip(first.result.zones, second.result.zones).count { $0 != $1 }
    }
}
