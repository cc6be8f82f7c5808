import BrowserCode
import History
import PageAllocator
import Scenarios
import SourceText

/// A history as one page, to step through: a map of the machine, its free lists, a timeline and every event.
///
/// The file is self-contained, and the browser is told to load nothing: scripts and styles are allowed by their digests
/// only.
public struct HistoryPage: Sendable {
    /// One history of several, of which the page shows one at a time.
    struct Run: Sendable {
        /// The name in the choice of runs.
        var name: String
        var history: MachineHistory
    }

    private var runs: [Run]
    /// Whether there are two runs of the same scenario, whose figures are compared.
    private var isComparison = false
    private var figures: [ComparedFigure] = []
    /// Sections before everything else.
    var opening: Markup = ""
    /// The page's title.
    public var title: String
    /// What the page is about, in a sentence or two; empty: not stated.
    public var about = ""
    /// The titles of a scenario's steps, in the order of its results.
    public var steps: [String] = []
    /// The forms of a page that is served live, with which the user makes the program act; nil: not live.
    public var live: LiveControls?
    /// The command that made the page, one word each.
    public var command: [String] = []

    /// Creates a page of one history.
    public init(_ history: MachineHistory, title: String) {
        self.init(runs: [Run(name: "", history: history)], title: title)
    }

    init(runs: [Run], title: String) {
        self.runs = runs
        self.title = title
    }

    /// Adds a second history to compare with; the page shows one at a time.
    ///
    /// - Parameters:
    ///   - second: The other history.
    ///   - names: The names of both.
    public mutating func add(_ second: MachineHistory, names: [String]) {
        runs.append(Run(name: "", history: second))
        for (place, name) in zip(runs.indices, names) { runs[place].name = name }
        isComparison = true
    }

    /// Creates the page of a scenario; nil if its history was not recorded.
    ///
    /// - Parameters:
    ///   - result: The scenario's result.
    public init?(_ result: ScenarioResult) {
        guard let history = result.history else { return nil }
        self.init(history, title: result.name.isEmpty ? "Scenario" : result.name)
        about = result.about
        steps = result.steps.map { step in
            step.about.isEmpty ? step.action.title : "\(step.about) (\(step.action.title))"
        }
    }

    /// Creates the page of two runs of a scenario on different machines or with different settings; nil if no histories
    /// were recorded.
    ///
    /// - Parameters:
    ///   - comparison: The runs.
    public init?(_ comparison: ScenarioComparison) {
        self.init(comparison.first.result)
        guard let second = comparison.second.result.history else { return nil }
        add(second, names: [comparison.first.name, comparison.second.name])
        figures = comparison.figures
    }

    /// The page as an HTML document.
    public var html: String {
        let script = "\n" + BrowserCode.script
        let style = "\n" + BrowserCode.style + "\n" + PictureColour.darkRules + "\n"
        let policy =
            "default-src 'none'; script-src 'sha256-\(Self.digest(script))'\(liveSource); style-src 'sha256-\(Self.digest(style))'; "
            + "base-uri 'none'; form-action 'none'" + (live == nil ? "" : "; connect-src 'self'")
        let head: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(title) · numazones</title>

            """
        return head.source + "<style>" + style + "</style>\n</head>\n<body>\n" + body.source
            + histories + (runs.isEmpty ? "" : "<script type=\"module\">" + script + "</script>\n") + liveScript
            + "</body>\n</html>\n"
    }

    private var liveSource: String { live == nil ? "" : " 'sha256-\(Self.digest(BrowserCode.liveScript))'" }

    private var liveScript: String {
        live == nil ? "" : "<script type=\"module\">" + BrowserCode.liveScript + "</script>\n"
    }

    /// The histories as data for the script.
    private var histories: String {
        runs.enumerated().map { place, run in
            var data = HistoryData(run.history)
            return "<script type=\"application/json\" id=\"history-data-\(place + 1)\">\n" + data.text(steps: steps)
                + "\n</script>\n"
        }.joined()
    }

    private static func digest(_ text: String) -> String {
        var sum = SHA256()
        sum.update(text.utf8)
        return sum.finishBase64()
    }

    private var body: Markup {
        """
        <a class="skip" href="#details">To the event shown</a>
        <header>
        <h1>\(title)</h1>
        \(aboutLine)
        <p class="quiet">\(summary)</p>
        \(choice)
        <noscript><p>This page draws what happened with a script of its own; yours is switched off.</p></noscript>
        </header>

        """ + (runs.isEmpty ? "" : PageFrameMarkup.player) + "<main>\n" + (live?.forms ?? "") + opening
            + (runs.isEmpty ? "" : PageFrameMarkup.views) + "</main>\n"
    }

    private var aboutLine: Markup { about.isEmpty ? "" : "<p>\(about)</p>" }

    /// The choice of the run to show, and the figures in which two runs differ.
    private var choice: Markup {
        guard runs.count > 1 else { return "" }
        let options = runs.enumerated().map { place, run -> Markup in
            let letter = isComparison ? place == 0 ? "A: " : "B: " : ""
            return "<option value=\"\(place + 1)\">\(letter + run.name)</option>"
        }.joined()
        let chooser: Markup = "<p><label>Shown: <select id=\"variant\">\(options)</select></label></p>\n"
        guard !figures.isEmpty else { return chooser }
        let rows = figures.map { row -> Markup in
            """
            <tr><th scope="row">\(row.name)</th><td>\(row.first)</td><td>\(row.second)</td>
            <td>\(row.difference > 0 ? "+" : "")\(row.difference)</td></tr>

            """
        }.joined()
        return chooser + """
            <details><summary>What changed from A to B</summary>
            <table class="figures"><thead><tr><th scope="col"></th><th scope="col">A</th><th scope="col">B</th>
            <th scope="col">change</th></tr></thead><tbody>\(rows)</tbody></table></details>
            """
    }

    private var summary: String {
        var parts: [String] = []
        if let history = runs.first?.history {
            parts.append("Rules of Linux \(history.profile.name)")
            parts.append(counted(history.leftOut + history.events.count, "event"))
            if history.leftOut > 0 { parts.append(leftOut(history)) }
        }
        if !command.isEmpty { parts.append("made by: numazones " + command.joined(separator: " ")) }
        return parts.joined(separator: "; ")
    }

    /// A sentence about the events that are not shown one by one.
    private func leftOut(_ history: MachineHistory) -> String {
        let tally = history.tallyLeftOut
        let noticed = [
            (tally.refusals, "refused"), (tally.fallbacks, "with a block of another type"),
            (tally.steals, "in which a pageblock changed its type"), (tally.stalls, "that reclaimed directly"),
            (tally.compactions, "with compaction"), (tally.kills, "in which killing was considered"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "the first \(counted(history.leftOut, "event")) left out"
            + (noticed.isEmpty ? "" : " (among them \(noticed.joined(separator: ", ")))")
            + ": of them the timeline has what was free at least and at most, in "
            + "\(history.stretches.count) stretches"
    }
}
