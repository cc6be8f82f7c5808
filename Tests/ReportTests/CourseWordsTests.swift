import FailureAnalysis
import KernelLog
import SourceText
import Testing

@testable import Report

/// The likely sequence in text, JSON and on the page.
@Suite struct CourseWordsTests {
    private static let log = """
        [100.000000] nic: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0
        [100.000000] CPU: 0 PID: 100 Comm: nic Not tainted 6.1.0-28-amd64 #1  Debian 6.1.119-1
        [100.000000] Mem-Info:
        [100.000000]  active_anon:0 inactive_anon:0 active_file:0 inactive_file:0 free:16000 free_pcp:700 free_cma:0
        [100.250000] Node 0 Normal free:64000kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB \
        present:1000000kB managed:1000000kB mlocked:0kB bounce:0kB free_pcp:2800kB local_pcp:0kB free_cma:0kB
        [100.250000] lowmem_reserve[]: 0 0 0 0 0
        [100.250000] Node 0 Normal: 16000*4kB (UM) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB \
        0*4096kB = 64000kB
        [100.250000] 0 total pagecache pages
        [100.250000] Total swap = 0kB
        [100.250000] 250000 pages RAM
        [100.250000] 0 pages HighMem/MovableOnly
        [100.250000] 0 pages reserved

        """

    private func report() throws -> FailureAnalysisReport {
        FailureAnalysisReport(try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: Self.log)).first))
    }

    @Test func `the sequence is numbered, hedged, and has its figures`() throws {
        let text = try report().text(TextStyle(width: 400))
        for line in [
            "The likely sequence",
            "1. Urgent requests, which do not wait, probably took memory faster than it was freed, so that at most 1.5 MiB "
                + "were free when it was refused, 61 MiB (15625 pages) less than printed.",
            "2. kswapd was woken by it, and by the printed state has reached its aim: every zone is above its high mark.",
            "3. 2.7 MiB lie on CPUs' own lists",
            "4. The zones were printed 250 ms after the report's first line",
            "5. When they were printed, 62.5 MiB were free.",
        ] { #expect(text.contains(line), "\(line): \(text)") }
    }

    @Test func `programs and the page have the same sentences`() throws {
        let report = try report()
        let json = FailureListing([report.analysis]).json
        let steps = try #require(json["reports"]?[0]?["sequence"]?.array)
        #expect(steps.compactMap { $0["sentence"]?.string } == report.course)
        #expect(steps.first?["step"]?.string == "fell" && steps.last?["step"]?.string == "printed")
        let page = FailureMarkup(reports: [report], runs: [nil]).sections.source
        #expect(page.contains("<ol>"))
        for sentence in report.course { #expect(page.contains(sentence.replacing("'", with: "&#39;")), "\(sentence)") }
    }
}
