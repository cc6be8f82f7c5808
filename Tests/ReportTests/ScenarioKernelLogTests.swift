import FailureAnalysis
import KernelLog
import Scenarios
import TestSupport
import Testing

@testable import Report

/// What a scenario's machine refuses is printed as its kernel would, and explained again.
@Suite struct ScenarioKernelLogTests {
    private func log(_ name: String) -> String {
        var options = ScenarioSuite.Options()
        options.keeping.refusals = ScenarioKernelLog.mostReports
        var suite = ScenarioSuite(options)
        suite.play(SharedMaterial.packageRoot.appendingPathComponent("Config/scenarios/\(name).json5").path)
        return ScenarioKernelLog(suite).text
    }

    @Test func `a kill is printed with the machine as it was before, and the victim`() throws {
        let reports = LogScanner.reports(in: log("nodes/bound-process-killed"))
        let kill = try #require(reports.first { !($0.oom?.victims.isEmpty ?? true) })
        let victim = try #require(kill.oom?.victims.first)
        #expect(kill.tasks.contains { $0.pid == victim.pid && $0.name == victim.name && $0.residentPages > 0 })
        #expect(kill.oom?.constraint == "CONSTRAINT_MEMORY_POLICY")
        #expect(FailureAnalysis(kill).isRefused == true)
    }
}
