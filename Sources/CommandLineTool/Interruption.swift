import ArgumentParser
import OperatingSystem
import Synchronization

/// Outside the type, because a C signal handler may capture nothing.
private let interruptHasCome = Atomic<Bool>(false)

/// Ctrl-C as a question: long work looks at it now and then, and ends with what it knows so far.
enum Interruption {
    /// From now on the first interrupt only sets the flag; a second one ends the program as ever.
    static func watch() {
        Signals.catchInterrupt { _ in interruptHasCome.store(true, ordering: .relaxed) }
    }

    static var isRequested: Bool { interruptHasCome.load(ordering: .relaxed) }
}

extension ExitCode {
    /// Interrupted by Ctrl-C, as a shell reports it: 128 and the signal's number.
    static var interrupted: ExitCode { ExitCode(130) }
}
