import ArgumentParser
import Report
import SourceText

/// `--svg`: writes a picture of what happened, for use in documents.
struct PictureOptions: ParsableArguments {
    @Option(
        name: .customLong("svg"),
        help: ArgumentHelp(
            "Draw what happened: free memory over the events against the marks; of alloc, the last request's walks. - is "
                + "standard output, in place of the text.", valueName: "file"),
        completion: .file())
    var path: String?

    /// Whether a picture is to be written.
    var isWanted: Bool { path != nil }

    /// Whether it goes to standard output in place of the text.
    var takesStandardOutput: Bool { path == "-" }

    /// Checks that only one output goes to standard output.
    ///
    /// - Parameters:
    ///   - others: Whether something else goes to standard output.
    func validate(beside others: Bool) throws {
        if takesStandardOutput, others {
            throw ValidationError("--svg - goes to standard output too: name a file after --svg")
        }
    }

    /// Writes the picture if the option was given.
    func write(_ svg: @autoclosure () -> String) throws {
        guard var file = try FileOutput.create(path) else { return }
        try file.write(svg())
        try file.finish()
    }
}
