import ArgumentParser
import BuddyEngine
import FailureAnalysis
import OperatingSystem
import GFP
import History
import KernelLog
import MachineSources
import PageAllocator
import Report
import SourceText
import Topology

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain from a kernel log why an allocation failed, and what would have helped.",
        usage: """
            numazones explain [<log>] [--nth <number>] [--json | --csv | --one-line] [--svg <file>] [--html <file>]
            numazones explain --host <mask> [--order <order>] [--set <name=value>] [--membind <nodes>] ...
            """,
        discussion: """
            The log may be dmesg's, journalctl's, syslog's, a serial capture or a mail; - is standard input. The machine is \
            rebuilt from each report, the same request is made on it, and remedies are tried before they are named. With \
            --host or --root, says instead whether a request would succeed now, and how close it is to failing.

            EXAMPLES
              dmesg | numazones explain
              numazones explain crash.log --nth 2 --svg crash.svg
              numazones explain --host GFP_ATOMIC --order 3
            """)

    @Argument(
        help: ArgumentHelp("The log; with --host or --root the mask, as in GFP_ATOMIC.", valueName: "log"),
        completion: .file())
    var word: String?

    @OptionGroup var machine: MachineOptions

    @Option(name: [.long, .customShort("o")], help: "With --host or --root: the block's size, 2^order pages.")
    var order: Int?

    @OptionGroup var task: PlacementOptions

    @Option(
        help: ArgumentHelp(
            "Draw the report, the first unless --nth says which; - is standard output, in place of the text.",
            valueName: "file"),
        completion: .file())
    var svg: String?

    @Option(
        help: ArgumentHelp(
            "Write a page with all reports; with --host or --root, one that shows the machine and the request. - is "
                + "standard output, in place of the text.", valueName: "file"),
        completion: .file())
    var html: String?

    @Flag(help: "Print one line for each report: number, line, kind, cause, sentence, separated by tabs.")
    var oneLine = false

    @Option(name: .shortAndLong, help: "How many reports of a log to explain at once.")
    var jobs = 1

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1024).contains(jobs) else { throw ValidationError("--jobs \(jobs): explain 1 to 1024 at once") }
        try table.validate(beside: [
            "--json": output.json, "--one-line": oneLine, "--svg -": svg == "-", "--html -": html == "-",
            "--host or --root": machine.namesMachine,
        ])
        guard svg == "-" || html == "-" else { return }
        if svg == html { throw ValidationError("--svg and --html cannot both be standard output: name a file for one") }
        if output.json { throw ValidationError(FileOutput.bothOnStandardOutput(svg == "-" ? "--svg" : "--html")) }
    }

    func run() throws {
        if machine.namesMachine { return try forecast() }
        guard order == nil else { throw ToolError("--order goes with --host or --root; a log says what was asked") }
        guard !task.isGiven else {
            throw ToolError("policies go with --host or --root; a log says on whose nodes the request could call")
        }
        guard machine.settings.settings.isEmpty else {
            throw ToolError(
                "--set goes with --host or --root; with a log the settings that would have helped are found and named")
        }
        let path = word ?? "-"
        if path == "-", Terminal(.standardInput) != nil {
            throw ToolError("give a log, as in numazones explain crash.log or dmesg | numazones explain")
        }
        let rules = try machine.rules.choice()
        guard rules.changes.isEmpty else {
            throw ToolError("rules go with --host or --root; with a log --kernel names them, as in 6.1")
        }
        let archive = try ArchivedLogs(path)
        let file = try archive.map { ReportFile($0.log, wanted: machine.nth) } ?? ReportFile(path, wanted: machine.nth)
        if let archive, !archive.members.isEmpty {
            Output.note("note: of \(path), \(archive.members.joined(separator: ", ")) used")
        }
        guard file.count > 0 else { return try explainBoot(file) }
        guard let log = ExplainedLog(file, nth: machine.nth, kernel: rules.version?.description, jobs: jobs) else {
            throw ToolError(noReport: machine.nth ?? 1, of: file.count)
        }
        try draw(log.chosen)
        guard svg != "-", html != "-" else { return }
        output.write(.explanation, ResultOrigin(command: Output.command, sources: [path]), json: log.json) {
            table.csv ? log.csv : oneLine ? log.oneLineEach : log.text($0)
        }
    }

    /// Explains the fallback order of a boot log, the only thing to explain in a log without failures.
    private func explainBoot(_ file: ReportFile) throws(ToolError) {
        let boot = BootLog(file.head)
        guard !boot.fallbackOrder.isEmpty else {
            throw ToolError(
                "\(file.name): has no report of failed memory (\"page allocation failure\", \"invoked oom-killer\", "
                    + "\"Mem-Info:\"); give the part of the log around the failure")
        }
        guard machine.nth == nil else { throw ToolError(noReport: machine.nth ?? 1, of: 0) }
        if output.json {
            Output.write(
                ResultOrigin(command: Output.command, sources: [word ?? "-"]).json(
                    .explanation, FailureListing([]).json))
        } else {
            Output.write("A boot log in which nothing failed. \(BootOrderCheck(boot).sentence)\n")
        }
    }

    private func draw(_ reports: [FailureAnalysisReport]) throws(OutputError) {
        var picture = try FileOutput.create(svg)
        var page = try FileOutput.create(html)
        if let first = reports.first { try picture?.write(FailurePicture(first).svg) }
        if html != nil {
            var history = HistoryPage(explaining: reports)
            history.command = Output.command
            try page?.write(history.html)
        }
        try picture?.finish()
        try page?.finish()
    }

    /// Writes a page with the machine's state and the request made on it.
    private func drawForecast(
        of request: AllocationRequest, by placement: TaskPlacement?, on loaded: SourcedMachine, mask: String
    ) throws {
        guard var file = try FileOutput.create(html) else { return }
        var machine = try loaded.machine()
        try machine.check(request)
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        var observer = NoAllocationObserver()
        var task = placement
        _ = machine.allocateHeard(request, by: &task, observing: &observer)
        var page = HistoryPage(recorder.history, title: "\(mask), order \(request.order), on \(machine.topology.name)")
        page.command = Output.command
        try file.write(page.html)
        try file.finish()
    }

    private func forecast() throws {
        guard let word else {
            throw ToolError("say what is asked, as in numazones explain --host GFP_ATOMIC --order 3")
        }
        guard machine.nth == nil, svg == nil else {
            throw ToolError("--nth and --svg go with a log, not with --host or --root")
        }
        let order = order ?? 0
        guard (0...63).contains(order) else { throw ToolError("--order \(order): an order is a number from 0 to 63") }
        let loaded = try machine.load(nil)
        let layout = GFPLayout.layout(for: loaded.snapshot.topology.kernel)
        let flags: GFPFlags
        do { flags = try GFPFlags(parsing: word, layout: layout) } catch { throw ToolError("mask \(error)") }
        let cpu = loaded.snapshot.topology.nodes.flatMap(\.cpus).min() ?? 0
        let placement = try task.placement(on: loaded.snapshot.topology)
        let request = AllocationRequest(
            layout.modernized(flags), order: Order(order), cpu: placement?.cpus.first ?? cpu)
        try drawForecast(of: request, by: placement, on: loaded, mask: word)
        guard html != "-" else { return }
        do {
            let forecast = try AllocationForecast(request, by: placement, on: loaded.snapshot)
            let report = AllocationForecastReport(forecast, mask: word, notes: loaded.sentences)
            output.write(.forecast, machine.origin(nil, loaded, policy: task.description), json: report.json) {
                report.text($0)
            }
        } catch {
            throw ToolError("\(loaded.name): \(error)")
        }
    }
}
