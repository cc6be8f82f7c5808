import NUMAZones
import SourceText

/// Nothing of an untrusted log may leave it as a control character or as markup.
func answer(_ analyses: [FailureAnalysis]) {
    let reports = analyses.enumerated().map { FailureAnalysisReport($1, number: $0 + 1, of: analyses.count) }
    for report in reports {
        precondition(!report.sentence.isEmpty)
        let text = report.text()
        precondition(text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "a control character is printed")
        precondition(!FailurePicture(report).svg.contains("<script"), "markup of the log is in the picture")
    }
    let listing = FailureListing(analyses)
    _ = listing.text()
    _ = listing.json.text()
    // The page has scripts of its own; that a log's are none of them is what the browser's tests look at.
    precondition(HistoryPage(explaining: reports).html.hasSuffix("</html>\n"), "the page is cut")
}
