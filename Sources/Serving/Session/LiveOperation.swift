import PageAllocator
import Topology

/// Something that a user asks of the machine. A session is the list of these operations from its start on.
enum LiveOperation: Sendable {
    case request(LiveRequest)
    /// Frees this many of the blocks allocated last.
    case free(count: Int)
    case set(SettingChange)
    case drain
    /// Adds a second machine that differs in a setting; earlier and later operations are carried out on it too.
    case rival(SettingChange)

    /// The largest number of requests or frees in one operation.
    static let mostAtOnce = 1000
}

/// The same request several times, optionally by a task with a policy.
struct LiveRequest: Sendable {
    var request: AllocationRequest
    var placement: TaskPlacement?
    var count: Int
    /// The mask and the policy as the user wrote them; an empty policy: none.
    var words: (mask: String, policy: String)
}

/// The reason why an operation was not carried out, shown to the user.
struct LiveProblem: Error, Sendable, CustomStringConvertible {
    enum Kind: Sendable {
        /// The body does not have the form that the address accepts.
        case form
        /// The session is not in the required state.
        case state
    }

    var kind: Kind
    var description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
