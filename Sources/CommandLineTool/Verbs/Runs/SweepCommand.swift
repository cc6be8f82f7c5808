import ArgumentParser
import MachineSources
import Clusters
import Experiments
import OperatingSystem
import Report
import SourceText

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract:
            "Play every combination of machines, kernels, sysctls, policies, workloads and seeds that a plan names.",
        discussion: """
            Each combination is a cell, whose result is a file of its own in the folder for results, written once and whole: \
            a sweep that was interrupted, or killed, continues where it was when the same command is given again. A cell that \
            cannot be played is reported, and stops no other; it is tried again the next time. At the end the folder has \
            results.csv, results.sqlite, a page with plots (index.html), and the plan with the digests of everything \
            (sweep.json); the bytes are the same however it was played.

            With --slurm the cells are played by a job array of as many tasks. Given again, it submits those tasks alone \
            whose cells are missing and that are neither waiting nor running: lost ones, and ones that ran out of time. \
            Without Slurm the same plan is played here.

            The exit code is 1 if a cell could not be played, did not come out as expected, or is missing.

            EXAMPLES
              numazones sweep Config/plans/watermarks.json5 --out results
              numazones sweep plan.json5 --out results --status
              numazones sweep plan.json5 --out results --slurm --tasks 64 --partition batch --time 2:00:00 --memory 4G
              numazones sweep plan.json5 --out results --gather
            """)

    @Argument(help: "The plan.", completion: .file(extensions: ["json5", "json"]))
    var plan: String

    @Option(
        help: ArgumentHelp("The folder for results; the plan's name with .sweep if not given.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Option(help: ArgumentHelp("How many cells to play at a time; by default one for each CPU.", valueName: "number"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Play only the share of one of several workers, counted from 0, as in 3/16, and gather nothing.",
            valueName: "worker/workers"))
    var task: String?

    @Flag(help: "Only print the progress.")
    var status = false

    @Flag(help: "Only write the tables of existing results.")
    var gather = false

    @OptionGroup var cluster: SlurmOptions

    @Flag(help: "Print progress and speed to standard error, even if that is not a terminal.")
    var progress = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): play at least one cell at a time") }
        if [status, gather, cluster.slurm, task != nil].count(where: { $0 }) > 1 {
            throw ValidationError("give one of --status, --gather, --slurm and --task")
        }
        if cluster.dryRun, !cluster.slurm {
            throw ValidationError("--dry-run prints what --slurm would submit: give both")
        }
        if let tasks = cluster.tasks, tasks < 1 {
            throw ValidationError("--tasks \(tasks): there must be one at least")
        }
    }

    /// The folder for results.
    var folder: String {
        if let out { return out }
        let file = plan.split(separator: "/").last.map(String.init) ?? "plan"
        return (file.split(separator: ".").first.map(String.init) ?? "plan") + ".sweep"
    }

    func run() throws {
        Interruption.watch()
        let sweep = try Sweep(try SweepPlan.load(plan), folder: folder, version: ResultOrigin.programVersion)
        if cluster.slurm { return try submit(sweep) }
        if status { return try tell(sweep) }
        if !gather { try play(sweep) }
        if task == nil { try conclude(sweep) }
    }

    private func play(_ sweep: Sweep) throws {
        let share = try share()
        let cells = sweep.missing(share)
        try sweep.makeFolder()
        let crew = SweepCrew(
            sweep, cells: cells, machines: MachineShelf { try MachineSource.path($0).load().snapshot })
        var meter = ProgressMeter(isAskedFor: progress)
        let done = try crew.work(jobs ?? ThisProcess.processors) { progress in
            meter.update(done: progress.done, total: cells.count, count: progress.done, unit: "cells")
            return !Interruption.isRequested
        }
        meter.update(done: done.done, total: cells.count, count: done.done, unit: "cells")
        meter.end()
        if Interruption.isRequested, done.done < cells.count {
            Output.complain(
                "interrupted: \(sweep.plan.cellCount - sweep.missing().count) of \(sweep.plan.cellCount) cells have a "
                    + "result in \(folder); the same command continues from there")
            throw ExitCode.interrupted
        }
        if task != nil, done.failed > 0 { throw ExitCode(1) }
    }

    private func share() throws -> WorkShare {
        guard let task else { return WorkShare() }
        let parts = task.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let worker = parts[0], let workers = parts[1], workers > 0,
            (0..<workers).contains(worker)
        else { throw ToolError("--task \(task): write worker/workers, counted from 0, as in 3/16") }
        return WorkShare(worker: worker, of: workers)
    }

    /// Writes the tables and prints the outcome.
    private func conclude(_ sweep: Sweep) throws {
        let table = SweepTable(sweep)
        let report = SweepReport(table, folder: folder)
        let files = try SweepFiles(report, SweepPage(table))
        try sweep.makeFolder()
        try files.write(to: folder)
        if let omitted = files.omitted { Output.note("note: \(omitted)") }
        output.write(.sweep, ResultOrigin(command: Output.command, sources: [plan]), json: files.manifest) {
            report.text($0) + "  written: " + files.names.map { "\(folder)/\($0)" }.joined(separator: ", ") + "\n"
        }
        if !table.isWhole || !table.failed.isEmpty || !table.unexpected.isEmpty { throw ExitCode(1) }
    }
}
