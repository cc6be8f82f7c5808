import ArgumentParser
import GFP
import PageAllocator
import Report
import Scenarios
import SourceText

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play scenarios: requests, frees and settings, with what is expected of them.",
        discussion: """
            The same scenario and seed give the same answers, page frame for page frame. The exit code is 1 if an \
            expectation did not come true, so scenarios serve as tests; --junit and --tap write what other people's tools \
            read. A folder stands for all scenarios in it.

            EXAMPLES
              numazones run Config/scenarios/gfp-kernel.json5
              numazones run Config/scenarios/mixed-load.json5 --seed 7 --kernel 6.1
              numazones run Config/scenarios/kernel-facts --every-kernel --tap
              numazones run Config/scenarios --junit results.xml
              numazones run Config/scenarios/mixed-load.json5 --rule highAtomicDivisor=50 --rule claimFromOrder=5
              numazones run Config/scenarios/pressure-load.json5 --rounds 10000 --check-invariants 100000 --progress
              numazones run my-scenario.json5 --from state.json --json
            """)

    @Argument(
        help: "Scenarios, folders of them, or - for standard input.", completion: .file(extensions: ["json5", "json"]))
    var scenarios: [String]

    @Option(help: "Decides all that is random, in place of the scenario's own seed.")
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
            "Go through the scenario's repeats so often, rather than as often as they say.", valueName: "number"))
    var rounds: Int?

    @Option(
        help: ArgumentHelp(
            "Check every list, counter and page each time that so many requests, frees and steps are done.",
            valueName: "number"))
    var checkInvariants: Int?

    @Flag(help: "Say on standard error how far it has come and how fast, also where that is no terminal.")
    var progress = false

    @Option(help: ArgumentHelp("Write JUnit's XML, for CI servers.", valueName: "file"), completion: .file())
    var junit: String?

    @Option(
        help: ArgumentHelp(
            "Write what the kernel would have printed of refusals and kills; - is standard output, in place of the answer.",
            valueName: "file"),
        completion: .file())
    var kernelLog: String?

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
        if junit == "-", tap || csv || output.json {
            throw ValidationError("--junit - goes to standard output too: name a file after --junit")
        }
    }

    func run() throws {
        Interruption.watch()
        var suite = ScenarioSuite(try options())
        var meter = ProgressMeter(isAskedFor: progress)
        for path in try ScenarioFiles.find(scenarios) where !suite.isInterrupted {
            suite.play(path) { done in
                meter.update(done: 0, total: nil, count: done, unit: "requests, frees and steps")
                return !Interruption.isRequested
            }
        }
        meter.end()
        // A scenario alone that cannot be played is a mistake like any other, in its own words.
        if suite.entries.count == 1, case .unreadable(let why) = suite.entries[0].outcome { throw ToolError(why) }
        try write(ScenarioSuiteReport(suite))
        if suite.isInterrupted { throw ExitCode.interrupted }
        if suite.hasUnreadable { throw ExitCode(2) }
        if !suite.passed { throw ExitCode(1) }
    }

    private func options() throws -> ScenarioSuite.Options {
        var options = ScenarioSuite.Options()
        let choice = try rules.choice()
        options.kernels = everyKernel ? KernelProfile.all.map(\.version) : [choice.version].compactMap { $0 }
        options.rules = choice.changes
        options.machine = try from.map { try InputSource.path($0).load().snapshot }
        options.seed = seed
        options.settings = try settings.changes()
        options.placement = task.words
        options.rounds = rounds
        options.checkInterval = checkInvariants
        if kernelLog != nil { options.keptRefusals = ScenarioKernelLog.mostReports }
        return options
    }

    private func origin(_ report: ScenarioSuiteReport) -> ResultOrigin {
        var files: [String] = []
        for entry in report.suite.entries where files.last != entry.path { files.append(entry.path) }
        var origin = ResultOrigin(command: Output.command, sources: files + [from].compactMap { $0 })
        let options = report.suite.options
        if options.kernels.count == 1 {
            origin.rules = RulesInForce(of: options.kernels[0], changedBy: options.rules)
        }
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        origin.seed = seed
        return origin
    }

    private func write(_ report: ScenarioSuiteReport) throws {
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
            Output.write(origin(report).json(.run, report.json))
        } else {
            Output.write(report.text(output.style))
        }
    }
}
