import ArgumentParser
import Experiments
import MachineSources
import PageAllocator
import Report
import SourceText

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Find the smallest value of a sysctl under which all of a scenario's expectations are met.",
        discussion: """
            Some values over the whole range are tried, and then, by halves, those next to the answer. The report says whether \
            more is always better; where it is not, --exhaustive tries every value. With several --find, the first is looked \
            for under some values of each of the others.

            The exit code is 1 if no value will do.

            EXAMPLES
              numazones tune load.json5 --find vm.min_free_kbytes=4M..4G
              numazones tune load.json5 --find vm.min_free_kbytes=4M..1G --find vm.watermark_scale_factor=10..1000
              numazones tune load.json5 --find vm.watermark_scale_factor=10..1000 --seeds 1-10
            """)

    @Argument(help: "What is played.", completion: .file(extensions: ["json5", "json"]))
    var scenario: String

    @Option(
        help: ArgumentHelp(
            "The sysctl and its range, as vm.min_free_kbytes=4M..4G, or ..4G/1M in steps. May be repeated.",
            valueName: "name=from..to"),
        completion: .list(CompletionWords.settings))
    var find: [String]

    @Flag(help: "Try every value of the first sysctl.")
    var exhaustive = false

    @Option(
        help: ArgumentHelp("The machine, in place of the scenario's own.", valueName: "source"), completion: .file())
    var on: String?

    @Option(
        help: ArgumentHelp("Use the rules of another kernel, as in 6.1.", valueName: "version"),
        completion: .list(CompletionWords.kernels))
    var kernel: String?

    @Option(help: ArgumentHelp("Expectations must be met with all of these seeds, as in 1-10.", valueName: "seeds"))
    var seeds: String?

    @Option(name: .shortAndLong, help: "With several settings, how many searches to make at once.")
    var jobs = 1

    @OptionGroup var settings: SettingOptions

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws { try table.validate(beside: ["--json": output.json]) }

    /// The largest number of values to try: somebody who asks for more has made a mistake.
    private static let mostValues = 100_000

    func run() throws {
        Interruption.watch()
        var ranges: [SettingRange] = []
        for text in find {
            do throws(SetupError) { ranges.append(try SettingRange(text)) } catch { throw ToolError("--find \(error)") }
        }
        if exhaustive, ranges[0].count > Self.mostValues {
            throw ToolError(
                "--exhaustive: \(ranges[0].name) has \(ranges[0].count) values there; give a step, as ..4G/1M")
        }
        var setup = Setup(name: scenario, source: on)
        setup.kernel = try kernel.map { text throws(ToolError) in try RuleOptions.kernel(text, of: "--kernel") }
        setup.settings = try settings.changes()
        let rules = setup.kernel.map { RulesInForce(of: $0.version, changedBy: $0.changes) }
        if let rules { Output.rules(rules) }
        guard (1...1024).contains(jobs) else { throw ToolError("--jobs \(jobs): make 1 to 1024 searches at once") }
        var search = SettingsSearch(setup, .scenario(scenario), ranges: ranges)
        var meter = ProgressMeter()
        do {
            let machines = MachineShelf { try MachineSource.path($0).load().snapshot }
            let seeds = try SeedList.read(seeds)
            if jobs == 1 {
                try search.search(seeds: seeds, triesAll: exhaustive, machines: machines) { runs in
                    meter.update(done: 0, total: nil, count: runs, unit: "runs")
                    return !Interruption.isRequested
                }
            } else {
                try search.search(seeds: seeds, triesAll: exhaustive, machines: machines, jobs: jobs) {
                    !Interruption.isRequested
                } report: { done in
                    meter.update(done: 0, total: nil, count: done, unit: "searches")
                }
            }
        } catch is RunInterrupted {}
        meter.end()
        let report = SettingsSearchReport(search)
        var origin = ResultOrigin(command: Output.command, sources: [scenario] + [on].compactMap { $0 })
        origin.rules = rules
        origin.settings = settings.settings
        output.write(.tuning, origin, json: report.json) { table.csv ? report.csv : report.text($0) }
        if !search.isFinished { throw ExitCode.interrupted }
        if search.searches.allSatisfy({ $0.search.smallest == nil }) { throw ExitCode(1) }
    }
}
