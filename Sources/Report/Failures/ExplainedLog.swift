import FailureAnalysis
import KernelLog
import SourceText

/// Everything that `explain` says about a log: a list of its reports, and the answers.
public struct ExplainedLog: Sendable {
    /// The reports asked for: all that were kept, or the chosen one.
    public let chosen: [FailureAnalysisReport]
    private let listing: FailureListing
    private let count: Int

    /// Explains a log's reports; nil if it has none with that number.
    ///
    /// - Parameters:
    ///   - file: The log's reports.
    ///   - nth: The number of the only report to explain, from 1; nil: all.
    ///   - kernel: The kernel that the log is assumed to be from, whatever it says itself; nil: what it says.
    ///   - jobs: How many reports are explained at once.
    public init?(_ file: ReportFile, nth: Int? = nil, kernel: String? = nil, jobs: Int = 1) {
        let analyses = FailureAnalysis.analyses(
            of: file.reports.map { report in
                var report = report
                if let kernel { report.kernelRelease = kernel }
                return report
            }, jobs: jobs)
        let reports = analyses.enumerated().map {
            FailureAnalysisReport($1, number: file.firstNumber + $0, of: file.count)
        }
        count = file.count
        if let nth {
            guard let report = reports.first(where: { $0.position.number == nth }) else { return nil }
            chosen = [report]
            listing = FailureListing([report.analysis], firstNumber: nth)
        } else {
            guard !reports.isEmpty else { return nil }
            chosen = reports
            listing = FailureListing(analyses, firstNumber: file.firstNumber, omitted: file.omitted)
        }
    }

    /// The answers for programs.
    public var json: JSONValue { listing.json }

    /// The list, if there are several reports, and the answer to each; equal reports are answered once.
    public func text(_ style: TextStyle = .plain) -> String {
        guard chosen.count > 1 else { return chosen.map { $0.text(style) }.joined() }
        var text = ""
        if chosen.count >= FailureSummary.threshold {
            for sentence in summary.sentences { text += style.wrap(sentence) }
            text += "\n"
        }
        text += listing.text(style) + "\n"
        if listing.omitted > 0 {
            text += style.wrap("\(listing.omitted) more reports are not shown: --nth shows one of them.") + "\n"
        }
        var answered: [Likeness: Int] = [:]
        var alike: [Int: Int] = [:]
        for report in chosen {
            let likeness = Likeness(report.analysis)
            if let first = answered[likeness] {
                alike[first, default: 0] += 1
            } else {
                answered[likeness] = report.position.number
            }
        }
        let different = chosen.filter { answered[Likeness($0.analysis)] == $0.position.number }
        text += different.map { report in
            let others = alike[report.position.number] ?? 0
            guard others > 0 else { return report.text(style) }
            let note = "\(others == 1 ? "1 other is" : "\(others) others are") like this one: --nth shows one of them."
            return report.text(style) + "\n" + style.wrap(note, indent: 2)
        }.joined(separator: "\n")
        return text
    }

    private var summary: FailureSummary {
        FailureSummary(analyses: chosen.map(\.analysis), omitted: listing.omitted)
    }

    /// A line for each report: its number, line, kind, cause and sentence, separated by tabs.
    public var oneLineEach: String {
        chosen.map { report in
            let fields = [
                "\(report.position.number)", "\(report.report.line)", report.report.kind.rawValue,
                report.analysis.cause.rawValue, VisibleText.of(report.sentence),
            ]
            return fields.joined(separator: "\t") + "\n"
        }.joined()
    }

    /// A row for each report.
    public var csv: String {
        var table = CommaTable(["number", "line", "kind", "order", "gfp", "cause", "sentence"])
        for report in chosen {
            let request = report.analysis.request
            table.add([
                "\(report.position.number)", "\(report.report.line)", report.report.kind.rawValue,
                request.map { "\($0.order)" } ?? "", request.map { VisibleText.of($0.maskText) } ?? "",
                report.analysis.cause.rawValue, VisibleText.of(report.sentence),
            ])
        }
        return table.text
    }

    /// The properties by which two answers are the same for a reader.
    private struct Likeness: Hashable {
        let kind: FailureReport.Kind
        let mask: String?
        let order: Int?
        let cause: Cause
        let isRefused: Bool?
        let places: [String]

        init(_ analysis: FailureAnalysis) {
            kind = analysis.report.kind
            // The request does not matter where the page allocator was not involved.
            mask = analysis.isRefused == nil ? nil : analysis.request?.maskText
            order = analysis.isRefused == nil ? nil : analysis.request?.order
            cause = analysis.cause
            isRefused = analysis.isRefused
            places = analysis.zones.map { "\($0.zone.node) \($0.zone.kind): \($0.verdict)" }
        }
    }
}
