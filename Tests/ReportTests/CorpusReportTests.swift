import FailureAnalysis
import Foundation
import KernelLog
import TestSupport
import Testing

@testable import Report

/// Reports from machines in the world. Their table is in Documentation/Failures/CorpusReports.md.
@Suite struct CorpusReportTests {
    private struct Row {
        var file: String
        var analysis: FailureAnalysis

        /// The request failed for want of pages, so that the rebuilt machine should refuse it.
        var counts: Bool {
            guard case .notAsked = analysis.verdict else {
                return analysis.report.kind == .pageAllocationFailure || analysis.report.kind == .oomKill
            }
            return false
        }

        /// What is free above the marks is little, and taken to have been freed after the refusal.
        var isSinceFreed: Bool {
            analysis.assumptions.contains { if case .freedSince = $0 { true } else { false } }
        }

        var text: String {
            let request = analysis.request.map { "order \($0.order), `\($0.maskText)`" } ?? ""
            let (verdict, remark) =
                switch analysis.verdict {
                case .refuses where isSinceFreed: ("refuses", counts ? "yes, before the last pages came" : "")
                case .refuses: ("refuses", counts ? "yes" : "")
                case .serves: ("serves", counts ? "no: the state printed lies above the marks that hold for it" : "")
                case .notAsked(let why): ("not asked", why.reason)
                case .notRebuilt(let why): ("not rebuilt", why.reason)
                case .undecided: ("cannot be determined", "the report is damaged")
                }
            return
                "| \(file) | \(analysis.report.kind.rawValue) | \(request) | \(verdict) | \(remark) | \(analysis.cause.rawValue) |"
        }
    }

    private func rows() throws -> [Row] {
        try ["corpus/dmesg", "corpus/dmesg-wrapped"].flatMap { folder in
            try SharedMaterial.files(in: folder, endingIn: ".txt").flatMap { path in
                let bytes = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
                return FailureAnalysis.analyses(of: LogScanner.reports(in: bytes)).map {
                    Row(file: String(path.dropFirst("corpus/".count)), analysis: $0)
                }
            }
        }
    }

    @Test(.enabled(if: SharedMaterial.has("corpus/dmesg")))
    func `rebuilt machines refuse what kernels refused`() throws {
        let rows = try rows()
        let counted = rows.filter(\.counts)
        let agreeing = counted.filter { $0.analysis.isRefused == true }
        #expect(agreeing.count * 10 >= counted.count * 9, "\(agreeing.count) of \(counted.count)")
        for row in rows { #expect(!FailureAnalysisReport(row.analysis).sentence.isEmpty, "\(row.file)") }

        let document = """
            # Reports from the world, explained

            Each report of the collection of public kernel logs that the project is tested with: what was asked, whether \
            the machine rebuilt from the report refuses it, as the kernel did, and the cause that is told. "Not asked" are \
            reports in which the page allocator refused nothing. Where little more is free than the marks demand, a \
            thirty-second of the zones at most, it is taken to have been freed after the refusal, and the answer says so; \
            where more is, it says that the state printed would have served, and names no cause.

            \(agreeing.count) of \(counted.count) page allocation failures and kills agree. The test `CorpusReportTests` \
            keeps this table true; `NUMAZONES_WRITE_TABLES=1` rewrites it.

            | report | kind | request | rebuilt machine | agrees | cause |
            |---|---|---|---|---|---|
            \(rows.map(\.text).joined(separator: "\n"))

            """
        let file = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Failures/CorpusReports.md")
        if ProcessInfo.processInfo.environment["NUMAZONES_WRITE_TABLES"] != nil {
            try document.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: file, encoding: .utf8) == document,
            "Documentation/Failures/CorpusReports.md is out of date")
    }
}
