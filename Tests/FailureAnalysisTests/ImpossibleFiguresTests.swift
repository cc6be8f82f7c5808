import KernelLog
import PageAllocator
import Testing

@testable import FailureAnalysis

/// Figures that no machine has, as damage leaves them.
@Suite struct ImpossibleFiguresTests {
    @Test func `a reserve beyond all numbers is not known, and traps nowhere`() throws {
        let most = "9223372036854775807"
        let text = FailureText().text.replacing(
            "lowmem_reserve[]: 0 0 0 0 0", with: "lowmem_reserve[]: \(most) \(most) \(most) \(most) \(most)")
        let report = try #require(LogScanner.reports(in: text).first)
        let machine = try Machine.restoring(report.snapshot().snapshot)
        #expect(machine.freePages == 16_000)
        let analysis = FailureAnalysis(report)
        #expect(analysis.verdict == .undecided && analysis.zones.map(\.lowmemReserve) == [nil])
        #expect(analysis.gaps.contains { if case .reserve = $0 { true } else { false } })
    }
}
