import KernelText
import Simulation
import SourceText
import Testing

@testable import Report

@Suite struct FailureReportTests {
    /// A process whose name tries to leave the text it stands in.
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

    @Test func theAnswerComesInOrder() throws {
        let text = try report().text()
        let parts = [
            "The request of", "no block of that order", "Cause: fragmentation", "Tried on the rebuilt", "Assumed",
        ]
        let places = parts.map { text.firstRange(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        #expect(text.contains("order 0 instead of 3: helps"))
    }

    @Test func noControlCharacterReachesATerminal() throws {
        #expect(try report().text().unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }

    @Test func nothingOfALogIsMarkup() throws {
        let report = try report()
        for text in [FailurePicture(report).svg, FailurePage([report]).html] {
            #expect(!text.contains("<script>"))
            #expect(!text.contains("<b>28"))
            #expect(text.contains("&lt;script&gt;"))
            #expect(!text.unicodeScalars.contains("\u{1B}"))
        }
    }

    @Test func picturesNeedNothingElse() throws {
        let page = FailurePage([try report()]).html
        #expect(page.contains("<svg"))
        for reference in ["href=", "src=", "url(", "@import"] { #expect(!page.contains(reference)) }
    }

    @Test func scriptsFindWhatTheyWant() throws {
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

    @Test func severalReportsAreListed() throws {
        let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: Self.log + "\n" + Self.log))
        #expect(analyses.count == 2)
        #expect(FailureListing(analyses).text().split(separator: "\n").count == 3)
    }
}
