import Foundation
import Synchronization

/// Ctrl-C as a question: long work looks at it now and then, and ends with what it knows so far.
enum Interruption {
    private static let hasCome = Atomic<Bool>(false)

    /// From now on the first interrupt only sets the flag; a second one ends the program as ever.
    static func watch() {
        signal(SIGINT) { _ in
            Interruption.hasCome.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
    }

    static var isRequested: Bool { hasCome.load(ordering: .relaxed) }
}
