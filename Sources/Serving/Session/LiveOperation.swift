import PageAllocator
import Topology

/// Something that a visitor asks of the machine. A list of these from the start on is all that a session is.
enum LiveOperation: Sendable {
    case request(LiveRequest)
    /// This many of the blocks handed out last go back.
    case free(count: Int)
    case set(SettingChange)
    case drain
    /// From now on all is done on a second machine too, which differs in a setting; what was done before is done on it.
    case rival(SettingChange)

    /// The most requests or frees in one.
    static let mostAtOnce = 1000
}

/// The same request several times, by a task with a policy if one was named.
struct LiveRequest: Sendable {
    var request: AllocationRequest
    var placement: TaskPlacement?
    var count: Int
    /// The mask and the policy as they were asked for; empty: no policy.
    var words: (mask: String, policy: String)
}

/// Why something asked was not done: said to the visitor.
struct LiveProblem: Error, Sendable, CustomStringConvertible {
    enum Kind: Sendable {
        /// The body has not the form that the address takes.
        case form
        /// The session is not as it would have to be.
        case state
    }

    var kind: Kind
    var description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
