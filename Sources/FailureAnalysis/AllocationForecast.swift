import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Whether a request would succeed now, in which zone, and how close it is to failing.
public struct AllocationForecast: Sendable {
    /// The request as the task's policy changes it.
    public let request: AllocationRequest
    /// What happens when the request is made.
    public let explanation: Explanation
    /// The zones that the request may use, in order of the walk, as the last walk before a refusal tests them.
    public let zones: [Margin]
    /// In bytes.
    public let pageSize: Int

    /// What a zone has beyond what it must keep.
    public struct Margin: Hashable, Sendable {
        /// The zone.
        public var zone: ZoneReference
        /// Free pages.
        public var free: Int
        /// Pages that must stay free: mark, reserve, and those that the request may not count.
        public var required: Int
        /// How many blocks of the order the request could use, including those that larger ones can be split into.
        public var blocks: Int

        /// How many requests of an order the zone could still serve.
        public func requests(order: Int) -> Int {
            max(0, min((free - required) >> min(order, 62), blocks))
        }
    }

    /// How many requests like this one could be served before one is refused, if nothing else changes.
    public var requestsLeft: Int {
        zones.reduce(0) { $0 &+ $1.requests(order: Int(request.order.rawValue)) }
    }

    /// Makes a request on a machine.
    ///
    /// - Parameters:
    ///   - asked: The request.
    ///   - placement: The policy and cpuset of the task that asks; nil: none.
    ///   - snapshot: The machine's state.
    /// - Throws: `MachineError` if the snapshot does not make a machine.
    public init(
        _ asked: AllocationRequest, by placement: TaskPlacement? = nil, on snapshot: Snapshot
    ) throws(MachineError) {
        let profile = try KernelProfile.inForce(on: snapshot.topology)
        var state = snapshot
        if snapshot.zones.isEmpty { state = try Machine.restoring(snapshot).snapshot() }
        var few = state
        for index in few.zones.indices {
            state.zones[index].keepCountersApart(profile, pageSize: snapshot.topology.pageSize)
            few.zones[index] = state.zones[index]
            few.zones[index].keepFewBlocks()
        }
        var machine = try Machine.restoring(few, profile: profile)
        var turn = placement ?? TaskPlacement()
        let request = turn.requests(for: asked, binds: machine.binds(turn.policy, asked)).last ?? asked
        let rules = profile.walk.reserves
        let flags = request.lastFlags(
            after: request.slowFlags(rules, mayUseCMA: machine.mobility(of: request.gfp) == .movable), rules)
        // The kernel's own requests may be served from outside the cpuset in the end.
        let isConfined = request.gfp.contains(.hardWall) && !flags.contains(.noWatermarks)
        let allowed = isConfined ? placement?.cpuset?.nodes : placement?.cpuset?.outerNodes
        let kinds = machine.zoneKinds
        let highest =
            GFPFlags.highestZone(selector: request.gfp.zoneSelector, configured: kinds)
            .flatMap { kinds.firstIndex(of: $0) } ?? 0
        let order = Int(request.order.rawValue)
        let node =
            request.node ?? snapshot.topology.nodes.first { $0.cpus.contains(request.cpu) }?.id ?? machine.nodeIDs[0]
        let list = machine.zonelist(of: node, onlyOwn: request.gfp.contains(.thisNode))
        zones = list.compactMap { reference in
            guard let index = kinds.firstIndex(of: reference.kind), index <= highest,
                request.nodemask?.contains(reference.node) ?? true, allowed?.contains(reference.node) ?? true,
                let zone = state.zones.first(where: { $0.span.reference == reference })
            else { return nil }
            let standing = ZoneStanding(zone, order: order, flags: flags, highest: highest, profile: profile)
            let test = standing.lastTest
            return Margin(
                zone: reference, free: test.free, required: test.required + test.unusable,
                blocks: zone.free.blocks(order: order, types: rules.typesSeen(by: flags)))
        }
        pageSize = snapshot.topology.pageSize
        self.request = request
        var task = placement
        explanation = machine.explain(asked, by: &task)
    }
}

extension FreePages {
    /// How many blocks of an order could be split off, of types that a walk may use.
    func blocks(order: Int, types: [Migratetype]) -> Int {
        switch self {
        case .counts(let counts):
            return counts.indices.filter { $0 >= order }.reduce(0) { sum, index in
                let blocks = counts[index].byType.map { all in types.reduce(0) { $0 + (all[$1] ?? 0) } }
                return sum &+ (blocks ?? counts[index].total) << (index - order)
            }
        case .lists(let lists):
            return lists.filter { Int($0.order.rawValue) >= order && types.contains($0.type) }.reduce(0) { sum, list in
                sum &+ list.runs.reduce(0) { $0 + $1.count } << (Int(list.order.rawValue) - order)
            }
        }
    }
}
