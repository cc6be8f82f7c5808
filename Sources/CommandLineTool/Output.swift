import Foundation
import MachineSources
import Report
import SourceText
import Synchronization

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
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(STDOUT_FILENO, buffer.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR {
                complain("standard output cannot be written: \(String(cString: strerror(errno)))")
                exit(2)
            }
        }
    }

    static func write(_ value: JSONValue) { write(value.text() + "\n") }

    /// Says what is wrong on standard error, each line with the program's name.
    static func complain(_ text: String) {
        for line in text.split(separator: "\n") { writeError("numazones: \(line)\n") }
    }

    /// Whether progress would be seen, on a terminal that can take a line back.
    static var isWatched: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Says on standard error what is to be said of a machine's source, where the report has no place for it.
    static func notes(_ machine: SourcedMachine) {
        for note in machine.notes { writeError("note: \(note)\n") }
    }

    /// A line on standard error that is no complaint.
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
        let bytes = Array((before + VisibleText.of(text) + after).utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static func endProgress() {
        guard isWatched else { return }
        writeError("", before: "\r", after: "\u{1B}[K")
    }

    /// Colour as wanted; the terminal's width, or 96 columns for files and pipes.
    static func style(_ color: ColorChoice) -> TextStyle {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let environment = ProcessInfo.processInfo.environment
        var style = TextStyle(usesColor: color.usesColor(environment: environment, isTerminal: isTerminal))
        let own = style.sequences
        sequences.withLock { $0 = own }
        var size = winsize()
        if isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            style.width = min(max(Int(size.ws_col) - 1, 60), 120)
        }
        return style
    }
}
