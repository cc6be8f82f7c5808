import ArgumentParser
import Report
import Simulation

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play a scenario and check its expectations.",
        discussion: """
            A scenario is a list of steps: alloc, free, expect, set and more; Config/scenarios has some. The exit code \
            is 1 if an expectation does not come true, so that a scenario serves as a test.

            EXAMPLES
              numazones run Config/scenarios/gfp-atomic.json5
              numazones run my-test.json5 --kernel 6.1 --json
            """)

    @Argument(help: "The scenario.", completion: .file())
    var scenario: String

    @Option(
        help: ArgumentHelp("A machine to begin with, for a scenario that names none.", valueName: "source"),
        completion: .file())
    var on: String?

    @OptionGroup var machine: MachineOptions

    @OptionGroup var output: OutputOptions

    func run() throws {
        let kernel = try machine.kernelVersion()
        let start = on != nil || machine.namesMachine ? try machine.load(on).snapshot : nil
        let scenario = try Scenario.load(scenario, kernel: kernel, snapshot: start)
        let result = try scenario.run(progress: { Output.progress("\($0 >> 20) Mi requests") })
        Output.endProgress()
        let report = ScenarioReport(result, pageSize: scenario.start.topology.pageSize)
        if output.json { Output.write(report.json) } else { Output.write(report.text(Output.style)) }
        if !result.passed { throw ExitCode(1) }
    }
}
