import Experiments
import FailureAnalysis
import Foundation
import GFP
import KernelLog
import PageAllocator
import Scenarios
import TestSupport
import Testing
import Topology

/// `explain` says from a log which `min_free_kbytes` would have been enough, and `tune` finds it by playing.
///
/// Both state one where others take all that they may, single page by single page, urgent requests use up the reserve below
/// the mark, and one of these is refused: what would have served that one too?
@Suite struct MinFreeAgreementTests {
    private struct Case {
        let kernel: KernelVersion
        let mebibytes: Int
        let minFree: Int

        init(_ kernel: KernelVersion, from generator: inout SeededGenerator) {
            self.kernel = kernel
            mebibytes = Int.random(in: 18...26, using: &generator)
            minFree = Int.random(in: 300...1000, using: &generator)
        }

        /// - Parameter urgent: How many urgent requests are made; nil: until one is refused.
        func scenario(urgent: Int?) -> String {
            let times = urgent.map { "count: \($0)" } ?? "until: \"failure\""
            return """
                { topology: { kernel: "\(kernel)", nodes: [{ memory: "\(mebibytes)MiB", cpus: "0" }],
                    sysctls: { min_free_kbytes: \(minFree), watermark_boost_factor: 0 } },
                  steps: [
                    { alloc: "GFP_KERNEL", until: "failure" }, { alloc: "GFP_ATOMIC", \(times), name: "urgent" },
                    { expect: { refused: 0, of: "urgent" } } ] }
                """
        }

        /// What the kernel prints of the first urgent request that is refused, explained, and how many were served.
        func explained(_ path: String) throws -> (change: Remedy.MinFree?, served: Int) {
            try scenario(urgent: nil).write(toFile: path, atomically: true, encoding: .utf8)
            var keeping = ScenarioKeeping()
            keeping.refusals = 2
            let result = try Scenario.load(path).run(keeping: keeping)
            let refusal = try #require(result.refusals.last)
            let log = WrittenReport(refusal.request, refusedBy: refusal.snapshot, nodemask: nil).text
            let report = try #require(LogScanner.reports(in: log).first)
            let changes = FailureAnalysis(report).remedies.compactMap { remedy in
                if case .minFree(let change) = remedy.change { change } else { nil }
            }
            guard case .allocated(let urgent) = result.steps[1].outcome else { return (changes.first, 0) }
            return (changes.first, urgent.served)
        }
    }

    @Test(arguments: KernelProfile.all.map(\.version), [1, 2])
    func `tune finds a value within the bounds that explain states`(_ kernel: KernelVersion, _ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let trial = Case(kernel, from: &generator)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("agree-\(UUID().uuidString).json5")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (stated, served) = try trial.explained(path)
        let change = try #require(stated, "\(trial)")
        // Marks are whole pages: what is in force is the least value that gives them.
        #expect(change.now == trial.minFree / 4 * 4, "\(trial)")
        let lowest = try #require(change.lowest, "\(trial)")
        let highest = try #require(change.highest, "\(trial)")
        #expect(change.needed.map { (lowest...highest).contains($0) } == true, "\(trial)")
        try trial.scenario(urgent: served + 1).write(toFile: path, atomically: true, encoding: .utf8)
        let range = SettingRange(
            name: "vm.min_free_kbytes", least: trial.minFree, count: highest - trial.minFree + 1)
        var search = SettingsSearch(Setup(name: ""), .scenario(path), ranges: [range])
        let machines = MachineShelf { _ in throw SetupError("no machine is needed") }
        try search.search(seeds: [], triesAll: false, machines: machines) { _ in true }
        let trials = search.searches[0].search.trials
        // One that is too small really is, and the largest is certainly enough.
        #expect(trials.allSatisfy { $0.value >= lowest || !$0.passed }, "\(trial): \(change)")
        #expect(trials.last?.value == highest && trials.last?.passed == true, "\(trial): \(change)")
    }
}
