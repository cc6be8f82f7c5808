import FailureAnalysis
import SourceText

/// Explained reports as one HTML page that needs nothing else: pictures are inline, there are no scripts, and all text
/// from the log is escaped.
public struct FailurePage: Sendable {
    private let reports: [FailureAnalysisReport]

    public init(_ reports: [FailureAnalysisReport]) { self.reports = reports }

    public var html: String { page.source }

    private var page: Markup {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Why memory ran out</title>
        <style>
        body { font-family: sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #1a1a1a; }
        p.sentence { font-size: 1.15em; }
        td, th { padding: 0.2em 0.8em 0.2em 0; text-align: left; vertical-align: top; }
        .helps { color: #207020; } .not { color: #a02020; } .quiet { color: #606060; font-size: 0.9em; }
        svg { max-width: 100%; height: auto; border: 1px solid #d0d0d0; }
        </style>
        </head>
        <body>

        """ + contents + reports.map(section).joined() + "</body>\n</html>\n"
    }

    /// A list of the reports, where there are several.
    private var contents: Markup {
        guard reports.count > 1 else { return "" }
        let summary = FailureSummary(analyses: reports.map(\.analysis), omitted: 0).sentences.joined(separator: " ")
        var text: Markup = "<h1>Contents</h1>\n<p>\(summary)</p>\n<ul>\n"
        for report in reports {
            let target = "#report-\(report.position.number)"
            text += "<li><a href=\"\(target)\">\(report.title)</a>: \(report.analysis.cause.title)</li>\n"
        }
        return text + "</ul>\n"
    }

    /// What came of a remedy, in a word.
    private func prospect(_ remedy: Remedy) -> String {
        switch remedy.odds {
        case .certain: "helps"
        case .likely: "probably helps"
        case .none: "does not help"
        }
    }

    private func section(_ report: FailureAnalysisReport) -> Markup {
        let analysis = report.analysis
        let place = "report-\(report.position.number)"
        var text: Markup = "<h2 id=\"\(place)\">\(report.title)</h2>\n<p class=\"sentence\">\(report.sentence)</p>\n"
        text += "<p>Cause: <b>\(analysis.cause.rawValue)</b> (\(analysis.cause.title)). "
        text += "Verdict: \(report.verdict).</p>\n"
        text += FailurePicture(report).markup
        if !analysis.zones.isEmpty { text += "<h3>The walk</h3>\n" + table(report.walk) }
        if !analysis.remedies.isEmpty {
            text += "<h3>Tried on the rebuilt machine</h3>\n<table>\n"
            for remedy in analysis.remedies.filter(\.helps) + analysis.remedies.filter({ !$0.helps }) {
                text +=
                    "<tr><td>\(report.words(remedy).change)</td><td class=\"\(remedy.helps ? "helps" : "not")\">"
                    + "\(prospect(remedy))</td><td>\(report.words(remedy).detail)</td></tr>\n"
            }
            text += "</table>\n"
        }
        if let account = analysis.account, report.showsHolders {
            let total = account.managed.map { " (of \(report.memory($0)))" } ?? ""
            text += "<h3>Who has the memory\(total)</h3>\n"
            text += table(report.holders(account))
            if let places = report.placesSentence { text += "<p>\(places)</p>\n" }
            if let swap = report.swapSentence { text += "<p>\(swap)</p>\n" }
            if let sites = report.allocationSites {
                text += "<h3>Who allocated most, by the kernel's profile</h3>\n"
                text += table(sites)
            }
            if let tasks = report.largestTasks {
                text += "<h3>The largest processes</h3>\n"
                text += table(tasks)
            }
        }
        if !analysis.assumptions.isEmpty {
            text += "<h3>Assumed</h3>\n<ul class=\"quiet\">\n"
            text += analysis.assumptions.map { "<li>\($0.sentence)</li>\n" }.joined() + "</ul>\n"
        }
        return text
    }

    private func table(_ table: TextTable) -> Markup {
        func row(_ cells: [String], _ tag: String) -> Markup {
            "<tr>" + cells.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>\n"
        }
        let titles = table.columns.map(\.title)
        return "<table>\n" + (titles.contains { !$0.isEmpty } ? row(titles, "th") : "")
            + table.rows.map { row($0.map(\.text), "td") }.joined() + "</table>\n"
    }
}
