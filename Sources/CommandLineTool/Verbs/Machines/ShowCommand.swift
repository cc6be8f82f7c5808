import ArgumentParser
import FailureAnalysis
import History
import PageAllocator
import Report

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a machine: nodes, distances, zones, watermarks, zonelists, free blocks.",
        discussion: """
            With --format, prints exactly what the kernel's own file of that name would say, or the table of the tool \
            numastat, so that programs made for these can read it.

            EXAMPLES
              numazones show Config/eight-node.json
              numazones show --host --format buddyinfo
              numazones show saved-proc/ --fragmentation
              numazones show crash.log --nth 2
              numazones show aged.json --out aged.nzs
              numazones show Config/cxl-tiered.json --html machine.html
            """)

    @Argument(help: "The machine; several sources of one with + between them.", completion: .file())
    var source: [String] = []

    @OptionGroup var machine: MachineOptions

    @Option(help: "Print the kernel's own text: buddyinfo, zoneinfo, pagetypeinfo, numastat or vmstat.")
    var format: KernelFileFormat?

    @Flag(help: "Show the indices of unusable free memory and of fragmentation.")
    var fragmentation = false

    @Flag(help: "Print the machine's whole state as JSON, a SOURCE for later.")
    var snapshot = false

    @Option(
        help: ArgumentHelp(
            "Draw the machine: zones, marks and distances; - is standard output, in place of the text.",
            valueName: "file"),
        completion: .file())
    var svg: String?

    @Option(
        help: ArgumentHelp(
            "Write the machine's whole state, a SOURCE for later: JSON, or compact if the name ends in .nzs.",
            valueName: "state"),
        completion: .file())
    var out: String?

    @OptionGroup var page: PageOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try page.validate(beside: output.json || snapshot || format != nil || svg == "-")
        if out == "-" { throw ValidationError("--out names a file: --snapshot writes the state to standard output") }
        if svg == "-", output.json || snapshot || format != nil {
            throw ValidationError("--svg - goes to standard output too: name a file after --svg")
        }
    }

    func run() throws {
        let loaded = try machine.load(words: source)
        let machine = try loaded.machine()
        try page.write(HistoryPage(HistoryRecorder(machine).history, title: machine.topology.name))
        if var file = try FileOutput.create(svg) {
            try file.write(MachinePicture(MachineReport(machine)).svg)
            try file.finish()
        }
        if let out { try StateOptions.write(machine.snapshot(), to: out) }
        guard !page.takesStandardOutput, svg != "-" else { return }
        if let format {
            guard !output.json else { throw ToolError("--format prints the kernel's text, so it goes without --json") }
            Output.write(format.text(of: machine, read: loaded))
            return
        }
        if snapshot {
            Output.write(machine.snapshot().json)
            return
        }
        var report = MachineReport(machine, notes: loaded.sentences)
        report.showsFragmentation = fragmentation
        output.write(.machine, self.machine.origin(source, loaded), json: report.json) { report.text($0) }
    }
}

extension KernelFileFormat: ExpressibleByArgument {}
