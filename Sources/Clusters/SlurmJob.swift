/// A job for Slurm: an array of tasks, each of which plays its share of a plan's cells.
package struct SlurmJob: Hashable, Sendable {
    /// The job's name.
    package var name: String
    /// The number of shares, which is the size of the array.
    package var workers: Int
    /// The directory in which the program is started; the following paths are relative to it.
    package var directory: String
    /// The program and its arguments except those for jobs and share.
    package var command: [String]
    /// The folder for the output of the tasks.
    package var logs: String
    /// The partition (`sbatch --partition`); nil: the cluster's default.
    package var partition: String?
    /// The time limit of a task (`--time`), as in 2:00:00.
    package var time: String?
    /// The memory of a task (`--mem`), as in 4G.
    package var memory: String?
    /// Other options of sbatch, such as `--qos=long`.
    package var options: [String] = []

    /// Creates a job from its parts.
    package init(name: String, workers: Int, directory: String, command: [String], logs: String) {
        self.name = name
        self.workers = workers
        self.directory = directory
        self.command = command
        self.logs = logs
    }

    /// The script for sbatch. The caller says which tasks of the array run.
    package var script: String {
        var lines = ["#!/bin/sh", "#SBATCH --job-name=\(Self.word(name))"]
        if let partition { lines.append("#SBATCH --partition=\(Self.word(partition))") }
        if let time { lines.append("#SBATCH --time=\(Self.word(time))") }
        if let memory { lines.append("#SBATCH --mem=\(Self.word(memory))") }
        lines += ["#SBATCH --chdir=\(Self.word(directory))", "#SBATCH --output=\(Self.word("\(logs)/%A_%a.out"))"]
        lines += options.map { "#SBATCH \(Self.line($0))" }
        lines += [
            "",
            "# A task plays its share of the cells, each of which is written once and whole: to run it again is harmless.",
            "exec \(command.map(Self.quoted).joined(separator: " ")) --jobs \"${SLURM_CPUS_PER_TASK:-1}\" "
                + "--task \"$SLURM_ARRAY_TASK_ID/\(workers)\"",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The argument of `--array`: `0-3,7`.
    ///
    /// - Parameters:
    ///   - tasks: The numbers of the tasks, in any order.
    package static func array(_ tasks: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for task in tasks.sorted() {
            if let last = runs.last, last.upperBound + 1 == task {
                runs[runs.count - 1] = last.lowerBound...task
            } else {
                runs.append(task...task)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }

    /// A value for an `#SBATCH` line, quoted if necessary and without line ends.
    private static func word(_ text: String) -> String {
        let text = line(text)
        return text.contains(where: { " \t#'\"".contains($0) })
            ? "\"" + text.replacing("\"", with: "\\\"") + "\"" : text
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// A word that the shell does not interpret.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
