import MachineSources
import OperatingSystem
import PageAllocator
import Report
import SourceText
import Synchronization
import SystemPackage

/// Standard output and standard error.
enum Output {
    /// The command line without the program's name.
    static let command = Array(CommandLine.arguments.dropFirst())

    /// The escape sequences of the style in use, which may reach a terminal.
    private static let sequences = Mutex<[String]>([])

    /// Writes to standard output. If the reader has gone away (`| head`), the program ends silently; any other failure
    /// ends it with an error message.
    ///
    /// Everything that the program prints goes through this or ``writeError(_:)``: characters from outside that would
    /// act on a terminal are made visible instead.
    static func write(_ text: String) {
        let text =
            text.utf8.contains(0x1B)
            ? VisibleText.of(text, keeping: sequences.withLock { $0 }) : VisibleText.of(text)
        do {
            try FileDescriptor.standardOutput.writeAll(text.utf8)
        } catch Errno.brokenPipe {
            ThisProcess.end(with: 0)
        } catch {
            complain("cannot write to standard output: \(error)")
            ThisProcess.end(with: 2)
        }
    }

    static func write(_ value: JSONValue) { write(value.text() + "\n") }

    /// Writes an error message to standard error, each line with the program's name.
    static func complain(_ text: String) {
        for line in text.split(separator: "\n") { writeError("numazones: \(line)\n") }
    }

    /// Whether progress can be shown: standard error is a terminal that can overwrite a line.
    static var isWatched: Bool {
        Terminal(.standardError) != nil && ThisProcess.variable("TERM") != "dumb"
    }

    /// Writes the notes about a machine's source to standard error, where the report does not contain them.
    static func notes(_ machine: SourcedMachine) {
        for note in machine.notes { writeError("note: \(note)\n") }
    }

    /// Writes to standard error which rules are used for a kernel that no profile was verified against, where the
    /// report does not contain this.
    static func rules(_ rules: RulesInForce) {
        if rules.standing != .own { note("note: \(rules.words)") }
    }

    /// Writes both ``notes(_:)`` and ``rules(_:)`` of a machine.
    static func introduce(_ machine: SourcedMachine) {
        notes(machine)
        rules(RulesInForce(of: machine.snapshot.topology))
    }

    /// Writes a line to standard error that is not an error message.
    static func note(_ text: String) { writeError(text + "\n") }

    /// Shows the progress of long work if progress can be shown.
    static func progress(_ text: String) {
        guard isWatched else { return }
        writeError(text, before: "\r", after: "\u{1B}[K")
    }

    /// Writes to standard error.
    ///
    /// - Parameters:
    ///   - text: The text, in which control characters are made visible.
    ///   - before: Control characters of the program's own, written before the text.
    ///   - after: Control characters of the program's own, written after the text.
    private static func writeError(_ text: String, before: String = "", after: String = "") {
        // If standard error is closed, nobody can be told.
        _ = try? FileDescriptor.standardError.writeAll((before + VisibleText.of(text) + after).utf8)
    }

    /// Replaces the lines written last on a terminal.
    ///
    /// - Parameters:
    ///   - lines: The new lines, each no wider than the terminal.
    ///   - before: The number of lines to overwrite.
    static func redraw(_ lines: [String], over before: Int) {
        let up = before > 0 ? "\u{1B}[\(before)A" : ""
        let text = lines.map { VisibleText.of($0) + "\u{1B}[K\n" }.joined()
        _ = try? FileDescriptor.standardOutput.writeAll((up + "\r" + text + "\u{1B}[J").utf8)
    }

    static func endProgress() {
        guard isWatched else { return }
        writeError("", before: "\r", after: "\u{1B}[K")
    }

    /// The style of standard output: coloured as chosen, as wide as the terminal, or 96 columns in files and pipes.
    static func style(_ color: ColorChoice) -> TextStyle {
        let terminal = Terminal(.standardOutput)
        var style = TextStyle(
            usesColor: color.usesColor(environment: { ThisProcess.variable($0) }, isTerminal: terminal != nil))
        let own = style.sequences
        sequences.withLock { $0 = own }
        if let width = terminal?.width { style.width = min(max(width - 1, 60), 120) }
        return style
    }
}
