import GFP
import PageAllocator
import Topology

/// The same scenario on two machines, or on one with two sets of settings: what changed.
public struct ScenarioComparison: Sendable {
    public var first: Variant
    public var second: Variant

    public struct Variant: Sendable {
        /// What to call it.
        public var name: String
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

    /// The figures: requests first, then where they were served from, then what it cost. Zero in both is left out, but
    /// for failures, fallbacks, stalls and remote requests.
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

    /// How far the runs lie apart: their figures, and zones that are left otherwise. 0: both ended alike.
    public var distance: Int {
        figures.distance + zip(first.result.zones, second.result.zones).count { $0 != $1 }
    }
}
