import ArgumentParser
import MachineSources
import Report
import Scenarios
import SourceText
import Topology

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Play one scenario on two machines, or with two sets of settings, and show what changed.",
        discussion: """
            Machines named here take the place of the scenario's own. With one, or none where the scenario names its own, B \
            is the same machine with the settings and the policy given. With two, they hold on both.

            EXAMPLES
              numazones compare Config/two-socket.json Config/cxl-tiered.json --scenario load.json5
              numazones compare --scenario Config/scenarios/mixed-load.json5 --set vm.min_free_kbytes=262144
              numazones compare --scenario Config/scenarios/mixed-load.json5 --interleave all
            """)

    @Argument(help: "Machine A, and machine B.", completion: .file())
    var machines: [String] = []

    @Option(
        help: "What is played.", completion: .file())
    var scenario: String

    @OptionGroup var settings: SettingOptions

    @OptionGroup var task: PlacementOptions

    @Option(help: "Decides all that is random, in place of the scenario's own seed.")
    var seed: UInt64?

    @OptionGroup var output: OutputOptions

    func run() throws {
        Interruption.watch()
        let settings = try settings.changes()
        let machines = MachineOptions.joined(machines)
        guard machines.count <= 2 else { throw ToolError("compare takes two machines at most") }
        guard machines.count == 2 || !settings.isEmpty || task.isGiven else {
            throw ToolError(
                "nothing differs between A and B: name two machines, or give --set NAME=VALUE or a policy")
        }
        let first = try play(machines.first, machines.count == 2 ? settings : [], policy: machines.count == 2, "A")
        let second = try play(machines.last, settings, policy: true, "B")
        let report = ComparisonReport(ScenarioComparison(first, second))
        output.write(.comparison, origin, json: report.json) { report.text($0) }
    }

    private var origin: ResultOrigin {
        var origin = ResultOrigin(command: Output.command, sources: machines + [scenario])
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        origin.seed = seed
        return origin
    }

    private func play(
        _ machine: String?, _ settings: [SettingChange], policy: Bool, _ letter: String
    ) throws -> ScenarioComparison.Variant {
        let loaded = try machine.map { try MachineSource.path($0).load() }
        if let loaded, letter == "A" || machines.count == 2 { Output.notes(loaded) }
        let snapshot = loaded?.snapshot
        var story = try Scenario.load(scenario, snapshot: snapshot)
        if let seed { story.seed = seed }
        try story.apply(settings)
        var changes = settings.map { "\($0.name)=\($0.value)" }
        if policy, let placement = try task.placement(on: story.start.topology) {
            story.apply(placement)
            changes.append(task.description)
        }
        var meter = ProgressMeter()
        let result = try story.run { done in
            meter.update(done: 0, total: nil, count: done, unit: "requests, frees and steps on \(letter)")
            return !Interruption.isRequested
        }
        meter.end()
        if result.isInterrupted {
            Output.complain("\(letter) was \(result.stopped ?? "broken off"); there is nothing to compare yet")
            throw ExitCode.interrupted
        }
        let own = story.start.topology.name.isEmpty ? "the scenario's machine" : story.start.topology.name
        let name = [machine ?? own, changes.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: " with ")
        return ScenarioComparison.Variant(name: name, result: result)
    }
}
