import Clusters
import Foundation
import Testing

@Suite struct SlurmTests {
    private func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("slurm-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(path)/slurm", withIntermediateDirectories: true)
        return path
    }

    @Test func `an array names runs of tasks as sbatch does`() {
        #expect(SlurmJob.array([7, 0, 1, 2, 5]) == "0-2,5,7")
        #expect(SlurmJob.array([3]) == "3")
    }

    @Test func `the script quotes what the shell would take apart, and passes options on`() {
        var job = SlurmJob(
            name: "a b", workers: 4, directory: "/tmp/it's", command: ["/bin/x y", "$(rm)", "it's"], logs: "out")
        job.partition = "batch"
        job.time = "0:10"
        job.memory = "1G"
        job.options = ["--qos=long\nrm -rf /"]
        let lines = job.script.split(separator: "\n").map(String.init)
        #expect(lines[0] == "#!/bin/sh")
        #expect(lines.contains("#SBATCH --job-name=\"a b\""))
        #expect(lines.contains("#SBATCH --partition=batch") && lines.contains("#SBATCH --mem=1G"))
        #expect(lines.contains("#SBATCH --time=0:10") && lines.contains("#SBATCH --qos=long rm -rf /"))
        #expect(
            lines.last == "exec '/bin/x y' '$(rm)' 'it'\\''s' --jobs \"${SLURM_CPUS_PER_TASK:-1}\" "
                + "--task \"$SLURM_ARRAY_TASK_ID/4\"")
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("#") })
    }

    @Test func `only cells that no task is working on are lost`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var ledger = try SlurmLedger(folder: folder)
        try ledger.add(.init(job: "10", workers: 4, tasks: [0, 1, 2, 3]))
        let kept = try SlurmLedger(folder: folder)
        #expect(kept == ledger)
        let queue = [
            Slurm.Task(job: "10", task: 1, state: "RUNNING"), Slurm.Task(job: "99", task: 2, state: "PENDING"),
        ]
        let progress = SlurmProgress(missing: [1, 2, 5, 6, 7], ledger: kept, queue: queue)
        #expect(progress.active == [queue[0]])
        #expect(progress.lost == [2, 6, 7])
        #expect(progress.lostTasks(of: 4) == [2, 3])
    }

    @Test func `a damaged ledger is said, not taken for nothing submitted`() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for text in [
            "{", "{\"jobs\": [{\"job\": 1}]}", "{\"jobs\": [{\"job\": \"1\", \"workers\": 0, \"tasks\": []}]}",
        ] {
            try text.write(toFile: "\(folder)/slurm/jobs.json", atomically: true, encoding: .utf8)
            #expect(throws: SlurmError.self) { try SlurmLedger(folder: folder) }
        }
    }
}
