import ArgumentParser
import Clusters
import Experiments
import OperatingSystem
import Report
import SourceText

/// Options for Slurm.
struct SlurmOptions: ParsableArguments {
    @Flag(help: "Submit a job array to Slurm that plays the cells, or those of tasks that were lost.")
    var slurm = false

    @Flag(help: "With --slurm, only print the script.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "With --slurm: the size of the array; 16, or the number of cells if that is smaller.", valueName: "number"))
    var tasks: Int?

    @Option(help: ArgumentHelp("With --slurm: the partition.", valueName: "name"))
    var partition: String?

    @Option(help: ArgumentHelp("With --slurm: a task's time limit, as in 2:00:00.", valueName: "time"))
    var time: String?

    @Option(help: ArgumentHelp("With --slurm: a task's memory, as in 4G.", valueName: "size"))
    var memory: String?

    @Option(
        name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "With --slurm: another option of sbatch, as --qos=long. May be repeated.", valueName: "option"))
    var options: [String] = []
}

extension SweepCommand {
    /// Submits the cells that no task is working on.
    func submit(_ sweep: Sweep) throws {
        let missing = sweep.missing()
        var ledger = try SlurmLedger(folder: folder)
        let workers = cluster.tasks ?? ledger.entries.last?.workers ?? min(16, sweep.plan.cellCount)
        let job = job(sweep, workers: workers)
        if cluster.dryRun { return Output.write(job.script) }
        let progress = SlurmProgress(missing: missing, ledger: ledger, queue: try Slurm.tasks())
        let tasks = progress.lostTasks(of: workers)
        guard !tasks.isEmpty else {
            let what =
                missing.isEmpty
                ? "every cell has a result; --gather writes the tables" : "nothing is lost: \(waiting(progress))"
            return Output.write("\(what)\n")
        }
        try sweep.makeFolder()
        let script = "\(folder)/slurm/sweep.sh"
        try FileSystem.makeDirectory("\(folder)/slurm")
        try OutputFile.write(job.script, to: script)
        let number = try Slurm.submit(script: script, tasks: tasks)
        try ledger.add(SlurmLedger.Entry(job: number, workers: workers, tasks: tasks))
        Output.write(
            "job \(number): \(tasks.count) of \(workers) tasks submitted (\(SlurmJob.array(tasks))), for "
                + "\(progress.lost.count) of \(sweep.plan.cellCount) cells\n")
    }

    private func job(_ sweep: Sweep, workers: Int) -> SlurmJob {
        let name = sweep.plan.name.isEmpty ? "sweep" : sweep.plan.name
        var job = SlurmJob(
            name: "numazones-\(name)", workers: workers, directory: ThisProcess.directory ?? ".",
            command: [ThisProcess.program, "sweep", plan, "--out", folder], logs: "\(folder)/slurm")
        job.partition = cluster.partition
        job.time = cluster.time
        job.memory = cluster.memory
        job.options = cluster.options
        return job
    }

    private func waiting(_ progress: SlurmProgress) -> String {
        let states = Dictionary(grouping: progress.active, by: \.state).mapValues(\.count)
        let words = states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.lowercased())" }
        return "tasks of Slurm: \(words.isEmpty ? "none" : words.joined(separator: ", "))"
    }

    /// Prints the progress, here or on a cluster.
    func tell(_ sweep: Sweep) throws {
        let report = SweepReport(SweepTable(sweep), folder: folder)
        let ledger = try SlurmLedger(folder: folder)
        var text = report.text(output.style)
        if !ledger.entries.isEmpty {
            let progress = SlurmProgress(missing: sweep.missing(), ledger: ledger, queue: try Slurm.tasks())
            text += "  \(waiting(progress))\n"
            if !progress.lost.isEmpty {
                text +=
                    "  \(progress.lost.count) cells are lost: no task is working on them; --slurm submits them again\n"
            }
        }
        if output.json {
            let origin = ResultOrigin(command: Output.command, sources: [plan])
            Output.write(origin.json(.sweep, report.manifest(results: [])))
        } else {
            Output.write(text)
        }
    }
}
