import ArgumentParser
import PageAllocator
import Report
import Scenarios
import SourceText
import Topology

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play a scenario: requests, frees and settings, with what is expected of them.",
        discussion: """
            The same scenario and seed give the same answers, page frame for page frame. The exit code is 1 if an \
            expectation did not come true, so a scenario serves as a test.

            EXAMPLES
              numazones run Config/scenarios/gfp-kernel.json5
              numazones run Config/scenarios/mixed-load.json5 --seed 7 --kernel 6.1
              numazones run Config/scenarios/mixed-load.json5 --rule highAtomicDivisor=50 --rule claimFromOrder=5
              numazones run Config/scenarios/pressure-load.json5 --rounds 10000 --check-invariants 100000 --progress
              numazones run my-scenario.json5 --from state.json --json
            """)

    @Argument(help: "The scenario, or - for standard input.", completion: .file(extensions: ["json5", "json"]))
    var scenario: String

    @Option(help: "Decides all that is random, in place of the scenario's own seed.")
    var seed: UInt64?

    @OptionGroup var rules: RuleOptions

    @Option(
        help: ArgumentHelp("The machine to begin with, where the scenario names none.", valueName: "source"),
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

    @OptionGroup var output: OutputOptions

    func run() throws {
        let (version, changes) = try rules.choice()
        let snapshot = try from.map { try InputSource.path($0).load().snapshot }
        var story = try Scenario.load(scenario, kernel: version, snapshot: snapshot)
        if let seed { story.seed = seed }
        story.apply(changes)
        _ = try KernelProfile(of: story.start.topology)
        try story.apply(try settings.changes())
        if let placement = try task.placement(on: story.start.topology) { story.apply(placement) }
        if let checkInvariants, checkInvariants < 1 {
            throw ToolError("--check-invariants \(checkInvariants): check after 1 or more")
        }
        if let rounds {
            guard rounds > 0 else { throw ToolError("--rounds \(rounds): go through them at least once") }
            guard story.repeatSteps(rounds) else { throw ToolError("--rounds: \(scenario) has no \"repeat\"") }
        }
        var meter = ProgressMeter(isAskedFor: progress)
        let result = try story.run(checkingEvery: checkInvariants) { done in
            meter.update(done: 0, total: nil, count: done, unit: "requests, frees and steps")
        }
        meter.end()
        let report = ScenarioReport(result, pageSize: story.start.topology.pageSize)
        if output.json { Output.write(report.json) } else { Output.write(report.text(Output.style)) }
        if !result.passed { throw ExitCode(1) }
    }
}
