import PageAllocator
import Scenarios
import SourceText
import Testing

/// Which rules make a scenario end otherwise under another kernel.
@Suite struct ScenarioBlameTests {
    private static let text = """
        { name: "claims", topology: { nodes: [{ cpus: 1, memory: "256MiB" }], kernel: "6.12" }, steps: [
          { alloc: "GFP_HIGHUSER_MOVABLE", until: "failure", name: "cache" },
          { free: "cache", every: 4 }, { drain: "all" },
          { alloc: "GFP_KERNEL", count: 3000 }, { alloc: "GFP_HIGHUSER_MOVABLE", order: 2, count: 50 },
        ] }
        """

    private func run(_ profile: KernelProfile) throws -> ScenarioComparison.Variant {
        let scenario = try #require(Scenario.check(try JSONDocument(text: Self.text)).scenario)
        return .init(name: profile.name, result: try scenario.run(profile: profile))
    }

    @Test func `a rule changed alone is the one blamed`() throws {
        var changed = KernelProfile.v6_12
        changed.buddy.claimDivisor = 1
        changed.perCPU.batchScaleMax = 5
        changed.walk.boostCap = 50
        let target = try run(changed)
        let blame = try RuleBlame(from: .v6_12, to: changed) { profile in
            ScenarioComparison(try run(profile), target).distance
        }
        let distance = ScenarioComparison(try run(.v6_12), target).distance
        #expect(blame.causes.isEmpty == (distance == 0))
        #expect(Set(blame.causes.map(\.rule.key)).isSubset(of: ["claimDivisor", "boostCap"]))
        for cause in blame.causes { #expect(cause.share > 0) }
    }

    @Test func `rules that are the same are not blamed`() throws {
        let target = try run(.v6_12)
        let blame = try RuleBlame(from: .v6_12, to: .v6_12) { profile in
            ScenarioComparison(try run(profile), target).distance
        }
        #expect(blame.causes.isEmpty && blame.trials == 0)
    }
}
