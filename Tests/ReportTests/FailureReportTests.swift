import FailureAnalysis
import Foundation
import KernelLog
import SourceText
import Testing

@testable import Report

@Suite struct FailureReportTests {
    /// A process whose name tries to leave the text it is in.
    private static let log = """
        <script>x</script>&"'\u{1B}[31m: page allocation failure: order:3, mode:0xcc0(GFP_KERNEL), nodemask=(null)
        CPU: 0 PID: 1 Comm: x Not tainted 6.1.0-<b>28 #1
        Mem-Info:
        active_anon:0 inactive_anon:0 isolated_anon:0
         slab_reclaimable:0 slab_unreclaimable:0
         free:16000 free_pcp:0 free_cma:0
        Node 0 Normal free:64000kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB active_anon:0kB \
        inactive_anon:0kB active_file:0kB inactive_file:0kB present:1000000kB managed:1000000kB free_cma:0kB
        lowmem_reserve[]: 0 0 0 0 0
        Node 0 Normal: 16000*4kB (UM) 0*8kB 0*16kB 0*32kB = 64000kB
        250000 pages RAM
        0 pages reserved
        """

    private func report() throws -> FailureAnalysisReport {
        let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: Self.log))
        return FailureAnalysisReport(try #require(analyses.first))
    }

    @Test func `several reports explained at once are explained as one after the other`() throws {
        let text = (0..<7).map { Self.log.replacingOccurrences(of: "16000*4kB", with: "\(16000 - $0)*4kB") }
            .joined(separator: "\n")
        let file = ReportFile(SourceFile(name: "log", text: text))
        #expect(file.reports.count == 7)
        let one = try #require(ExplainedLog(file))
        for jobs in [2, 9] {
            let several = try #require(ExplainedLog(file, jobs: jobs))
            #expect(several.json == one.json && several.text() == one.text(), "\(jobs) jobs")
        }
    }

    @Test func `the answer comes in order`() throws {
        let text = try report().text()
        let parts = [
            "The request of", "no block of that order", "Cause: fragmentation", "What would have helped",
            "What would not", "Assumed",
        ]
        let places = parts.map { text.firstRange(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        let helped = try #require(text.components(separatedBy: "What would not").first)
        #expect(helped.contains("- order 0 instead of 3: served from node 0 Normal"))
        #expect(!helped.contains("- drop caches"))
    }

    @Test func `no control character reaches a terminal`() throws {
        #expect(try report().text().unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }

    @Test func `nothing of a log is markup`() throws {
        let report = try report()
        for text in [FailurePicture(report).svg, HistoryPage(explaining: [report]).html] {
            #expect(!text.contains("<script>"))
            #expect(!text.contains("<b>28"))
            #expect(text.contains("&lt;script&gt;"))
            #expect(!text.unicodeScalars.contains("\u{1B}"))
        }
    }

    @Test func `a combining mark does not hide markup`() {
        #expect(Markup(text: "<\u{301}b>&\u{308}\"\u{302}").source == "&lt;\u{301}b&gt;&amp;\u{308}&quot;\u{302}")
    }

    private func explained(_ log: String, nth: Int? = nil) throws -> ExplainedLog? {
        var stream = ByteStream(name: "log", bytes: Array(log.utf8))
        return ExplainedLog(try ReportFile(&stream, wanted: nth), nth: nth)
    }

    @Test func `reports alike are answered once`() throws {
        let other = Self.log.replacing("order:3", with: "order:2")
        let log = try #require(try explained([Self.log, Self.log, other, Self.log].joined(separator: "\n")))
        let text = log.text()
        #expect(text.components(separatedBy: "\nReport ").count == 3)
        #expect(text.contains("\nReport 1 of 4") && text.contains("\nReport 3 of 4"))
        #expect(text.contains("2 others are like this one"))
        #expect(log.json["reports"]?.array?.count == 4 && log.json["omitted"]?.int == 0)
    }

    @Test func `one report of a log keeps its number`() throws {
        let log = Self.log + "\n" + Self.log.replacing("order:3", with: "order:2")
        #expect(try explained(log, nth: 2)?.text().hasPrefix("Report 2 of 2, line 12:") == true)
        #expect(try explained(log, nth: 3) == nil)
        #expect(try explained("nothing") == nil)
    }

    @Test func `who was killed is said`() throws {
        let kill = """
            worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
            Out of memory: Killed process 7 (a\u{1B}b) total-vm:900kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB
            """
        let text = try #require(try explained(kill)).text()
        #expect(
            text.contains(#"Killed: a\u{1B}b (7), which had 2 MiB"#) || text.contains("Killed: ab (7), which had 2 MiB")
        )
    }

    @Test func `pictures need nothing else`() throws {
        let svg = FailurePicture(try report()).svg
        for reference in ["href=", "src=", "url(", "@import"] { #expect(!svg.contains(reference)) }
    }

    @Test func `the page of a log has the answer, and the request made again on the rebuilt machine`() throws {
        let html = HistoryPage(explaining: [try report()]).html
        #expect(html.contains("<svg") && html.contains("Cause: <b>fragmentation</b>"))
        #expect(html.ranges(of: /(src|href)="(?!#)/).isEmpty)
        let data = html.components(separatedBy: "id=\"history-data-1\">").last?.components(separatedBy: "</script>")
            .first
        let document = try JSONDocument(text: try #require(data), name: "page")
        let event = try #require(document.root["events"]?[0]?.array)
        #expect(event[8].integer == -1, "the rebuilt machine refuses the request")
        #expect(document.root["masks"]?[0]?.string == "GFP_KERNEL")
    }

    @Test func `a report from which no machine can be rebuilt has a page without a history`() throws {
        let log = "worker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
        let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: log))
        let html = HistoryPage(explaining: [FailureAnalysisReport(try #require(analyses.first))]).html
        #expect(html.contains("No machine can be rebuilt"))
        #expect(!html.contains("<script"))
    }

    @Test func `scripts find what they want`() throws {
        let json = FailureListing([try report().analysis]).json
        let first = try #require(json["reports"]?[0])
        #expect(first["line"]?.int == 1)
        #expect(first["kind"]?.string == "page-allocation-failure")
        #expect(first["gfp"]?.string == "GFP_KERNEL")
        #expect(first["order"]?.int == 3)
        #expect(first["refused"]?.bool == true)
        #expect(first["cause"]?.string == "fragmentation")
        #expect(first["zones"]?[0]?["verdict"]?.string == "no block of that order")
        #expect(first["remedies"]?[0]?["helps"]?.bool == true)
        for key in ["kernel", "sentence"] { #expect(first[key]?.string?.isEmpty == false) }
        for key in ["change", "detail"] { #expect(first["remedies"]?[0]?[key]?.string?.isEmpty == false) }
    }

    @Test func `several reports are listed`() throws {
        let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: Self.log + "\n" + Self.log))
        #expect(analyses.count == 2)
        #expect(FailureListing(analyses).text().split(separator: "\n").count == 3)
    }
}
