import Experiments
import Foundation
import GFP
import Scenarios
import SourceText
import TestSupport
import Testing
import Topology

@Suite struct VariantTests {
    static let config = SharedMaterial.packageRoot.appendingPathComponent("Config").path

    static let machines = MachineShelf { name in
        Snapshot(topology: try Topology(json: JSONDocument.load("\(config)/\(name)")), zones: [])
    }

    /// One that any machine can play.
    private static func scenario() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json5").path
        try """
        { topology: { nodes: [{ memory: "64MiB", cpus: "0" }] }, steps: [
          { mix: [{ gfp: "GFP_KERNEL", weight: 3 }, { gfp: "GFP_ATOMIC", weight: 1, order: 2 }], count: 3000, name: "x" },
          { expect: { refused: 0 } } ] }
        """.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `a variant says its machine, kernel, sysctls and policy`() throws {
        let setup = try Setup(variant: "old:laptop.json,kernel=6.1,min_free_kbytes=4096,policy=--membind 0,1")
        #expect(setup.name == "old")
        #expect(setup.source == "laptop.json")
        #expect(setup.kernel == KernelChoice(KernelVersion(6, 1)))
        #expect(setup.settings == [SettingChange(name: "vm.min_free_kbytes", value: "4096")])
        #expect(setup.policy == ["--membind", "0,1"])
        #expect(try Setup(variant: "own:kernel=6.12").source == nil)
    }

    @Test(arguments: [
        "", "laptop.json", ":laptop.json", "a:kernel=x", "a:x.json,y.json", "a:kernel=6.1,x.json=", "a:vm.swappiness=",
    ])
    func `what is not a variant is refused`(_ text: String) {
        #expect(throws: SetupError.self) { try Setup(variant: text) }
    }

    @Test func `a sysctl holds for a trace on an aged machine`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).trace").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try (1...3000).map {
            " a-1 [000] .... \($0).0: mm_page_alloc: page=1 pfn=\($0) order=0 migratetype=0 gfp_flags=GFP_KERNEL\n"
        }.joined().write(toFile: path, atomically: true, encoding: .utf8)
        let small = Topology(
            architecture: .amd64, nodes: [.init(id: 0, cpus: [0], memory: [0..<16_384])])
        let machines = MachineShelf { _ in Snapshot(topology: small, zones: []) }
        func refused(minFree: Int) throws -> Double {
            var setup = Setup(name: "aged", source: "small")
            setup.ageing = Ageing(occupancy: 0.7, unusableIndex: 0.2, order: 9, unmovable: 0.3)
            setup.settings = [SettingChange(name: "vm.min_free_kbytes", value: "\(minFree)")]
            return try setup.play(.trace(path), seed: 1, machines: machines).figures[.refused]
        }
        #expect(try refused(minFree: 1024) == 0)
        // Of 19 MiB that are free, 16 must stay so.
        #expect(try (1800...2600).contains(refused(minFree: 16_384)))
    }

    @Test func `two variants of one name are refused`() {
        #expect(throws: SetupError.self) {
            try VariantComparison([Setup(name: "a"), Setup(name: "a")], workloads: [.trace("t")])
        }
    }

    @Test func `each variant is what playing it alone is, under each seed`() throws {
        let path = try Self.scenario()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var comparison = try VariantComparison(
            [
                try Setup(variant: "a:laptop.json,kernel=5.10"), try Setup(variant: "b:laptop.json,kernel=6.12"),
                try Setup(variant: "c:kernel=6.1,vm.min_free_kbytes=8192"),
            ], workloads: [.scenario(path)], seeds: [3, 9])
        try comparison.play(Self.machines) { _ in true }
        #expect(comparison.runs.count == 6)
        for run in comparison.runs {
            let setup = comparison.setups[run.setup]
            let machine = try setup.source.map { try Self.machines.snapshot($0) }
            var story = try Scenario.load(path, kernel: setup.kernel?.version, snapshot: machine)
            story.seed = try #require(run.seed)
            try story.apply(setup.settings)
            let alone = try story.run()
            #expect(run.outcome.figures[.served] == Double(alone.totals.served))
            #expect(run.outcome.figures[.free] == Double(alone.totals.free))
            #expect(run.outcome.passed == alone.passed)
        }
        #expect(Set(comparison.runs.map(\.outcome.rules)) == ["5.10", "6.1", "6.12"])
        let spread = try #require(comparison.spread(.served, setup: 0, workload: 0))
        #expect(spread.count == 2 && spread.least <= spread.mean && spread.mean <= spread.most)

        for jobs in [1, 2, 5] {
            var several = try VariantComparison(
                comparison.setups, workloads: comparison.workloads, seeds: comparison.seeds.compactMap { $0 })
            var reported: [Int] = []
            try several.play(Self.machines, jobs: jobs, shouldContinue: { true }, report: { reported.append($0) })
            #expect(several.runs.map(\.outcome) == comparison.runs.map(\.outcome), "\(jobs) jobs")
            #expect(reported == Array(0..<6), "\(jobs) jobs")
        }
    }

    @Test func `a trace without a machine is refused, not played on some other`() throws {
        var comparison = try VariantComparison([Setup(name: "a")], workloads: [.trace("/nonexistent")])
        #expect(throws: SetupError.self) { try comparison.play(Self.machines) { _ in true } }
    }

    @Test func `what is interrupted keeps what was done`() throws {
        let path = try Self.scenario()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var comparison = try VariantComparison([Setup(name: "a")], workloads: [.scenario(path)], seeds: [1, 2, 3])
        #expect(throws: RunInterrupted.self) { try comparison.play(Self.machines) { $0 < 1 } }
        #expect(comparison.runs.count == 1)
    }
}
