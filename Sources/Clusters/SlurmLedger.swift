import OperatingSystem
import SourceText

/// What has been submitted for a sweep: a file beside its results, so that any later command knows.
package struct SlurmLedger: Hashable, Sendable {
    package private(set) var entries: [Entry] = []
    private let path: String

    /// A job array.
    package struct Entry: Hashable, Sendable {
        /// Slurm's number.
        package var job: String
        /// The number of shares, of which its tasks are some.
        package var workers: Int
        package var tasks: [Int]

        package init(job: String, workers: Int, tasks: [Int]) {
            self.job = job
            self.workers = workers
            self.tasks = tasks
        }
    }

    /// Reads it; nothing has been submitted where there is none.
    ///
    /// - Throws: ``SlurmError`` for one that is damaged.
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
