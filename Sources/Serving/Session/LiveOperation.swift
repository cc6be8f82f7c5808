import PageAllocator
import Topology

/// Something that a visitor asks of the machine. A list of these from the start on is all that a session is.
enum LiveOperation: Sendable {
    /// The same request so often, by a task with a policy if one was named.
    case request(AllocationRequest, TaskPlacement?, count: Int)
    /// The blocks handed out last, so many of them, go back.
    case free(count: Int)
    case set(SettingChange)
    case drain
    /// From now on all is done on a second machine too, which differs in a setting; what was done before is done on it.
    case rival(SettingChange)

    /// The most requests or frees in one.
    static let mostAtOnce = 1000
}

/// Why something asked was not done: said to the visitor.
struct LiveProblem: Error, Sendable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
