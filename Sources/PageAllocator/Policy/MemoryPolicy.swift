import BuddyEngine
import GFP
import Topology

/// Where a task wants its memory (`struct mempolicy`, mm/mempolicy.c, 6.1 and 6.12). It does not apply to interrupts,
/// `__GFP_THISNODE` and requests that name a node; `bind` does not apply to requests for zones such as DMA.
public enum MemoryPolicy: Hashable, Sendable {
    /// Beginning with the CPU's node (`MPOL_DEFAULT`).
    case `default`
    /// The same, set explicitly (`MPOL_LOCAL`).
    case local
    /// Only from these nodes, in order of distance; if they have nothing, the request fails (`MPOL_BIND`).
    case bind(NodeMask)
    /// Beginning with this node (`MPOL_PREFERRED`).
    case preferred(NodeID)
    /// From these nodes if they have memory, else from any (`MPOL_PREFERRED_MANY`).
    case preferredMany(NodeMask)
    /// From one node after another, page by page (`MPOL_INTERLEAVE`).
    case interleave(NodeMask)
    /// So many pages from each node in turn (`MPOL_WEIGHTED_INTERLEAVE`, from 6.9); weights are 1 to 255, by default 1.
    case weightedInterleave(NodeMask, weights: [NodeID: Int])
}

/// A task's memory policy, its cpuset and CPUs, and the state of interleaving.
public struct TaskPlacement: Hashable, Sendable {
    /// The memory policy.
    public var policy: MemoryPolicy
    /// Nil: none, or one that allows all nodes.
    public var cpuset: Cpuset?
    /// The CPUs that the task may run on; empty: any. Requests from other CPUs are made from the first of them.
    public var cpus: [CPUID] = []
    /// The node whose turn was last (`il_prev`), and how many more pages it is to give (`il_weight`).
    private var previous: NodeID?
    private var left = 0

    public init(_ policy: MemoryPolicy = .default, cpuset: Cpuset? = nil, cpus: [CPUID] = []) {
        self.policy = policy
        self.cpuset = cpuset
        self.cpus = cpus
    }

    /// The attempts that a request of the task amounts to: nearly always one; each further one is made only if the one
    /// before was refused (`alloc_pages_mpol`, `alloc_pages_preferred_many`).
    ///
    /// Interleaving advances by one turn.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - binds: Whether `bind` applies to it (`apply_policy_zone`).
    public mutating func requests(for request: AllocationRequest, binds: Bool = true) -> [AllocationRequest] {
        var request = request
        if let cpu = cpus.first, !cpus.contains(request.cpu) { request.cpu = cpu }
        // A request that names a node bypasses the policy (`alloc_pages_node`).
        guard request.node == nil, !request.gfp.contains(.thisNode), !request.task.contains(.interrupt) else {
            return [request]
        }
        switch policy {
        case .default, .local: break
        case .bind(let nodes):
            // A policy has no effect if the cpuset has lost all its nodes (`policy_nodemask`).
            let left = allowed(nodes)
            if binds, !left.isEmpty { request.nodemask = NodeMask(left) }
        case .preferred(let node):
            request.node = node
        case .preferredMany(let nodes):
            // First only these nodes, without reclaim.
            var first = request
            first.nodemask = nodes
            first.gfp.remove([.directReclaim, .noFail])
            first.gfp.insert(.noWarn)
            return [first, request]
        case .interleave(let nodes):
            request.node = turn(allowed(nodes)) { _ in 1 } ?? request.node
        case .weightedInterleave(let nodes, let weights):
            request.node = turn(allowed(nodes)) { min(max(weights[$0] ?? 1, 1), 255) } ?? request.node
        }
        return [request]
    }

    /// The policy's nodes that the cpuset also has: the kernel intersects them when the policy is set, and when the
    /// cpuset changes (`mpol_set_nodemask`, `mpol_rebind_policy`).
    private func allowed(_ nodes: NodeMask) -> [NodeID] {
        nodes.nodes.filter { cpuset?.nodes.contains($0) ?? true }
    }

    /// The next node in ascending order, cyclically (`interleave_nodes`, `weighted_interleave_nodes`).
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
    /// Serves a request of a task with a policy or a cpuset.
    public mutating func allocate<Observer: AllocationObserver>(
        _ request: AllocationRequest, by task: inout TaskPlacement, observing observer: inout Observer
    ) -> PageFrame? {
        for attempt in task.requests(for: request, binds: binds(task.policy, request)) {
            let frame =
                if let cpuset = task.cpuset {
                    allocate(attempt, in: cpuset, observing: &observer)
                } else {
                    allocate(attempt, observing: &observer)
                }
            guard let frame else { continue }
            switch task.policy {
            case .interleave, .weightedInterleave:
                if let node = attempt.node { countInterleaved(frame, node) }
            case .default, .local, .bind, .preferred, .preferredMany: break
            }
            return frame
        }
        return nil
    }

    /// Whether `bind` applies to a request: it does from the machine's highest kernel zone up, so not to requests for
    /// DMA; where the policy's nodes have movable memory only, it applies only to requests that can use that
    /// (`apply_policy_zone`).
    public func binds(_ policy: MemoryPolicy, _ request: AllocationRequest) -> Bool {
        guard case .bind(let nodes) = policy, case let highest = highestZones[request.gfp.zoneSelector], highest >= 0
        else { return true }
        var policyZone = 0
        var hasKernelZone = false
        for zone in 0..<zoneCount where zones[zone].managed > 0 && zones[zone].kind < .movable {
            policyZone = max(policyZone, zones[zone].index)
            if nodes.contains(zones[zone].node) { hasKernelZone = true }
        }
        return hasKernelZone ? Int(highest) >= policyZone : zoneKinds[Int(highest)] >= .movable
    }

    /// Counts `numa_interleave` if the page came from the node whose turn it was.
    private func countInterleaved(_ frame: PageFrame, _ node: NodeID) {
        guard let zone = segments.zone(of: frame), zones[zone].node == node else { return }
        zones[zone].numa.interleave += 1
    }

    /// Like ``allocate(_:by:observing:)``, without an observer.
    public mutating func allocate(_ request: AllocationRequest, by task: inout TaskPlacement) -> PageFrame? {
        var observer = NoAllocationObserver()
        guard listener != nil else { return allocate(request, by: &task, observing: &observer) }
        var own: TaskPlacement? = task
        defer { task = own ?? task }
        return allocateHeard(request, by: &own, observing: &observer)
    }
}
