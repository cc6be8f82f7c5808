import BuddyEngine
import PageAllocator
import Scenarios
import Topology
import Traces

/// The result of one run.
public struct RunOutcome: Hashable, Sendable {
    /// The profile whose rules applied, followed by each changed rule after a plus sign.
    public var rules: String
    /// The figures measured.
    public var figures: Figures
    /// The expectations that failed, each as `FILE:LINE:COLUMN: PATH: ...`.
    public var failures: [String]

    /// Whether every expectation was met.
    public var passed: Bool { failures.isEmpty }

    /// Creates a result from its parts.
    public init(rules: String, figures: Figures, failures: [String] = []) {
        self.rules = rules
        self.figures = figures
        self.failures = failures
    }

    /// The result of a scenario.
    init(_ result: ScenarioResult) {
        var figures = Figures()
        let totals = result.totals
        figures[.served] = Double(totals.served)
        figures[.refused] = Double(totals.refused)
        figures[.fallbacks] = Double(totals.fallbacks)
        figures.take(totals.counters, remote: totals.remote, freeBlocks: totals.freeBlocks)
        self.init(
            rules: result.rules.key, figures: figures,
            failures: result.failures.map(\.description) + [result.stopped].compactMap { $0 })
    }

    /// The result of a trace.
    init(_ replay: borrowing Replay) {
        var figures = Figures()
        figures[.served] = Double(replay.result.served)
        figures[.refused] = Double(replay.result.refused)
        figures[.fallbacks] = Double(replay.result.fallbacks)
        figures.take(
            replay.machine.counters, remote: replay.machine.remoteRequests, freeBlocks: replay.machine.freeBlocks)
        self.init(rules: replay.machine.rules.key, figures: figures)
    }
}

extension RulesInForce {
    fileprivate var key: String { ([profile] + changes.map(\.description)).joined(separator: "+") }
}

extension Machine {
    /// Requests served from a node other than their CPU's, summed over all zones (`numa_other`).
    var remoteRequests: Int { (0..<zoneCount).reduce(0) { $0 + withZone($1) { $0.numa.other } } }
}
