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
        about = history.start.topology.about
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

    /// The histories as data for the script. Long ones are compressed, because pages are sent by mail; one that is served
    /// live is not.
    private var histories: String {
        runs.enumerated().map { place, run in
            var data = HistoryData(run.history)
            let text = data.text(steps: steps)
            let isLong = live == nil && text.utf8.count > Self.mostPlain
            return "<script type=\"application/\(isLong ? "gzip" : "json")\" id=\"history-data-\(place + 1)\">\n"
                + (isLong ? Base64.text(Gzip.compress(Array(text.utf8))) : text) + "\n</script>\n"
        }.joined()
    }

    /// The largest number of bytes of JSON that are stored uncompressed.
    private static let mostPlain = 1 << 18

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

    /// The choice of the run to show.
    private var choice: Markup {
        guard runs.count > 1 else { return "" }
        let options = runs.enumerated().map { place, run -> Markup in
            let letter = isComparison ? place == 0 ? "A: " : "B: " : ""
            return "<option value=\"\(place + 1)\">\(letter + run.name)</option>"
        }.joined()
        return "<p><label>Shown: <select id=\"variant\">\(options)</select></label></p>\n"
    }

    private var summary: String {
        var parts: [String] = []
        if let history = runs.first?.history {
            parts.append("Rules of Linux \(history.profile.name)")
            let events = history.leftOut + history.events.count
            if events > 0 { parts.append(counted(events, "event")) }
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
            + ": they are on the timeline only, in \(history.stretches.count) stretches with the least and the most that was free"
    }
}
