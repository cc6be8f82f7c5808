import ArgumentParser
import Experiments
import OperatingSystem
import Report
import SourceText
import Topology

struct HeadroomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headroom",
        abstract: "How many more requests of each kind each node would serve, until which mark, and what stops it.",
        discussion: """
            Determined by making the requests, each kind on a machine in the same state. "Compacting" takes every page in use \
            in a movable pageblock for one that can be moved; "cache dropped" gives a share of them back first, --cache of \
            them, as no source says which page is clean cache. Both look after 16 GiB at most. Gigantic pages and buffers of \
            contiguous memory areas bypass the free lists: no mark holds them up, only pages in the way.

            With --every, the running machine is read again and again, and reported as a line of JSON each time (--json), as a \
            file for Prometheus' textfile collector (--prometheus), or as a table.

            EXAMPLES
              numazones headroom Config/laptop.json
              numazones headroom --host --only-now
              numazones headroom --host --only-now --every 10s --prometheus /var/lib/node_exporter/numazones.prom
            """)

    @Argument(help: "The machine.", completion: .file())
    var source: [String] = []

    @OptionGroup var machine: MachineOptions

    @Flag(help: "Only as the machine is, without compaction or dropping caches: much faster.")
    var onlyNow = false

    @Option(
        help: ArgumentHelp("How much of the movable pages in use is clean cache, as in 60%.", valueName: "share"),
        transform: { try Share($0) })
    var cache = Share(value: 0.5)

    @Option(
        help: ArgumentHelp(
            "The size of the buffer in a contiguous memory area, as in 64MiB.", valueName: "size"))
    var buffer = "16MiB"

    @Option(help: ArgumentHelp("Read the running machine again each time, as in 10s.", valueName: "time"))
    var every: String?

    @Option(
        help: ArgumentHelp("Write metrics for Prometheus to a file, replaced as a whole each time.", valueName: "file"),
        completion: .file())
    var prometheus: String?

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if every != nil, !machine.host { throw ValidationError("--every reads the running machine again: give --host") }
        if (try? ByteSize(buffer).bytes).map({ $0 == 0 || $0 > 1 << 46 }) ?? true {
            throw ValidationError("--buffer \(buffer): write the size of a buffer, as in 64MiB")
        }
        try table.validate(beside: [
            "--json": output.json, "--every": every != nil, "--prometheus -": prometheus == "-",
        ])
        if prometheus == "-", output.json {
            throw ValidationError(FileOutput.bothOnStandardOutput("--prometheus"))
        }
    }

    func run() throws {
        Interruption.watch()
        let pause = try every.map { text throws(ToolError) in try Self.seconds(text) }
        var isFirst = true
        repeat {
            try tell(noting: isFirst)
            isFirst = false
            guard let pause else { return }
            let end = ContinuousClock.now + .seconds(pause)
            while ContinuousClock.now < end, !Interruption.isRequested { ThisProcess.pause(milliseconds: 100) }
        } while !Interruption.isRequested
        throw ExitCode.interrupted
    }

    /// Determines and prints the headroom.
    ///
    /// - Parameters:
    ///   - isFirst: Whether to print the notes about the source, which are printed once only.
    private func tell(noting isFirst: Bool) throws {
        let loaded = try machine.load(words: source)
        if isFirst { Output.introduce(loaded) }
        var meter = ProgressMeter()
        let headroom = try Headroom(
            of: loaded.snapshot, conditions: onlyNow ? [.now] : Headroom.Condition.allCases, cacheShare: cache.value,
            bufferSize: try ByteSize(buffer).bytes
        ) { rows in
            meter.update(done: 0, total: nil, count: rows, unit: "kinds of requests")
            return !Interruption.isRequested
        }
        meter.end()
        let report = HeadroomReport(
            headroom, name: loaded.name, pageSize: loaded.snapshot.topology.pageSize)
        if let prometheus, headroom.isComplete { try OutputFile.write(report.prometheus, to: prometheus) }
        if prometheus == "-", headroom.isComplete { return }
        if output.json {
            let value = machine.origin(source, loaded).json(.headroom, report.json)
            Output.write(value.text(pretty: every == nil) + "\n")
        } else {
            Output.write(table.csv ? report.csv : report.text(output.style))
        }
        if !headroom.isComplete { throw ExitCode.interrupted }
    }

    private static func seconds(_ text: String) throws(ToolError) -> Double {
        let units: KeyValuePairs<Character, Double> = ["s": 1, "m": 60, "h": 3600]
        let unit = units.first { $0.key == text.last }
        guard let number = Double(unit == nil ? text : String(text.dropLast())), number > 0, number < 1e6 else {
            throw ToolError("--every \(text): write a time, as in 10s or 5m")
        }
        return number * (unit?.value ?? 1)
    }
}
