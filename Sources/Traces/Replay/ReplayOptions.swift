import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How a trace is replayed.
public struct ReplayOptions: Sendable {
    /// The two ways of replaying.
    public enum Mode: String, Hashable, Sendable {
        /// The same requests, placed as this machine places them.
        case free
        /// The result of each request is compared with the traced one; then the machine is corrected, so that the next
        /// request starts from the traced machine's state.
        case lockstep
    }

    /// The way of replaying.
    public var mode: Mode
    /// A mark with this text restarts the replay from the start state: what came before is skipped.
    public var startMark: String
    /// Everything after a mark with this text is skipped.
    public var endMark: String
    /// In lock-step: assume that a task that got a page on another node than its CPU's has a memory policy, which no
    /// trace shows, until a request of the task contradicts it.
    public var learnsPolicies: Bool
    /// In lock-step: `mm_page_alloc_zone_locked` and `mm_page_pcpu_drain` tell which pages are on which CPU's list, and
    /// the machine is corrected where it differs.
    public var followsLists: Bool
    /// The order for which the unusable free space index is recorded over time.
    public var fragmentationOrder: Order
    /// In free replay: the policy and cpuset of the task that makes all requests, since no trace shows tasks' own; nil:
    /// none.
    public var placement: TaskPlacement?
    /// In free replay: the pages that reclaim can free; nil: none, and kswapd does not run.
    public var reclaim: ReplayReclaim?
    /// In free replay: record what happens for the result's `history`.
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
    /// The machine for a replay.
    func replayMachine(
        profile: KernelProfile? = nil, policy: (any AllocatorPolicy)? = nil
    ) throws(MachineError) -> Machine {
        var machine: Machine
        switch self {
        case .topology(let topology): machine = try Machine(topology, profile: profile, policy: policy)
        case .snapshot(let snapshot): machine = try Machine.restoring(snapshot, profile: profile, policy: policy)
        }
        // A replay keeps track of which blocks are in use itself.
        machine.checksFrees = false
        return machine
    }
}
