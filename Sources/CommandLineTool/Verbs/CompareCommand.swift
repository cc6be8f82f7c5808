import ArgumentParser
import PageAllocator
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
              numazones compare --scenario Config/scenarios/mixed-load.json5 --kernel 6.1 --kernel 7.3 --blame
            """)

    @Argument(help: "Machine A, and machine B.", completion: .file())
    var machines: [String] = []

    @Option(
        help: "What is played.", completion: .file())
    var scenario: String

    @Option(
        name: .customLong("kernel"),
        help: ArgumentHelp(
            "The rules of A, given a second time those of B, as 6.1 or 6.12+highAtomicDivisor=50.", valueName: "version"
        ))
    var kernels: [String] = []

    @Flag(help: "Between two kernels, find the fewest rules that make the difference.")
    var blame = false

    @OptionGroup var settings: SettingOptions

    @OptionGroup var task: PlacementOptions

    @Option(help: "Decides all that is random, in place of the scenario's own seed.")
    var seed: UInt64?

    @OptionGroup var page: PageOptions

    @OptionGroup var output: OutputOptions

    func validate() throws { try page.validate(beside: output.json) }

    func run() throws {
        Interruption.watch()
        let settings = try settings.changes()
        guard machines.count <= 2 else { throw ToolError("compare takes two machines at most") }
        guard kernels.count <= 2 else { throw ToolError("--kernel says whose rules A goes by, then whose B: give two") }
        guard machines.count == 2 || !settings.isEmpty || task.isGiven || kernels.count == 2 else {
            throw ToolError(
                "nothing differs between A and B: name two machines, or give --set NAME=VALUE, a policy or --kernel twice"
            )
        }
        let choices = try kernels.map { text throws(ToolError) in try RuleOptions.kernel(text, of: "--kernel") }
        guard !blame || choices.count == 2 && machines.count < 2 && settings.isEmpty && !task.isGiven else {
            throw ToolError("--blame finds the rules between two kernels: give --kernel twice and no other difference")
        }
        let holdsOnBoth = machines.count == 2 || choices.count == 2
        let first = try play(machines.first, holdsOnBoth ? settings : [], policy: holdsOnBoth, "A", choices.first)
        let second = try play(machines.last, settings, policy: true, "B", choices.last)
        let comparison = ScenarioComparison(first, second)
        var report = ComparisonReport(comparison)
        if let history = HistoryPage(comparison) { try page.write(history) }
        if blame { report.blame = try blamed(choices[0], choices[1]) }
        guard !page.takesStandardOutput else { return }
        output.write(.comparison, origin, json: report.json) { report.text($0) }
    }

    private var origin: ResultOrigin {
        var origin = ResultOrigin(command: Output.command, sources: machines + [scenario])
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        origin.seed = seed
        return origin
    }

    /// The scenario again and again, under mixtures of both kernels' rules.
    private func blamed(_ first: KernelChoice, _ second: KernelChoice) throws -> ScenarioBlame {
        let snapshot = try machines.first.map { try InputSource.path($0).load().snapshot }
        // Masks in it are read as A's kernel writes them.
        var story = try Scenario.load(scenario, kernel: first.version, snapshot: snapshot)
        if let seed { story.seed = seed }
        func profile(_ choice: KernelChoice) throws -> KernelProfile {
            try KernelProfile(nearest: choice.version).changed(by: choice.changes)
        }
        return try ScenarioBlame(from: try profile(first), to: try profile(second)) { try story.run(profile: $0) }
    }

    private func play(
        _ machine: String?, _ settings: [SettingChange], policy: Bool, _ letter: String, _ choice: KernelChoice?
    ) throws -> ScenarioComparison.Variant {
        let snapshot = try machine.map { try InputSource.path($0).load().snapshot }
        var story = try Scenario.load(scenario, kernel: choice?.version, snapshot: snapshot)
        story.apply(choice?.changes ?? [])
        if let seed { story.seed = seed }
        try story.apply(settings)
        var changes = settings.map { "\($0.name)=\($0.value)" }
        if policy, let placement = try task.placement(on: story.start.topology) {
            story.apply(placement)
            changes.append(task.description)
        }
        var meter = ProgressMeter()
        var keeping = ScenarioKeeping()
        keeping.history = page.isWanted
        let result = try story.run(keeping: keeping) { done in
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
