import FailureAnalysis
import SourceText

/// Explained reports as parts of a page: a list if there are several, and each answer with its picture.
struct FailureMarkup {
    let reports: [FailureAnalysisReport]
    /// By the report's index: the number of the page's run that has its machine, from 1; nil: there is none.
    var runs: [Int?]

    var sections: Markup { contents + zip(reports, runs).map { section($0, run: $1) }.joined() }

    /// The list of reports, if there are several.
    private var contents: Markup {
        guard reports.count > 1 else { return "" }
        let summary = FailureSummary(analyses: reports.map(\.analysis), omitted: 0).sentences.joined(separator: " ")
        var text: Markup = """
            <section class="whole" aria-labelledby="reports-title">
            <h2 id="reports-title">Reports</h2>
            <p>\(summary)</p>
            <ul>

            """
        for report in reports {
            let target = "#report-\(report.position.number)"
            text += "<li><a href=\"\(target)\">\(report.title)</a>: \(report.analysis.cause.title)</li>\n"
        }
        return text + "</ul>\n</section>\n"
    }

    private func section(_ report: FailureAnalysisReport, run: Int?) -> Markup {
        let analysis = report.analysis
        let place = "report-\(report.position.number)"
        var text: Markup = """
            <section class="whole" aria-labelledby="\(place)">
            <h2 id="\(place)">\(report.title)</h2>
            <p class="sentence">\(report.sentence)</p>
            <p>Cause: <b>\(analysis.cause.rawValue)</b> (\(analysis.cause.title)). Verdict: \(report.verdict).</p>

            """
        if let run { text += "<p><a href=\"#run=\(run)&amp;event=1\">Step through the repeated request</a></p>\n" }
        text +=
            "<details open><summary>Picture</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Picture\">"
            + FailurePicture(report).markup + "</div></details>\n"
        if !analysis.zones.isEmpty { text += table(report.walk, caption: "The walk") }
        let course = report.course
        if !course.isEmpty {
            text += "<h3>\(CourseWords.title)</h3>\n<ol>\n"
            text += course.map { "<li>\($0)</li>\n" }.joined() + "</ol>\n"
        }
        if !analysis.remedies.isEmpty { text += remedies(report) }
        text += holders(report)
        if !analysis.assumptions.isEmpty {
            text += "<details><summary>Assumed, as the report does not say</summary>\n<ul class=\"quiet\">\n"
            text += analysis.assumptions.map { "<li>\($0.sentence)</li>\n" }.joined() + "</ul></details>\n"
        }
        return text + "</section>\n"
    }

    private func remedies(_ report: FailureAnalysisReport) -> Markup {
        let remedies = report.analysis.remedies
        let rows = (remedies.filter(\.helps) + remedies.filter { !$0.helps }).map { remedy -> Markup in
            let words = report.words(remedy)
            return """
                <tr><th scope="row">\(words.change)</th>\
                <td class="\(remedy.helps ? "good" : "bad")">\(prospect(remedy))</td><td>\(words.detail)</td></tr>

                """
        }
        return tableMarkup(caption: "Tried on the rebuilt machine", head: "", rows: rows.joined())
    }

    /// The result of a remedy in a word or two.
    private func prospect(_ remedy: Remedy) -> String {
        switch remedy.odds {
        case .certain: "helps"
        case .likely: "probably helps"
        case .none: "does not help"
        }
    }

    /// The holders of memory, where they are of interest.
    private func holders(_ report: FailureAnalysisReport) -> Markup {
        guard let account = report.analysis.account, report.showsHolders else { return "" }
        let total = account.managed.map { " (of \(report.memory($0)))" } ?? ""
        var text = table(report.holders(account), caption: "Who has the memory\(total)")
        for sentence in [report.placesSentence, report.swapSentence].compactMap({ $0 }) {
            text += "<p>\(sentence)</p>\n"
        }
        if let sites = report.allocationSites {
            text += table(sites, caption: "Who allocated most, by the kernel's profile")
        }
        if let tasks = report.largestTasks { text += table(tasks, caption: "The largest processes") }
        return text
    }

    private func table(_ table: TextTable, caption: String) -> Markup {
        func cells(_ texts: [String], _ tag: Markup) -> Markup {
            "<tr>" + texts.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>\n"
        }
        let titles = table.columns.map(\.title)
        let head: Markup = titles.contains { !$0.isEmpty } ? "<thead>" + cells(titles, "th") + "</thead>" : ""
        return tableMarkup(caption: caption, head: head, rows: table.rows.map { cells($0.map(\.text), "td") }.joined())
    }

    private func tableMarkup(caption: String, head: Markup, rows: Markup) -> Markup {
        """
        <div class="wide" tabindex="0" role="region" aria-label="\(caption)"><table class="words">
        <caption>\(caption)</caption>\(head)<tbody>\(rows)</tbody></table></div>

        """
    }
}
