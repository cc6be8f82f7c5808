import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How a trace is replayed.
public struct ReplayOptions: Sendable {
    public enum Mode: String, Hashable, Sendable {
        /// The same requests, placed as this machine places them.
        case free
        /// Each request is judged against what the trace says it got; then the machine is put right, so that the next one
        /// is judged from the traced machine's state.
        case lockstep
    }

    public var mode: Mode
    /// A mark with this text starts the replay afresh from the start state: what came before it is skipped.
    public var startMark: String
    /// What comes after a mark with this text is skipped.
    public var endMark: String
    /// In lock-step: a task that got another node than its CPU's is taken to have a memory policy, which no trace shows,
    /// until a request of it contradicts.
    public var learnsPolicies: Bool
    /// In lock-step: `mm_page_alloc_zone_locked` and `mm_page_pcpu_drain` say which pages are on which CPU's list, and the
    /// machine is put right where it differs.
    public var followsLists: Bool
    /// The order of which the unusable free space index is taken over time.
    public var fragmentationOrder: Order
    /// In free replay: the policy and cpuset of the task that makes all requests, as no trace says whose they have; nil:
    /// none.
    public var placement: TaskPlacement?
    /// In free replay: what reclaim finds; nil: nothing, and kswapd does not run.
    public var reclaim: ReplayReclaim?
    /// In free replay: keep what happens, for the result's `history`.
    public var recordsHistory = false

    public init(
        mode: Mode = .free, startMark: String = "oracle_state start", endMark: String = "oracle_state end",
        learnsPolicies: Bool = true, followsLists: Bool = true, fragmentationOrder: Order = 9,
        placement: TaskPlacement? = nil, reclaim: ReplayReclaim? = nil
    ) {
        self.mode = mode
        self.startMark = startMark
        self.endMark = endMark
        self.learnsPolicies = learnsPolicies
        self.followsLists = followsLists
        self.fragmentationOrder = fragmentationOrder
        self.placement = placement
        self.reclaim = reclaim
    }
}

extension MachineStart {
    /// The machine that a replay plays on.
    func replayMachine(
        profile: KernelProfile? = nil, policy: (any AllocatorPolicy)? = nil
    ) throws(MachineError) -> Machine {
        var machine: Machine
        switch self {
        case .topology(let topology): machine = try Machine(topology, profile: profile, policy: policy)
        case .snapshot(let snapshot): machine = try Machine.restoring(snapshot, profile: profile, policy: policy)
        }
        // A replay knows for itself which blocks are held.
        machine.checksFrees = false
        return machine
    }
}
