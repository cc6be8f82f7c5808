import ArgumentParser
import BuddyEngine
import GFP
import MachineSources
import PageAllocator
import Report
import SourceText
import Topology
import Traces

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Make the requests of a real trace again, on any machine.",
        discussion: """
            A trace is the text of ftrace (trace, trace_pipe), trace-cmd report, perf script or LTTng with the kmem: page \
            events, compressed with gzip or not, or the binary form that --convert writes. Freely, each request lands where \
            this machine puts it. With --lockstep, each is compared with the page frame that the trace shows, and the \
            machine is put right after it, so that every request is judged from the traced machine's own state; give that \
            state with --on. Marks "oracle_state start" and "oracle_state end" in the trace limit what is replayed.

            Freely, nothing can be reclaimed unless --reclaim lru says so: then movable pages, those in use at the start and \
            those of the trace, are page cache or anonymous memory on LRU lists.

            What no trace shows are memory policies. Freely, all requests are made by one task, whose policy is given in \
            the words of numactl(8). In lock-step policies are learnt: a task that got another node is expected there the \
            next time.

            Ctrl-C prints what is known so far and exits with 130. With --checkpoint, the replay's progress is kept in a \
            file, every --checkpoint-every seconds and on Ctrl-C; the same command continues from there, to the same report. \
            At the end of the trace the file is removed.

            EXAMPLES
              numazones replay trace.txt.gz --on Config/two-socket.json
              numazones replay trace.txt.gz --on Config/two-socket.json --interleave all --set vm.min_free_kbytes=131072
              numazones replay trace.txt.gz --on full.json --reclaim lru --swap 2GiB --cache 60%
              numazones replay trace.txt.gz --on Config/two-socket.json --html history.html --out end.json
              numazones replay trace.txt.gz --on start.json.gz --lockstep
              numazones replay trace.txt --convert trace.nzt
              numazones replay long.nzt --on start.json --checkpoint long.checkpoint
              trace-cmd report | numazones replay - --host
            """)

    @Argument(help: "The trace, or - for standard input.", completion: .file())
    var trace: String

    @Option(
        help: ArgumentHelp(
            "Replay on this machine: a description, a recorded state, a directory.", valueName: "source"),
        completion: .file())
    var on: String?

    @OptionGroup var machine: MachineOptions

    @OptionGroup var task: PlacementOptions

    @Option(help: ArgumentHelp("What reclaim finds: none, or pages on LRU lists.", valueName: "none|lru"))
    var reclaim: Reclaim = .none

    @Option(help: ArgumentHelp("With --reclaim lru: room for anonymous pages, as in 2GiB.", valueName: "size"))
    var swap: String?

    @Option(
        help: ArgumentHelp("With --reclaim lru: how much of the lists is page cache, as in 60%.", valueName: "share"),
        transform: { try Share($0) })
    var cache: Share?

    enum Reclaim: String, CaseIterable, ExpressibleByArgument {
        case none, lru
    }

    @Flag(help: "Compare node, zone and page frame of each request with the trace's.")
    var lockstep = false

    @Flag(inversion: .prefixedNo, help: "In lock-step, learn tasks' memory policies.")
    var learnPolicies = true

    @Flag(inversion: .prefixedNo, help: "In lock-step, move pages between lists as the trace says.")
    var followLists = true

    @Option(
        help: ArgumentHelp("The kernel that wrote the trace, where masks are numbers.", valueName: "version"),
        completion: .list(CompletionWords.kernels))
    var traceKernel: String?

    @Option(help: ArgumentHelp("The order whose fragmentation is reported.", valueName: "order"))
    var order: UInt8 = 9

    @Option(
        help: ArgumentHelp(
            "Only write the trace to a file in the binary form; - is standard output.", valueName: "file"),
        completion: .file())
    var convert: String?

    @Flag(help: "With --convert, do not compress: larger, but read faster.")
    var stored = false

    @Option(
        help: ArgumentHelp("Keep the replay's progress in a file, and continue from there.", valueName: "file"),
        completion: .file())
    var checkpoint: String?

    @Option(help: ArgumentHelp("How often --checkpoint writes.", valueName: "seconds"))
    var checkpointEvery: UInt32 = 60

    @OptionGroup var page: PageOptions

    @OptionGroup var picture: PictureOptions

    @OptionGroup var state: StateOptions

    @OptionGroup var table: TableOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try page.validate(beside: output.json)
        try picture.validate(beside: output.json || page.takesStandardOutput)
        try state.validate(beside: output.json || page.takesStandardOutput || picture.takesStandardOutput)
        if page.isWanted || picture.isWanted, lockstep || checkpoint != nil {
            throw ValidationError(
                "--html and --svg go with free replay from its beginning, without --lockstep and --checkpoint")
        }
        if convert != nil, page.isWanted || picture.isWanted || state.path != nil {
            throw ValidationError("--convert replays nothing, so there is nothing for --html, --svg or --out to keep")
        }
        if convert != nil, checkpoint != nil {
            throw ValidationError("--checkpoint needs a replay, and --convert replays nothing: give one of them")
        }
        guard order <= TraceEvent.largestOrder else {
            throw ValidationError("--order \(order): orders go to \(TraceEvent.largestOrder)")
        }
        if lockstep, task.isGiven {
            throw ValidationError("policies go with free replay; in lock-step they are learnt from the trace")
        }
        if checkpoint != nil, task.isGiven {
            throw ValidationError(
                "--checkpoint does not save which node is next in a policy: give no policy, or no --checkpoint")
        }
        try table.validate(
            beside: [
                "--json": output.json, "--html -": page.takesStandardOutput, "--svg -": picture.takesStandardOutput,
            ])
        if convert != nil, table.csv {
            throw ValidationError("--convert replays nothing, so there is no table for --csv")
        }
        if state.path == "-", table.csv {
            throw ValidationError(FileOutput.bothOnStandardOutput("--out", beside: "--csv"))
        }
        if convert == "-", output.json { throw ValidationError(FileOutput.bothOnStandardOutput("--convert")) }
        if reclaim == .none, swap != nil || cache != nil {
            throw ValidationError("--swap and --cache say what --reclaim lru finds; give it too")
        }
        if reclaim == .lru, lockstep {
            throw ValidationError(
                "--reclaim goes with free replay; in lock-step the trace itself says what was reclaimed")
        }
        if reclaim == .lru, checkpoint != nil {
            throw ValidationError(
                "--checkpoint does not save LRU lists: give no --reclaim, or no --checkpoint")
        }
        if stored, convert == nil { throw ValidationError("--stored says how --convert writes; give both") }
    }

    func run() throws {
        Interruption.watch()
        let kernel = try traceKernel.map { text throws(ToolError) in try MachineOptions.version(text) }
        var input = try TraceInput.open(trace, kernel: kernel)
        if let convert {
            try convertTrace(&input, to: convert, kernel: kernel)
        } else {
            try replay(&input, kernel: kernel)
        }
    }

    private func replay(_ input: inout TraceInput, kernel: KernelVersion?) throws {
        let (start, name, notes) = try startState()
        var options = ReplayOptions(
            mode: lockstep ? .lockstep : .free, learnsPolicies: learnPolicies, followsLists: followLists,
            fragmentationOrder: Order(order), placement: try task.placement(on: start.topology),
            reclaim: try reclaimModel(pageSize: start.topology.pageSize))
        options.recordsHistory = page.isWanted || picture.isWanted
        var replay = try Replay(on: start, options: options)
        var saving = try checkpoint.map { path throws(TraceError) in
            try CheckpointSaving(
                ReplayCheckpoint(path, of: input, traceKernel: kernel, replay: replay), every: checkpointEvery)
        }
        try saving?.begin(&replay, &input)
        var meter = ProgressMeter(before: replay.result.events)
        var failure: TraceError?
        do throws(TraceError) {
            try replay.run(&input) { replay, input throws(TraceError) in
                let progress = input.progress
                meter.update(
                    done: progress.consumed, total: progress.size, count: replay.result.events, unit: "events")
                let isInterrupted = Interruption.isRequested
                try saving?.step(replay, input, isLast: isInterrupted)
                return !isInterrupted
            }
        } catch { failure = error }
        meter.end()
        if failure == nil || replay.result.events > 0 {
            let report = ReplayReport(replay.result, trace: input.name, machine: name)
            if let history = replay.result.history {
                try page.write(HistoryPage(history, title: "\(input.name) on \(name)"))
                try picture.write(TimelinePicture(history, title: "\(input.name) on \(name)").svg)
            }
            try state.write(replay.machine.snapshot())
            if !page.takesStandardOutput, !picture.takesStandardOutput, state.path != "-" {
                output.write(.replay, origin(start, notes), json: report.json, times: report.times) {
                    table.csv ? report.csv : report.text($0)
                }
            }
        }
        if let failure { throw failure }
        if replay.result.isPartial { throw ExitCode.interrupted }
        try saving?.end()
    }

    private func origin(_ start: MachineStart, _ notes: [SourceNote]) -> ResultOrigin {
        let machines = (on ?? machine.root).map(MachineSource.paths) ?? []
        var origin = ResultOrigin(command: Output.command, sources: [trace] + machines)
        origin.notes = notes
        origin.rules = RulesInForce(of: start.topology)
        origin.settings = machine.settings.settings
        origin.policy = task.isGiven ? task.description : nil
        return origin
    }

    private func reclaimModel(pageSize: Int) throws(ToolError) -> ReplayReclaim? {
        guard reclaim == .lru else { return nil }
        do throws(ByteSize.Invalid) {
            let bytes = try swap.map { text throws(ByteSize.Invalid) in try ByteSize(text).bytes } ?? 0
            return ReplayReclaim(
                swapPages: Int(clamping: bytes / UInt64(pageSize)),
                cacheShare: cache?.value ?? ReplayReclaim().cacheShare)
        } catch { throw ToolError("--swap: \(error)") }
    }

    /// The machine to replay on; if none is named, one with a single node, which is enough to see what a trace
    /// requests.
    private func startState() throws -> (MachineStart, String, [SourceNote]) {
        guard on != nil || machine.namesMachine else {
            let node = Topology.Node(id: 0, cpus: [0], memory: [PageFrame(rawValue: 0)..<PageFrame(rawValue: 16 << 18)])
            var loaded = SourcedMachine(
                "one node of 16 GiB (name another with --on)", "a topology",
                Snapshot(topology: Topology(name: "one node", nodes: [node]), zones: []))
            try machine.rules.apply(to: &loaded.snapshot.topology)
            try loaded.apply(try machine.settings.changes())
            return (.topology(loaded.snapshot.topology), loaded.name, [])
        }
        let loaded = try machine.load(on)
        Output.introduce(loaded)
        let start: MachineStart =
            loaded.snapshot.zones.isEmpty && loaded.snapshot.zonelists.isEmpty
            ? .topology(loaded.snapshot.topology) : .snapshot(loaded.snapshot)
        return (start, loaded.name, loaded.notes)
    }

    private func convertTrace(_ input: inout TraceInput, to path: String, kernel: KernelVersion?) throws {
        var writer = try BinaryTraceWriter.create(
            path, kernel: kernel ?? input.kernel, packing: stored ? .stored : .compressed)
        var meter = ProgressMeter()
        var count = 0
        let isWhole = try writer.convert(&input) { progress in
            count += 1
            meter.update(done: progress.consumed, total: progress.size, count: count, unit: "batches")
            return !Interruption.isRequested
        }
        meter.end()
        let tally = input.tally
        if output.json {
            let result: JSONValue = [
                "events": .init(writer.events), "bytes": .init(writer.bytes), "complete": .init(isWhole),
                "malformedLines": .init(tally.malformedLines), "lostEvents": .init(tally.lostEvents),
            ]
            Output.write(ResultOrigin(command: Output.command, sources: [trace]).json(.conversion, result))
        } else {
            let end = isWhole ? "" : "; interrupted before the trace's end"
            var text = "\(path): \(writer.events) events in \(writer.bytes) bytes\(end)"
            if let problem = tally.firstProblem {
                text += "\n  \(tally.malformedLines + tally.overlongLines) lines not understood, first \(problem)"
            }
            if path == "-" { Output.note(text) } else { Output.write(text + "\n") }
        }
        if !isWhole { throw ExitCode.interrupted }
    }
}
