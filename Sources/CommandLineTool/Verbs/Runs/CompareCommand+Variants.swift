import ArgumentParser
import MachineSources
import Experiments
import PageAllocator
import Report
import SourceText
import Topology

/// Options for several variants and several seeds.
struct VariantOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Play on this too: NAME:SOURCE,kernel=6.1,vm.min_free_kbytes=65536,policy=--membind 0; what is not given is the scenario's. May be repeated.",
            valueName: "name:source,key=value"))
    var variant: [String] = []

    @Option(help: "A trace that is played, beside the scenario or alone.", completion: .file())
    var trace: String?

    @Option(help: ArgumentHelp("Play once with each of these seeds, as in 1-10.", valueName: "seeds"))
    var seeds: String?

    @Option(name: .shortAndLong, help: "How many runs to play at once.")
    var jobs = 1

    @Flag(help: "Print comma-separated values, a line for each run.")
    var csv = false

    /// Whether more is asked for than the differences between A and B.
    var isAsked: Bool { !variant.isEmpty || trace != nil || seeds != nil || csv }

    /// The trace, if nothing else is asked for.
    var onlyTrace: String? { variant.isEmpty && seeds == nil && !csv ? trace : nil }

    func setups() throws(SetupError) -> [Setup] {
        var setups: [Setup] = []
        for text in variant { setups.append(try Setup(variant: text)) }
        return setups
    }

    func seedList() throws(ToolError) -> [UInt64] { try SeedList.read(seeds) }
}

extension CompareCommand {
    /// Plays the named workloads on each variant with each seed.
    func compareVariants() throws {
        var comparison = try VariantComparison(
            try variants(), workloads: workloads(), seeds: seed.map { [$0] } ?? variantOptions.seedList())
        let machines = MachineShelf { try MachineSource.path($0).load().snapshot }
        var meter = ProgressMeter()
        let planned = comparison.plannedRuns
        var isInterrupted = false
        do {
            if variantOptions.jobs == 1 {
                try comparison.play(machines) { done in
                    meter.update(done: done, total: planned, count: done, unit: "runs")
                    return !Interruption.isRequested
                }
            } else {
                try comparison.play(machines, jobs: variantOptions.jobs) {
                    !Interruption.isRequested
                } report: { done in
                    meter.update(done: done, total: planned, count: done, unit: "runs")
                }
            }
        } catch is RunInterrupted { isInterrupted = true }
        meter.end()
        if isInterrupted { Output.complain("interrupted after \(comparison.runs.count) of \(planned) runs") }
        write(VariantComparisonReport(comparison))
        if isInterrupted { throw ExitCode.interrupted }
        if !comparison.passed { throw ExitCode(1) }
    }

    private func workloads() throws -> [Workload] {
        let workloads = [scenario.map { Workload.scenario($0) }, variantOptions.trace.map { .trace($0) }]
            .compactMap { $0 }
        guard !workloads.isEmpty else { throw ToolError("there is nothing to play: give --scenario, --trace or both") }
        return workloads
    }

    /// The variants, including machines named as arguments. Settings for all variants come before a variant's own.
    private func variants() throws -> [Setup] {
        let settings = try settings.changes()
        var setups = machines.map { Setup(name: $0, source: $0) } + (try variantOptions.setups())
        if setups.isEmpty { setups = [Setup(name: "the scenario's machine")] }
        for index in setups.indices {
            setups[index].settings = settings + setups[index].settings
            if setups[index].policy.isEmpty { setups[index].policy = task.words }
        }
        return setups
    }

    private func write(_ report: VariantComparisonReport) {
        if variantOptions.csv { return Output.write(report.csv) }
        let sources = report.comparison.setups.compactMap(\.source) + report.comparison.workloads.map(\.path)
        var origin = ResultOrigin(
            command: Output.command,
            sources: sources.enumerated().filter { !sources[..<$0].contains($1) }.map(\.element))
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        origin.seed = seed
        output.write(.variants, origin, json: report.json) { report.text($0) }
    }
}
