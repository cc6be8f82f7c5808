import ArgumentParser
import OperatingSystem
import Synchronization

/// Not part of the type, because a C signal handler may not capture anything.
private let interruptHasCome = Atomic<Bool>(false)

/// Ctrl-C as a flag: long work checks it regularly and ends with the results so far.
enum Interruption {
    /// Makes the first interrupt only set the flag; a second one ends the program as usual.
    static func watch() {
        Signals.catchInterrupt { _ in interruptHasCome.store(true, ordering: .relaxed) }
    }

    static var isRequested: Bool { interruptHasCome.load(ordering: .relaxed) }
}

extension ExitCode {
    /// The exit code after Ctrl-C as shells report it: 128 plus the signal's number.
    static var interrupted: ExitCode { ExitCode(130) }
}
