import OperatingSystem

/// Slurm by its own commands. Slurm alone knows which tasks wait, run and have ended.
package enum Slurm {
    /// Submits a script as an array of tasks (`sbatch`).
    ///
    /// - Parameters:
    ///   - path: The script's file.
    ///   - tasks: The numbers of the array's tasks.
    /// - Returns: The job's number.
    /// - Throws: ``SlurmError`` with what Slurm said, or that it is not installed.
    package static func submit(script path: String, tasks: [Int]) throws(SlurmError) -> String {
        let answer = try run("sbatch", ["--parsable", "--array=\(SlurmJob.array(tasks))", path])
        // With several clusters the number is followed by `;CLUSTER`.
        let job = answer.split(separator: ";").first.map { String($0.filter { !$0.isWhitespace }) } ?? ""
        guard Int(job) != nil else { throw SlurmError("sbatch answered \"\(answer)\", which is not a job's number") }
        return job
    }

    /// A task that waits or runs.
    package struct Task: Hashable, Sendable {
        /// The number of its job.
        package var job: String
        /// Its number in the array.
        package var task: Int
        /// Its state in Slurm's words, such as RUNNING.
        package var state: String

        /// Creates a task from its parts.
        package init(job: String, task: Int, state: String) {
            self.job = job
            self.task = task
            self.state = state
        }
    }

    /// The user's tasks that wait or run (`squeue`).
    ///
    /// - Returns: The tasks, of all jobs.
    /// - Throws: ``SlurmError`` with what Slurm said, or that it is not installed.
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

/// What Slurm said, or that it is not installed.
package struct SlurmError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The message.
    package var description: String

    /// Creates an error with its message.
    package init(_ description: String) { self.description = description }
}
