import FailureAnalysis
import GFP
import KernelLog
import Scenarios

/// The lines that a kernel would have printed while scenarios were played: about the refusals and kills that were kept.
public struct ScenarioKernelLog: Sendable {
    private let suite: ScenarioSuite

    /// The largest number of reports of one scenario; a kernel limits its reports as well (one failure in ten seconds).
    public static let mostReports = 16

    /// Collects the reports of scenarios.
    public init(_ suite: ScenarioSuite) { self.suite = suite }

    /// One report after the other; empty if nothing was refused, or only silently (`__GFP_NOWARN`).
    public var text: String {
        suite.entries.map { entry in
            guard case .played(let result, _) = entry.outcome else { return "" }
            return result.refusals.map(report).filter(\.isPrinted).map(\.text).joined()
        }.joined()
    }

    private func report(_ refusal: ScenarioRefusal) -> WrittenReport {
        let pageSize = max(1, refusal.snapshot.topology.pageSize / 1024)
        var use = MemoryUse()
        use.anonymous = refusal.anonymous
        use.file = refusal.file
        use.slabReclaimable = refusal.slabReclaimable
        use.totalSwap = refusal.totalSwap &* pageSize
        use.freeSwap = refusal.freeSwap &* pageSize
        let tasks = refusal.processes.enumerated().map {
            WrittenReport.Task(pid: 100 + $0.offset, name: $0.element.name, anonymous: $0.element.pages)
        }
        var report = WrittenReport(
            refusal.request, refusedBy: refusal.snapshot, nodemask: refusal.nodemask, placement: refusal.placement,
            use: use, tasks: tasks)
        if let killed = refusal.killed { report.event = .kill(victim: killed) }
        report.microseconds = 1_000_000 &+ refusal.work &* 1000
        return report
    }
}
