import OperatingSystem
import SourceText

/// The jobs submitted for a sweep: a file beside its results that later commands read.
package struct SlurmLedger: Hashable, Sendable {
    /// The jobs, in the order in which they were submitted.
    package private(set) var entries: [Entry] = []
    private let path: String

    /// A job array.
    package struct Entry: Hashable, Sendable {
        /// The job's number in Slurm.
        package var job: String
        /// The number of shares; the job's tasks are some of them.
        package var workers: Int
        /// The numbers of the tasks.
        package var tasks: [Int]

        /// Creates an entry from its parts.
        package init(job: String, workers: Int, tasks: [Int]) {
            self.job = job
            self.workers = workers
            self.tasks = tasks
        }
    }

    /// Reads the file; if there is none, nothing has been submitted.
    ///
    /// - Parameters:
    ///   - folder: The folder of the sweep.
    /// - Throws: ``SlurmError`` if the file is damaged.
    package init(folder: String) throws(SlurmError) {
        path = "\(folder)/slurm/jobs.json"
        guard FileSystem.exists(path) else { return }
        let root: JSONValue
        do { root = try JSONDocument.load(path).root } catch { throw SlurmError(error.description) }
        for value in root["jobs"]?.array ?? [] {
            guard let job = value["job"]?.string, let workers = value["workers"]?.int, workers > 0,
                let tasks = value["tasks"]?.array?.compactMap(\.int)
            else { throw SlurmError("\(path): is damaged; remove it if no job of this sweep is queued or running") }
            entries.append(Entry(job: job, workers: workers, tasks: tasks))
        }
    }

    /// Adds a job and writes the file.
    ///
    /// - Parameters:
    ///   - entry: The job.
    /// - Throws: ``SlurmError`` if the file cannot be written.
    package mutating func add(_ entry: Entry) throws(SlurmError) {
        entries.append(entry)
        let jobs = entries.map { entry -> JSONValue in
            [
                "job": .init(entry.job), "workers": .init(entry.workers),
                "tasks": .init(entry.tasks.map { JSONValue($0) }),
            ]
        }
        do {
            try OutputFile.write((["jobs": .init(jobs)] as JSONValue).text() + "\n", to: path)
        } catch { throw SlurmError("\(error)") }
    }
}
