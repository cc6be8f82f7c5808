import BuddyEngine
import GFP
import Topology

/// Where a task wants its memory (`struct mempolicy`, mm/mempolicy.c, 6.1 and 6.12). A policy applies to requests that
/// may use the highest zone it covers; the kernel's own requests and `__GFP_THISNODE` go past it.
public enum MemoryPolicy: Hashable, Sendable {
    /// From the CPU's node on (`MPOL_DEFAULT`).
    case `default`
    /// The same, said expressly (`MPOL_LOCAL`).
    case local
    /// Only from these nodes, in order of distance; without them the request fails (`MPOL_BIND`).
    case bind(NodeMask)
    /// From this node on (`MPOL_PREFERRED`).
    case preferred(NodeID)
    /// From these nodes if they have memory, else from any (`MPOL_PREFERRED_MANY`).
    case preferredMany(NodeMask)
    /// A node after another, page by page (`MPOL_INTERLEAVE`).
    case interleave(NodeMask)
    /// So many pages from each node in turn (`MPOL_WEIGHTED_INTERLEAVE`, from 6.9 on); 1 to 255, nodes not named: 1.
    case weightedInterleave(NodeMask, weights: [NodeID: Int])
}

/// A task's policy, where it is allowed to be, and whose turn it is.
public struct TaskPlacement: Hashable, Sendable {
    public var policy: MemoryPolicy
    /// The cpuset's nodes (`mems_allowed`); nil: all.
    public var allowedNodes: NodeMask?
    /// The CPUs that the task may run on; empty: any. Requests are made from the first.
    public var cpus: [CPUID] = []
    /// The node whose turn was last (`il_prev`), and pages it has still to give (`il_weight`).
    private var previous: NodeID?
    private var left = 0

    public init(_ policy: MemoryPolicy = .default, allowedNodes: NodeMask? = nil, cpus: [CPUID] = []) {
        self.policy = policy
        self.allowedNodes = allowedNodes
        self.cpus = cpus
    }

    /// The attempts that come to one request of the task: nearly always one; the next is made only if the one before was
    /// refused (`alloc_pages_mpol`, `alloc_pages_preferred_many`).
    ///
    /// Interleaving moves on by one turn.
    public mutating func requests(for request: AllocationRequest) -> [AllocationRequest] {
        var request = request
        if let cpu = cpus.first { request.cpu = cpu }
        guard !request.gfp.contains(.thisNode), !request.task.contains(.interrupt) else { return [request] }
        let mask = confined(request)
        switch policy {
        case .default, .local:
            request.nodemask = mask(nil)
        case .bind(let nodes):
            request.nodemask = mask(nodes)
        case .preferred(let node):
            request.node = node
            request.nodemask = mask(nil)
        case .preferredMany(let nodes):
            // First only these, and without effort.
            var first = request
            first.nodemask = mask(nodes)
            first.gfp.remove([.directReclaim, .noFail])
            first.gfp.insert(.noWarn)
            request.nodemask = mask(nil)
            return [first, request]
        case .interleave(let nodes):
            request.node = turn(allowed(nodes)) { _ in 1 }
            request.nodemask = mask(nil)
        case .weightedInterleave(let nodes, let weights):
            request.node = turn(allowed(nodes)) { min(max(weights[$0] ?? 1, 1), 255) }
            request.nodemask = mask(nil)
        }
        return [request]
    }

    /// The cpuset binds requests with `__GFP_HARDWALL`, those that a process makes for itself. Others may leave it when
    /// nothing is to be had inside; in the first walks they keep to it too (`cpuset_node_allowed`, kernel/cgroup/cpuset.c).
    private func confined(_ request: AllocationRequest) -> (NodeMask?) -> NodeMask? {
        let allowed = request.gfp.contains(.hardWall) && !request.task.contains(.oomVictim) ? allowedNodes : nil
        return { nodes in
            guard let allowed else { return nodes }
            guard let nodes else { return allowed }
            let both = NodeMask(nodes.nodes.filter { allowed.contains($0) })
            // A policy whose nodes the cpuset has lost is as if it were not there (`policy_nodemask`).
            return both.isEmpty ? allowed : both
        }
    }

    private func allowed(_ nodes: NodeMask) -> [NodeID] {
        let own = nodes.nodes
        guard let allowedNodes else { return own }
        let both = own.filter { allowedNodes.contains($0) }
        return both.isEmpty ? own : both
    }

    /// The next node in ascending order, around in a circle (`interleave_nodes`, `weighted_interleave_nodes`).
    private mutating func turn(_ nodes: [NodeID], weight: (NodeID) -> Int) -> NodeID? {
        guard let first = nodes.first else { return nil }
        if left > 0, let previous, nodes.contains(previous) {
            left -= 1
            return previous
        }
        let next = previous.flatMap { previous in nodes.first { $0 > previous } } ?? first
        previous = next
        left = weight(next) - 1
        return next
    }
}

extension Machine {
    /// Serves a request of a task with a policy.
    public mutating func allocate<Observer: AllocationObserver>(
        _ request: AllocationRequest, by task: inout TaskPlacement, observing observer: inout Observer
    ) -> PageFrame? {
        for attempt in task.requests(for: request) {
            if let frame = allocate(attempt, observing: &observer) {
                if case .interleave = task.policy, let node = attempt.node { countInterleaved(frame, node) }
                if case .weightedInterleave = task.policy, let node = attempt.node { countInterleaved(frame, node) }
                return frame
            }
        }
        return nil
    }

    /// `numa_interleave`: the page came from the node whose turn it was.
    private func countInterleaved(_ frame: PageFrame, _ node: NodeID) {
        guard let zone = segments.zone(of: frame), zones[zone].node == node else { return }
        zones[zone].numa.interleave += 1
    }

    /// ``allocate(_:by:observing:)``, unobserved.
    public mutating func allocate(_ request: AllocationRequest, by task: inout TaskPlacement) -> PageFrame? {
        var observer = NoAllocationObserver()
        return allocate(request, by: &task, observing: &observer)
    }
}
