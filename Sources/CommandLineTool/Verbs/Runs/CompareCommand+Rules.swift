import ArgumentParser
import PageAllocator
import Recordings
import Report
import Topology

/// Compares the results of two kernels' rules for the same trace, or for the requests of a recording.
extension CompareCommand {
    func validateRecording() throws {
        guard recording != nil else { return }
        guard kernels.count == 2, machines.isEmpty, !task.isGiven, settings.settings.isEmpty, scenario == nil,
            !variantOptions.isAsked
        else {
            throw ValidationError("a recording has its own machine and tasks: give --kernel twice and nothing else")
        }
    }

    private func choices() throws -> [KernelChoice] {
        try kernels.map { text throws(ToolError) in try RuleOptions.kernel(text, of: "--kernel") }
    }

    private func write(_ report: ComparisonReport, of played: String) {
        var origin = ResultOrigin(command: Output.command, sources: machines + [played])
        origin.settings = settings.settings
        origin.policy = task.isGiven ? task.description : nil
        output.write(.comparison, origin, json: report.json) { report.text($0) }
    }

    func compare(recording path: String) throws {
        let recording = try Recording.load(path)
        let profiles = try choices().map { try KernelProfile(nearest: $0.version).changed(by: $0.changes) }
        let first = try RecordedRun(of: recording, under: profiles[0])
        let second = try RecordedRun(of: recording, under: profiles[1])
        var report = ComparisonReport(first, second)
        if blame {
            report.blame = try RuleBlame(from: profiles[0], to: profiles[1]) { profile in
                try RecordedRun(of: recording, under: profile).figures(comparedWith: second).distance
            }
        }
        write(report, of: path)
    }

    func compare(trace path: String) throws {
        guard (1...2).contains(machines.count) else {
            throw ToolError("name the machine that --trace is replayed on, or one for each kernel")
        }
        guard path != "-" else { throw ToolError("--trace is read more than once: name a file") }
        let compared = ComparedTrace(
            path: path, machines: machines, settings: try settings.changes(), task: task, choices: try choices())
        write(try compared.report(blames: blame), of: path)
    }
}
