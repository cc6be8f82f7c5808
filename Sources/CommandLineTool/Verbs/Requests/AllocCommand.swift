import ArgumentParser
import BuddyEngine
import FailureAnalysis
import GFP
import History
import KernelLog
import PageAllocator
import Report
import Topology

struct AllocCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alloc", abstract: "Make one or more requests and show where they land and why.",
        usage: "numazones alloc <source> <mask> [--order <order>] [--explain] [<options>]",
        discussion: """
            A request that is refused is an answer, not an error: the exit code is 0 unless --expect says otherwise.

            EXAMPLES
              numazones alloc Config/two-socket.json GFP_KERNEL --order 2 --explain
              numazones alloc --host GFP_ATOMIC --order 4 --cpu 3 --explain
              numazones alloc Config/cxl-tiered.json GFP_HIGHUSER_MOVABLE --until-failure
              numazones alloc Config/laptop.json GFP_DMA32 --count 100 --expect served
              numazones alloc Config/two-socket.json GFP_KERNEL --count 1000 --html history.html
              numazones alloc Config/cxl-tiered.json GFP_ATOMIC --order 3 --svg walk.svg
              numazones alloc Config/laptop.json GFP_KERNEL --until-failure --kernel-log | numazones explain
              numazones alloc Config/two-socket.json GFP_USER --membind 1 --cpunodebind 0 --set vm.min_free_kbytes=1048576
            """)

    @Argument(help: "The machine; with --host, --root or --synthetic, the mask.", completion: .file())
    var source: String

    @Argument(help: "The mask, as in GFP_KERNEL.", completion: .list(CompletionWords.masks))
    var mask: String?

    /// The rest of a mask that the shell split at blanks.
    @Argument(help: .hidden)
    var rest: [String] = []

    @OptionGroup var machine: MachineOptions

    @Option(name: [.long, .customShort("o")], help: "The block's size: 2^order pages.")
    var order = 0

    @Option(help: "The requesting CPU; by default the first.")
    var cpu: Int?

    @Option(help: "The node whose zonelist is walked; by default the CPU's own.")
    var node: Int?

    @Option(help: ArgumentHelp("The only nodes that may serve, as in 0-3,5.", valueName: "list"))
    var nodes: String?

    @OptionGroup var task: PlacementOptions

    @Option(name: [.long, .customShort("n")], help: "How many times to make the request.")
    var count: Int?

    @Flag(help: "Make the request until it is refused.")
    var untilFailure = false

    @Flag(help: "Explain the last request: every walk, zone by zone, with the arithmetic.")
    var explain = false

    @Flag(help: "Print what the kernel would have printed of the refusal, in place of the answer.")
    var kernelLog = false

    @Option(help: "Exit with 1 unless all requests end like this: served or refused.")
    var expect: AllocationReport.Expectation?

    @OptionGroup var page: PageOptions

    @OptionGroup var picture: PictureOptions

    @OptionGroup var state: StateOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try page.validate(beside: output.json)
        try picture.validate(beside: output.json || kernelLog || page.takesStandardOutput)
        try state.validate(beside: output.json || page.takesStandardOutput || picture.takesStandardOutput)
    }

    func run() throws {
        let (source, mask) = try sourceAndMask()
        if let count, count < 1 { throw ToolError("--count \(count): make at least 1 request") }
        if count != nil, untilFailure { throw ToolError("give --count or --until-failure, not both") }
        let loaded = try self.machine.load(source)
        Output.introduce(loaded)
        var machine = try loaded.machine()
        // Nothing is freed here, so allocations need not be tracked to check frees.
        machine.checksFrees = false
        var request = try request(mask, on: machine)
        try machine.check(request)
        let placement = try task.placement(on: machine.topology)
        if cpu == nil, let first = placement?.cpus.first { request.cpu = first }
        if let node, let words = placement?.policy.words {
            throw ToolError(
                "--node \(node) and \(words) contradict each other: a request that names a node goes past the policy")
        }
        if let cpu, let cpus = placement?.cpus, !cpus.isEmpty, !cpus.contains(request.cpu) {
            throw ToolError(
                "--cpu \(cpu): the task may run only on \(NumberList.format(cpus.map { Int($0.rawValue) }.sorted()))")
        }
        let recorder = page.isWanted ? HistoryRecorder(machine) : nil
        machine.listener = recorder
        Interruption.watch()
        var meter = ProgressMeter()
        let series = machine.make(
            request, by: placement, count: untilFailure ? nil : count ?? 1, keeping: AllocationReport.mostListed,
            explains: explain || picture.isWanted
        ) { made in
            meter.update(done: made, total: count, count: made, unit: "requests")
            return !Interruption.isRequested
        }
        meter.end()
        if let recorder { try page.write(HistoryPage(recorder.history, title: "\(mask) on \(machine.topology.name)")) }
        try state.write(machine.snapshot())
        var report = AllocationReport(series, on: machine)
        if let walk = WalkPicture(report) { try picture.write(walk.svg) }
        if !explain { report.explanation = nil }
        if kernelLog {
            try writeKernelLog(series, machine, loaded.snapshot)
        } else if !page.takesStandardOutput, !picture.takesStandardOutput, state.path != "-" {
            output.write(.allocation, self.machine.origin(source, loaded, policy: task.description), json: report.json)
            {
                report.text($0)
            }
        }
        if series.isInterrupted { throw ExitCode.interrupted }
        if let expect, !report.meets(expect) {
            Output.complain(
                "expected every request to be \(expect.rawValue): \(report.tally.served) served, "
                    + "\(report.tally.refused) refused")
            throw ExitCode(1)
        }
    }

    /// Prints the report of the last request in the form of the machine's kernel.
    private func writeKernelLog(_ series: RequestSeries, _ machine: borrowing Machine, _ start: Snapshot) throws {
        guard !output.json, !explain else { throw ToolError("--kernel-log goes without --json and --explain") }
        guard series.tally.refused > 0 else {
            return Output.complain("no request was refused, so the kernel would have printed nothing")
        }
        let report = WrittenReport(series, on: machine.snapshot(), start: start)
        guard report.isPrinted else {
            return Output.complain("the kernel prints nothing of this refusal: the mask has __GFP_NOWARN")
        }
        Output.write(report.text)
    }

    private func sourceAndMask() throws(ToolError) -> (source: String?, mask: String) {
        let words = MachineOptions.joined([source] + (mask.map { [$0] } ?? []) + rest)
        switch (machine.namesMachine, words.count) {
        case (true, 1): return (nil, words[0])
        case (false, 2): return (words[0], words[1])
        case (false, 1):
            throw ToolError("give a machine and a mask, as in numazones alloc Config/laptop.json GFP_KERNEL")
        default:
            throw ToolError("\"\(words.last ?? "")\" is one argument too many; a mask with blanks needs quotes")
        }
    }

    private func request(_ mask: String, on machine: borrowing Machine) throws -> AllocationRequest {
        let layout = GFPLayout.layout(for: machine.topology.kernel)
        let flags: GFPFlags
        do { flags = try GFPFlags(parsing: mask, layout: layout) } catch { throw ToolError("mask \(error)") }
        guard (0...63).contains(order) else {
            throw ToolError("--order \(order): an order is a number from 0 to \(machine.maximumOrder)")
        }
        var request = AllocationRequest(layout.modernized(flags), order: Order(order), cpu: machine.cpuIDs[0])
        if let cpu {
            guard let number = UInt32(exactly: cpu) else { throw ToolError("--cpu \(cpu): CPUs are numbered from 0") }
            request.cpu = CPUID(rawValue: number)
        }
        if let node {
            guard (0..<NodeID.limit).contains(node) else {
                throw ToolError("--node \(node): nodes are numbered from 0 to \(NodeID.limit - 1)")
            }
            request.node = NodeID(node)
        }
        if let nodes {
            let numbers: [Int]
            do { numbers = try NumberList.parse(nodes, below: NodeID.limit) } catch {
                throw ToolError("--nodes: \(error)")
            }
            request.nodemask = NodeMask(numbers.map { NodeID($0) })
        }
        return request
    }
}

extension AllocationReport.Expectation: ExpressibleByArgument {}
