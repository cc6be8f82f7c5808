import Scenarios
import Topology

/// The requests of a scenario that were refused or used blocks of another type, each with its walks.
public struct ScenarioExplanations: Sendable {
    private let result: ScenarioResult
    private let topology: Topology

    /// Collects the explanations of a scenario's result.
    public init(_ result: ScenarioResult, topology: Topology) {
        self.result = result
        self.topology = topology
    }

    /// The explanations for people; empty if there are none.
    public func text(_ style: TextStyle = .plain) -> String {
        guard !result.explanations.isEmpty else { return "No request was refused or fell back.\n" }
        let texts = result.explanations.map {
            AllocationReport($0, topology: topology, rules: result.rules).text(style)
        }
        let isAll = result.explanations.count < ScenarioResult.mostExplanations
        let end = isAll ? "" : "\nThere may be more: these are the first \(ScenarioResult.mostExplanations).\n"
        return texts.joined(separator: "\n") + end
    }
}
