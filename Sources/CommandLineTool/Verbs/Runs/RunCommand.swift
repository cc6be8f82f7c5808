import ArgumentParser
import GFP
import MachineSources
import OperatingSystem
import PageAllocator
import Report
import Scenarios
import SourceText
import Topology

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play scenarios: requests, frees and settings, with what is expected of them.",
        discussion: """
            The same scenario and seed give the same answers, page frame for page frame. The exit code is 1 if an \
            expectation failed, so scenarios serve as tests; --junit and --tap write what other people's tools \
            read. A folder stands for all scenarios in it.

            EXAMPLES
              numazones run Config/scenarios/gfp-kernel.json5
              numazones run Config/scenarios/mixed-load.json5 --seed 7 --kernel 6.1
              numazones run Config/scenarios/kernel-facts --every-kernel --tap
              numazones run Config/scenarios --junit results.xml
              numazones run Config/scenarios/mixed-load.json5 --rule highAtomicDivisor=50 --rule claimFromOrder=5
              numazones run Config/scenarios/pressure-load.json5 --rounds 10000 --check-invariants 100000 --progress
              numazones run my-scenario.json5 --from state.json --json
              numazones run Config/scenarios/order4-fragmentation.json5 --html history.html --svg timeline.svg
              numazones run Config/scenarios/classroom.json5 --watch
            """)

    @Argument(
        help: "Scenarios, folders of them, or - for standard input.", completion: .file(extensions: ["json5", "json"]))
    var scenarios: [String]

    @Option(help: "The seed of everything random, in place of the scenario's own.")
    var seed: UInt64?

    @OptionGroup var rules: RuleOptions

    @Flag(help: "Play each by the rules of every kernel known, one after another.")
    var everyKernel = false

    @Option(
        help: ArgumentHelp("The machine to begin with, in place of the scenario's own.", valueName: "source"),
        completion: .file())
    var from: String?

    @OptionGroup var settings: SettingOptions

    @OptionGroup var task: PlacementOptions

    @Option(
        help: ArgumentHelp(
            "Go through the scenario's repeats this many times, whatever they say themselves.", valueName: "number"))
    var rounds: Int?

    @Option(
        help: ArgumentHelp(
            "Check every list, counter and page each time this many requests, frees and steps are done.",
            valueName: "number"))
    var checkInvariants: Int?

    @Flag(help: "Print progress and speed to standard error, even if that is not a terminal.")
    var progress = false

    @Option(help: ArgumentHelp("Write JUnit's XML, for CI servers.", valueName: "file"), completion: .file())
    var junit: String?

    @Option(
        help: ArgumentHelp(
            "Write what the kernel would have printed of refusals and kills; - is standard output, in place of the answer.",
            valueName: "file"),
        completion: .file())
    var kernelLog: String?

    @Flag(help: "Explain each request that is refused or uses a block of another type.")
    var explain = false

    @Option(help: ArgumentHelp("Print the machine as it is after this step, counted from 1.", valueName: "step"))
    var show: Int?

    @Flag(help: "Draw zones against marks in the terminal while it plays.")
    var watch = false

    @OptionGroup var picture: PictureOptions

    @OptionGroup var page: PageOptions

    @OptionGroup var state: StateOptions

    @Flag(help: "Print KTAP, which the kernel's test tools and prove read.")
    var tap = false

    @Flag(help: "Print comma-separated values, a line for each step that allocates.")
    var csv = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let checkInvariants, checkInvariants < 1 {
            throw ValidationError("--check-invariants \(checkInvariants): check after 1 or more")
        }
        if let rounds, rounds < 1 { throw ValidationError("--rounds \(rounds): go through them at least once") }
        if rules.namesKernel, everyKernel {
            throw ValidationError("give --every-kernel, or --kernel or --profile, not both")
        }
        if [tap, csv, output.json].count(where: { $0 }) > 1 {
            throw ValidationError("give one of --json, --tap and --csv: all of them go to standard output")
        }
        if kernelLog == "-", tap || csv || output.json || junit == "-" {
            throw ValidationError("--kernel-log - goes to standard output too: name a file after --kernel-log")
        }
        let writes = tap || csv || output.json || junit == "-"
        if let show, show < 1 { throw ValidationError("--show \(show): steps are counted from 1") }
        if explain || show != nil, tap || csv || output.json {
            throw ValidationError("--explain and --show print text: give them without --json, --tap and --csv")
        }
        try page.validate(beside: writes || explain || show != nil)
        try picture.validate(beside: writes || explain || show != nil || page.takesStandardOutput)
        let takesOutput = page.takesStandardOutput || picture.takesStandardOutput
        try state.validate(beside: writes || takesOutput)
        if watch, writes || takesOutput || state.path == "-" || kernelLog == "-" {
            throw ValidationError("--watch draws on standard output: name files for what else is to be written")
        }
        if junit == "-", tap || csv || output.json {
            throw ValidationError("--junit - goes to standard output too: name a file after --junit")
        }
    }

    func run() throws {
        Interruption.watch()
        let terminal = watch ? Terminal(.standardOutput) : nil
        if watch, terminal == nil {
            throw ToolError(
                "--watch draws in a terminal, and standard output is not one; --html shows the same in a browser")
        }
        if watch, ThisProcess.variable("TERM") == "dumb" {
            throw ToolError(
                "--watch moves the cursor, which this terminal cannot (TERM=dumb); --html shows the same in a browser")
        }
        let watcher = terminal.map { TerminalWatch($0) }
        let machine = try from.map { try MachineSource.path($0).load() }
        if let machine { Output.notes(machine) }
        var suite = ScenarioSuite(try options(machine?.snapshot))
        var meter = ProgressMeter(isAskedFor: progress)
        for path in try ScenarioFiles.find(scenarios) where !suite.isInterrupted {
            suite.play(path, watcher: watcher) { done in
                if watcher == nil { meter.update(done: 0, total: nil, count: done, unit: "requests, frees and steps") }
                return !Interruption.isRequested
            }
        }
        meter.end()
        // A single scenario that cannot be played is an ordinary error with its own message.
        if suite.entries.count == 1, case .unreadable(let why) = suite.entries[0].outcome { throw ToolError(why) }
        try writeWhatWasKept(suite)
        if !page.takesStandardOutput, !picture.takesStandardOutput, state.path != "-" {
            try write(ScenarioSuiteReport(suite), machine?.notes ?? [])
        }
        if suite.isInterrupted { throw ExitCode.interrupted }
        if suite.hasUnreadable { throw ExitCode(2) }
        if !suite.passed { throw ExitCode(1) }
    }

    private func options(_ machine: Snapshot?) throws -> ScenarioSuite.Options {
        var options = ScenarioSuite.Options()
        let choice = try rules.choice()
        options.kernels = everyKernel ? KernelProfile.all.map(\.version) : [choice.version].compactMap { $0 }
        options.rules = choice.changes
        options.machine = machine
        options.seed = seed
        options.settings = try settings.changes()
        options.placement = task.words
        options.rounds = rounds
        options.checkInterval = checkInvariants
        options.keeping.history = page.isWanted || picture.isWanted
        options.keeping.end = state.path != nil
        options.keeping.explanations = explain
        options.keeping.step = show.map { $0 - 1 }
        if kernelLog != nil { options.keeping.refusals = ScenarioKernelLog.mostReports }
        return options
    }

    private func writeWhatWasKept(_ suite: ScenarioSuite) throws {
        for case .played(let result, _) in suite.entries.map(\.outcome) {
            for saved in result.saved { try StateOptions.write(saved.state, to: saved.path) }
        }
        let options: [(name: String, isGiven: Bool)] = [
            ("--html", page.isWanted), ("--svg", picture.isWanted), ("--out", state.path != nil),
            ("--show", show != nil),
            ("--explain", explain),
        ]
        guard let option = options.first(where: { $0.isGiven }) else { return }
        guard suite.entries.count == 1, case .played(let result, let topology) = suite.entries[0].outcome else {
            throw ToolError("\(option.name) is for one scenario, played once: give one, and not --every-kernel")
        }
        if let history = HistoryPage(result) { try page.write(history) }
        if let history = result.history {
            try picture.write(TimelinePicture(history, title: result.name.isEmpty ? "Scenario" : result.name).svg)
        }
        if let end = result.end { try state.write(end) }
        if explain { Output.write(ScenarioExplanations(result, topology: topology).text(output.style) + "\n") }
        if let show { try write(result.shown, after: show, of: result) }
    }

    private func write(_ shown: Snapshot?, after step: Int, of result: ScenarioResult) throws {
        guard let shown else {
            throw ToolError("--show \(step): the scenario has \(result.steps.count) steps, or did not reach this one")
        }
        let machine = try Machine.restoring(shown)
        Output.write(MachineReport(machine).text(output.style) + "\n")
    }

    private func origin(_ report: ScenarioSuiteReport, _ notes: [SourceNote]) -> ResultOrigin {
        var files: [String] = []
        for entry in report.suite.entries where files.last != entry.path { files.append(entry.path) }
        var origin = ResultOrigin(command: Output.command, sources: files + (from.map(MachineSource.paths) ?? []))
        origin.notes = notes
        let options = report.suite.options
        if options.kernels.count == 1 {
            origin.rules = RulesInForce(of: options.kernels[0], changedBy: options.rules)
        }
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        origin.seed = seed
        return origin
    }

    private func write(_ report: ScenarioSuiteReport, _ notes: [SourceNote]) throws {
        if var file = try FileOutput.create(junit) {
            try file.write(report.junit)
            try file.finish()
            if junit == "-" { return }
        }
        if var file = try FileOutput.create(kernelLog) {
            try file.write(ScenarioKernelLog(report.suite).text)
            try file.finish()
            if kernelLog == "-" { return }
        }
        if tap {
            Output.write(report.ktap)
        } else if csv {
            Output.write(report.csv)
        } else if output.json {
            Output.write(origin(report, notes).json(.run, report.json))
        } else {
            Output.write(report.text(output.style))
        }
    }
}
