import ArgumentParser
import Report

/// `--html`: writes a page to step through what happened.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a page that shows what happened, event by event; - is standard output, in place of the text.",
            valueName: "file"),
        completion: .file())
    var html: String?

    /// Whether a page is to be written.
    var isWanted: Bool { html != nil }

    /// Whether it goes to standard output in place of the text.
    var takesStandardOutput: Bool { html == "-" }

    /// Checks that only one output goes to standard output.
    ///
    /// - Parameters:
    ///   - others: Whether something else goes to standard output.
    func validate(beside others: Bool) throws {
        if takesStandardOutput, others {
            throw ValidationError("--html - goes to standard output too: name a file after --html")
        }
    }

    /// Writes the page if the option was given.
    func write(_ page: @autoclosure () -> HistoryPage) throws {
        guard var file = try FileOutput.create(html) else { return }
        var page = page()
        page.command = Output.command
        try file.write(page.html)
        try file.finish()
    }
}
