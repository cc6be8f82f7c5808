import BuddyEngine
import Foundation
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology

@testable import Scenarios

/// The shipped scenarios meet their expectations, and a wrong expectation is reported.
@Suite struct ScenarioTests {
    static let folder = SharedMaterial.packageRoot.appendingPathComponent("Config/scenarios")
    /// Below that folder; the facts about kernels are played by the command line's tests, under every kernel.
    static let names = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".json5") && !$0.hasPrefix("kernel-facts/") }.sorted()

    @Test(arguments: names)
    func `a shipped scenario meets its expectations, twice alike`(name: String) throws {
        let path = Self.folder.appendingPathComponent(name).path
        let scenario = try Scenario.load(path)
        #expect(scenario.name + ".json5" == name.split(separator: "/").last.map(String.init))
        #expect(!scenario.about.isEmpty)
        let result = try scenario.run()
        #expect(result.failures.map(\.description) == [])
        #expect(result.stopped == nil)
        #expect(result.checks > 3)
        #expect(try scenario.run() == result)
    }

    private func scenario(_ text: String) throws -> Scenario {
        let document = try JSONDocument(text: text, name: "story")
        let (read, problems) = Scenario.check(document, folder: SharedMaterial.packageRoot.path + "/Config/")
        #expect(problems.map(\.description) == [])
        return try #require(read)
    }

    private func play(_ text: String, seed: UInt64? = nil) throws -> ScenarioResult {
        var scenario = try scenario(text)
        if let seed { scenario.seed = seed }
        return try scenario.run()
    }

    @Test func `each wrong expectation is reported with its place, what was expected and what came`() throws {
        let result = try play(
            """
            { topology: "textbook-buddy.json", steps: [
              { alloc: "GFP_KERNEL", order: 4, count: 3, name: "a" },
              { repeat: 2, steps: [{ expect: { of: "a", served: 4, refused: { atMost: 0 } } }] },
              { expect: { zone: "DMA", zones: [], free: { "0/Normal": { atLeast: 255 } } } },
              { expect: { node: 0, kswapd: [0], pages: { atLeast: 1, atMost: 47 } } },
            ] }
            """)
        #expect(!result.passed)
        #expect(result.checks == 10)
        #expect(
            result.failures.map(\.description) == [
                "story:3:53: steps[1].steps[0].expect.served: expected 4 served requests, but it is 3 (round 1)",
                "story:3:53: steps[1].steps[0].expect.served: expected 4 served requests, but it is 3 (round 2)",
                "story:4:21: steps[2].expect.zone: expected the last block from zone DMA, but it came from 0/Normal",
                "story:4:35: steps[2].expect.zones: expected no blocks, but they came from 0/Normal",
                "story:4:59: steps[2].expect.free[\"0/Normal\"]: expected at least 255 free pages in 0/Normal, but it is 208",
                "story:5:32: steps[3].expect.kswapd: expected kswapd woken on node 0, but it was on no node",
                "story:5:44: steps[3].expect.pages: expected 1 to 47 pages served, but it is 48",
            ])
    }

    @Test func `the seed decides what is random, and nothing else does`() throws {
        let text = """
            { topology: "textbook-buddy.json", seed: 5, steps: [
              { mix: [{ gfp: "GFP_KERNEL", weight: 3 }, { gfp: "GFP_KERNEL", order: 2 }, { free: true }], count: 60 },
              { alloc: "GFP_KERNEL", count: 20, name: "a" },
              { free: "a", share: 0.5 },
            ] }
            """
        let first = try play(text)
        #expect(try play(text) == first)
        let others = try (10..<14).map { try play(text, seed: $0).steps.map(\.outcome) }
        #expect(others.contains { $0 != first.steps.map(\.outcome) })
    }

    @Test func `a scenario that would not end is stopped and says so`() throws {
        let result = try play(
            """
            { topology: "textbook-buddy.json", limit: 5000, steps: [
              { repeat: 1000000000, steps: [{ alloc: "GFP_KERNEL", name: "a" }, { free: "a" }] },
            ] }
            """)
        #expect(
            result.stopped
                == "stopped after 5000 requests, frees and steps: if it is meant to take more, raise \"limit\"")
        #expect(!result.passed)
    }

    @Test func `reclaim gives a group's pages back, oldest first, and kswapd keeps requests going`() throws {
        let result = try play(
            """
            { topology: { nodes: [{ cpus: 1, memory: "64MiB" }], sysctls: { "vm.min_free_kbytes": 1024 } }, steps: [
              { alloc: "GFP_KERNEL", order: 4, until: "failure", name: "cache" },
              { alloc: "GFP_KERNEL", order: 4, name: "more" },
              { expect: { served: 0, reclaims: 0 } },
              { reclaim: { from: "cache", pages: 64 } },
              { alloc: "GFP_KERNEL", order: 4, count: 100, name: "more" },
              { expect: { served: 100, refused: 0, reclaims: { atLeast: 20 } } },
              { reclaim: "none" },
              { alloc: "GFP_KERNEL", order: 4, until: "failure", name: "more" },
              { free: "all" }, { drain: "all" },
            ] }
            """)
        #expect(result.failures.map(\.description) == [])
        #expect(result.zones.allSatisfy { $0.free == $0.managed && $0.perCPU == 0 })
    }

    @Test func `a long run is checked now and then, and goes through its repeats as often as asked`() throws {
        var scenario = try Scenario.load(Self.folder.appendingPathComponent("pressure-load.json5").path)
        let repeats = scenario.repeatSteps(2)
        #expect(repeats)
        var told: [Int] = []
        let result = try scenario.run(checkingEvery: 60_000) {
            told.append($0)
            return true
        }
        #expect(result.failures.allSatisfy { $0.path.description.hasSuffix("served") }, "fewer rounds, fewer served")
        #expect(result.steps.contains { $0.rounds == 2 } && !result.steps.contains { $0.rounds == 20 })
        #expect(result.invariantChecks == result.work / 60_000 + 1)
        #expect(told.last == result.work && told.count > 3 && told == told.sorted())
        var plain = try Scenario.load(Self.folder.appendingPathComponent("gfp-atomic.json5").path)
        let repeatsToo = plain.repeatSteps(2)
        #expect(!repeatsToo)
    }

    @Test(arguments: [1, 2, 3, 7, 30, 1000])
    func `invariants hold wherever a check falls, also between the frees of a group`(interval: Int) throws {
        let text = """
            { topology: { nodes: [{ cpus: 1, memory: "64MiB" }] }, steps: [
              { alloc: "GFP_KERNEL", count: 100, name: "a" }, { alloc: "GFP_KERNEL", order: 3, count: 9, name: "b" },
              { free: "a", every: 3 }, { free: "a", first: 5 }, { free: "a", share: 0.5 }, { free: "all" },
            ] }
            """
        let result = try scenario(text).run(checkingEvery: interval)
        #expect(result.stopped == nil)
        #expect(result.invariantChecks == result.work / interval + (result.work % interval == 0 ? 0 : 1))
        #expect(result.zones.allSatisfy { $0.free + $0.perCPU == $0.managed })
    }

    @Test(arguments: [101, 102, 150, 199])
    func `a limit reached within a free leaves the rest of the group held`(limit: Int) throws {
        let text = """
            { topology: { nodes: [{ cpus: 1, memory: "64MiB" }] }, limit: \(limit), steps: [
              { alloc: "GFP_KERNEL", count: 100, name: "a" }, { free: "a" },
            ] }
            """
        let scenario = try scenario(text)
        var runner = ScenarioRunner(scenario, try Machine(scenario.start.topology))
        runner.run { _ in true }
        #expect(runner.result.stopped != nil)
        // Two steps, a hundred requests, and what is left of the limit are frees.
        #expect(runner.blocks["a"].held.count { _ in true } == 100 - max(limit - 102, 0))
        try runner.checkInvariants()
    }

    @Test func `a page that goes astray is found`() throws {
        let scenario = try Scenario.load(Self.folder.appendingPathComponent("gfp-kernel.json5").path)
        var runner = ScenarioRunner(scenario, try Machine(scenario.start.topology))
        try runner.checkInvariants()
        let frame = runner.machine.allocate(AllocationRequest(.GFP_KERNEL))
        #expect(throws: InvariantViolation.self) { try runner.checkInvariants() }
        runner.blocks["x"].append(try #require(frame), 0)
        try runner.checkInvariants()
    }

    @Test func `a policy given from outside holds for steps without one`() throws {
        var scenario = try Scenario.load(Self.folder.appendingPathComponent("nodes/interleave-or-local.json5").path)
        let before = scenario
        scenario.apply(TaskPlacement(.bind(NodeMask([1]))))
        let placements = scenario.steps.compactMap { step -> TaskPlacement? in
            if case .allocate(let allocation) = step.action { allocation.placement } else { nil }
        }
        let own = before.steps.compactMap { step -> TaskPlacement? in
            if case .allocate(let allocation) = step.action { allocation.placement } else { nil }
        }
        #expect(own.count == 2 && placements.starts(with: own))
    }

    @Test func `every key that is read is in the schema, and the other way round`() throws {
        let path = SharedMaterial.packageRoot.appendingPathComponent("Config/schemas/scenario.schema.json").path
        let schema = try JSONDocument.load(path).root
        #expect(schema["properties"]?.object?.keys.sorted() == ScenarioReader.keys.sorted())
        let step = schema["$defs"]?["step"]?["properties"]?.object?.keys
        let keys = Set(["about", "since", "before"] + ScenarioReader.stepKeys.flatMap { [$0.key] + $0.value })
        #expect(step?.sorted() == keys.sorted())
        let expectation = schema["$defs"]?["expectation"]?["properties"]?.object?.keys
        #expect(expectation?.sorted() == ScenarioReader.expectationKeys.sorted())
    }
}
