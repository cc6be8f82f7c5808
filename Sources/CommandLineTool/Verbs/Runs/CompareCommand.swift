import ArgumentParser
import MachineSources
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

            With --variant, --trace or --seeds there may be any number of machines: each that is named is a variant, with \
            what it says about its kernel, sysctls and policy, and is played once under each seed. A trace is the same under \
            every seed.

            The exit code is 1 if an expectation failed anywhere.

            EXAMPLES
              numazones compare Config/two-socket.json Config/cxl-tiered.json --scenario load.json5
              numazones compare --scenario Config/scenarios/mixed-load.json5 --set vm.min_free_kbytes=262144
              numazones compare --scenario Config/scenarios/mixed-load.json5 --interleave all --svg compared.svg
              numazones compare --scenario Config/scenarios/mixed-load.json5 --kernel 6.1 --kernel 7.3 --blame
              numazones compare Config/laptop.json --trace trace.txt.gz --kernel 5.10 --kernel 6.12 --blame
              numazones compare --scenario load.json5 --seeds 1-10 --jobs 4 --variant old:kernel=6.1 --variant new:kernel=6.12
              numazones compare --trace trace.txt.gz --variant small:Config/laptop.json --variant ring:Config/four-node-ring.json
            """)

    @Argument(help: "Machine A, and machine B.", completion: .file())
    var machines: [String] = []

    @Option(
        help: "What is played.", completion: .file())
    var scenario: String?

    @Option(help: "A recording whose requests are repeated with two kernels' rules.", completion: .file())
    var recording: String?

    @OptionGroup var variantOptions: VariantOptions

    @Option(
        name: .customLong("kernel"),
        help: ArgumentHelp(
            "The rules of A, and given again those of B, as in 6.1 or 6.12+highAtomicDivisor=50.", valueName: "version"
        ))
    var kernels: [String] = []

    @Flag(help: "Between two kernels, find the fewest rules that make the difference.")
    var blame = false

    @OptionGroup var settings: SettingOptions

    @OptionGroup var task: PlacementOptions

    @Option(help: "The seed of everything random, in place of the scenario's own.")
    var seed: UInt64?

    @OptionGroup var page: PageOptions

    @OptionGroup var picture: PictureOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try page.validate(beside: output.json)
        try picture.validate(beside: output.json || page.takesStandardOutput)
        if seed != nil, variantOptions.seeds != nil { throw ValidationError("give --seed or --seeds, not both") }
        guard (1...1024).contains(variantOptions.jobs) else {
            throw ValidationError("--jobs \(variantOptions.jobs): play 1 to 1024 runs at once")
        }
        if variantOptions.jobs > 1, !variantOptions.isAsked {
            throw ValidationError("--jobs goes with --variant, --trace, --seeds or --csv, which make several runs")
        }
        if variantOptions.csv, output.json {
            throw ValidationError("give one of --json and --csv: both go to standard output")
        }
        if page.isWanted || picture.isWanted, recording != nil || variantOptions.isAsked {
            throw ValidationError("--html and --svg show one scenario played twice: give --scenario, and no variants")
        }
        try validateRecording()
    }

    func run() throws {
        Interruption.watch()
        if let recording { return try compare(recording: recording) }
        if let trace = variantOptions.onlyTrace, scenario == nil, kernels.count == 2 {
            return try compare(trace: trace)
        }
        if variantOptions.isAsked { return try compareVariants() }
        guard let scenario else { throw ToolError("there is nothing to play: give --scenario, --trace or both") }
        let settings = try settings.changes()
        let machines = MachineOptions.joined(machines)
        guard machines.count <= 2 else { throw ToolError("compare takes two machines at most") }
        guard kernels.count <= 2 else { throw ToolError("--kernel names the rules of A, then of B: give two") }
        guard machines.count == 2 || !settings.isEmpty || task.isGiven || kernels.count == 2 else {
            throw ToolError(
                "nothing differs between A and B: name two machines, or give --set NAME=VALUE, a policy or --kernel twice"
            )
        }
        let choices = try kernels.map { text throws(ToolError) in try RuleOptions.kernel(text, of: "--kernel") }
        guard !blame || choices.count == 2 && machines.count < 2 && settings.isEmpty && !task.isGiven else {
            throw ToolError("--blame finds the rules between two kernels: give --kernel twice and no other difference")
        }
        let sources = try machines.map { try MachineSource.path($0).load() }
        sources.forEach(Output.notes)
        let holdsOnBoth = machines.count == 2 || choices.count == 2
        let first = try play(
            scenario, sources.first, holdsOnBoth ? settings : [], policy: holdsOnBoth, "A", choices.first)
        let second = try play(scenario, sources.last, settings, policy: true, "B", choices.last)
        let comparison = ScenarioComparison(first, second)
        var report = ComparisonReport(comparison)
        if let history = HistoryPage(comparison) { try page.write(history) }
        if let drawn = ComparisonPicture(comparison) { try picture.write(drawn.svg) }
        if blame { report.blame = try blamed(scenario, sources.first, choices[0], choices[1]) }
        if !page.takesStandardOutput, !picture.takesStandardOutput {
            output.write(.comparison, origin(scenario, sources), json: report.json) { report.text($0) }
        }
        if !first.result.passed || !second.result.passed { throw ExitCode(1) }
    }

    private func origin(_ scenario: String, _ loaded: [SourcedMachine]) -> ResultOrigin {
        var origin = ResultOrigin(
            command: Output.command,
            sources: MachineOptions.joined(machines).flatMap(MachineSource.paths) + [scenario])
        for note in loaded.flatMap(\.notes) where !origin.notes.contains(note) { origin.notes.append(note) }
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        origin.seed = seed
        return origin
    }

    /// Finds the rules that cause a difference by playing the scenario with mixtures of both kernels' rules.
    private func blamed(
        _ scenario: String, _ machine: SourcedMachine?, _ first: KernelChoice, _ second: KernelChoice
    ) throws -> RuleBlame {
        // Masks in the scenario are read in the form of A's kernel.
        var story = try Scenario.load(scenario, kernel: first.version, snapshot: machine?.snapshot)
        if let seed { story.seed = seed }
        func profile(_ choice: KernelChoice) throws -> KernelProfile {
            try KernelProfile(nearest: choice.version).changed(by: choice.changes)
        }
        let to = try profile(second)
        let target = ScenarioComparison.Variant(name: "", result: try story.run(profile: to))
        return try RuleBlame(from: try profile(first), to: to) { profile in
            ScenarioComparison(.init(name: "", result: try story.run(profile: profile)), target).distance
        }
    }

    private func play(
        _ scenario: String, _ machine: SourcedMachine?, _ settings: [SettingChange], policy: Bool, _ letter: String,
        _ choice: KernelChoice?
    ) throws -> ScenarioComparison.Variant {
        var story = try Scenario.load(scenario, kernel: choice?.version, snapshot: machine?.snapshot)
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
        keeping.history = page.isWanted || picture.isWanted
        let result = try story.run(keeping: keeping) { done in
            meter.update(done: 0, total: nil, count: done, unit: "requests, frees and steps on \(letter)")
            return !Interruption.isRequested
        }
        meter.end()
        if result.isInterrupted {
            Output.complain("\(letter) was \(result.stopped ?? "interrupted"); there is nothing to compare yet")
            throw ExitCode.interrupted
        }
        let own = story.start.topology.name.isEmpty ? "the scenario's machine" : story.start.topology.name
        let name = [machine?.name ?? own, changes.joined(separator: ", ")].filter { !$0.isEmpty }.joined(
            separator: " with ")
        return ScenarioComparison.Variant(name: name, result: result)
    }
}
