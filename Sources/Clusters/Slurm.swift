import OperatingSystem

/// Slurm, by its own commands. Which tasks wait, run and end is its business alone.
package enum Slurm {
    /// Submits a script (`sbatch`) as an array of some tasks.
    ///
    /// - Returns: The job's number.
    package static func submit(script path: String, tasks: [Int]) throws(SlurmError) -> String {
        let answer = try run("sbatch", ["--parsable", "--array=\(SlurmJob.array(tasks))", path])
        // With several clusters the number is followed by `;CLUSTER`.
        let job = answer.split(separator: ";").first.map { String($0.filter { !$0.isWhitespace }) } ?? ""
        guard Int(job) != nil else { throw SlurmError("sbatch answered \"\(answer)\", which is not a job's number") }
        return job
    }

    /// A task that waits or runs.
    package struct Task: Hashable, Sendable {
        package var job: String
        package var task: Int
        /// In Slurm's words, as RUNNING.
        package var state: String

        package init(job: String, task: Int, state: String) {
            self.job = job
            self.task = task
            self.state = state
        }
    }

    /// This user's tasks that wait or run (`squeue`).
    package static func tasks() throws(SlurmError) -> [Task] {
        let answer = try run(
            "squeue", ["--noheader", "--array", "--user=\(ThisProcess.userName)", "--format=%F %K %T"])
        return answer.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, let task = Int(words[1]) else { return nil }
            return Task(job: String(words[0]), task: task, state: String(words[2]))
        }
    }

    private static func run(_ command: String, _ arguments: [String]) throws(SlurmError) -> String {
        guard let found = ChildProcess.find(command) else {
            throw SlurmError(
                "there is no \(command) on this machine: --dry-run prints the script for another, and without --slurm the "
                    + "same plan is played here")
        }
        let process: ChildProcess
        do { process = try ChildProcess(found, arguments) } catch { throw SlurmError("\(command): \(error)") }
        guard process.status == 0 else {
            let lines = String(decoding: process.errors, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
            throw SlurmError("\(command): \(lines.isEmpty ? "ended with status \(process.status)" : lines)")
        }
        return String(decoding: process.output, as: UTF8.self)
    }
}

/// What Slurm said, or that it is not there.
package struct SlurmError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
