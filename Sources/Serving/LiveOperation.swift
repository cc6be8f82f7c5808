import PageAllocator
import Topology

/// Something that a visitor asks of the machine. A list of these from the start on is all that a session is.
enum LiveOperation: Sendable {
    /// The same request so often.
    case request(AllocationRequest, count: Int)
    /// The blocks handed out last, so many of them, go back.
    case free(count: Int)
    case set(SettingChange)
    case drain

    /// The most requests or frees in one.
    static let mostAtOnce = 1000
}

/// Why something asked was not done: said to the visitor.
struct LiveProblem: Error, Sendable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
