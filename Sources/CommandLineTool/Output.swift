import MachineSources
import OperatingSystem
import PageAllocator
import Report
import SourceText
import Synchronization
import SystemPackage

/// Standard output and standard error.
enum Output {
    /// What was asked for, without the program's name.
    static let command = Array(CommandLine.arguments.dropFirst())

    /// What the style in use writes of its own, and may reach a terminal.
    private static let sequences = Mutex<[String]>([])

    /// Writes to standard output. A reader that has gone away (`| head`) ends the program quietly; any other failure
    /// ends it with a sentence.
    ///
    /// Whatever the program prints passes here or through ``writeError(_:)``: what came from outside and would act on a
    /// terminal is shown instead.
    static func write(_ text: String) {
        let text =
            text.utf8.contains(0x1B)
            ? VisibleText.of(text, keeping: sequences.withLock { $0 }) : VisibleText.of(text)
        do {
            try FileDescriptor.standardOutput.writeAll(text.utf8)
        } catch Errno.brokenPipe {
            ThisProcess.end(with: 0)
        } catch {
            complain("standard output cannot be written: \(error)")
            ThisProcess.end(with: 2)
        }
    }

    static func write(_ value: JSONValue) { write(value.text() + "\n") }

    /// Says what is wrong on standard error, each line with the program's name.
    static func complain(_ text: String) {
        for line in text.split(separator: "\n") { writeError("numazones: \(line)\n") }
    }

    /// Whether progress would be seen, on a terminal that can take a line back.
    static var isWatched: Bool {
        Terminal(.standardError) != nil && ThisProcess.variable("TERM") != "dumb"
    }

    /// Says on standard error what there is to say about a machine's source, where the report has no place for it.
    static func notes(_ machine: SourcedMachine) {
        for note in machine.notes { writeError("note: \(note)\n") }
    }

    /// Says on standard error whose rules stand in for a kernel that no profile was verified against, where the report has
    /// no place for it.
    static func rules(_ rules: RulesInForce) {
        if rules.standing != .own { note("note: \(rules.words)") }
    }

    /// ``notes(_:)`` and ``rules(_:)`` of a machine.
    static func introduce(_ machine: SourcedMachine) {
        notes(machine)
        rules(RulesInForce(of: machine.snapshot.topology))
    }

    /// A line on standard error that is not a complaint.
    static func note(_ text: String) { writeError(text + "\n") }

    /// Says how far a long piece of work has come, if somebody is watching.
    static func progress(_ text: String) {
        guard isWatched else { return }
        writeError(text, before: "\r", after: "\u{1B}[K")
    }

    /// - Parameters:
    ///   - text: What is said.
    ///   - before: What moves the cursor, and is the program's own.
    ///   - after: The same.
    private static func writeError(_ text: String, before: String = "", after: String = "") {
        // Where standard error is closed, there is nobody to tell.
        _ = try? FileDescriptor.standardError.writeAll((before + VisibleText.of(text) + after).utf8)
    }

    /// Writes lines to a terminal in place of those that were written last.
    ///
    /// - Parameters:
    ///   - lines: Each no wider than the terminal.
    ///   - before: How many lines are there, to be written over.
    static func redraw(_ lines: [String], over before: Int) {
        let up = before > 0 ? "\u{1B}[\(before)A" : ""
        let text = lines.map { VisibleText.of($0) + "\u{1B}[K\n" }.joined()
        _ = try? FileDescriptor.standardOutput.writeAll((up + "\r" + text + "\u{1B}[J").utf8)
    }

    static func endProgress() {
        guard isWatched else { return }
        writeError("", before: "\r", after: "\u{1B}[K")
    }

    /// Colour as wanted; the terminal's width, or 96 columns for files and pipes.
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
