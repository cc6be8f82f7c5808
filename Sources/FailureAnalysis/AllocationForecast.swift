import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Whether a request would succeed now, from which zone, and how close it is to failing.
public struct AllocationForecast: Sendable {
    public let request: AllocationRequest
    public let explanation: Explanation
    /// The zones that the request may use, in order of the walk, as they are at the last look before a refusal.
    public let zones: [Margin]
    public let pageSize: Int

    /// What a zone has beyond what it must keep.
    public struct Margin: Hashable, Sendable {
        public var zone: ZoneReference
        /// Pages.
        public var free: Int
        /// Pages that must stay free: mark, reserve and what the request may not count.
        public var required: Int
        /// Blocks of the order, or larger ones counted as that many, that the request could use.
        public var blocks: Int

        /// Requests of the order that the zone could still serve.
        public func requests(order: Int) -> Int {
            max(0, min((free - required) >> min(order, 62), blocks))
        }
    }

    /// Requests like this one that could be served before one is refused, nothing else changing.
    public var requestsLeft: Int {
        zones.reduce(0) { $0 &+ $1.requests(order: Int(request.order.rawValue)) }
    }

    /// - `placement`: The policy and cpuset of the task that asks; nil: none.
    /// - Throws: `MachineError` if the snapshot makes no machine.
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
        // What the kernel asks for itself may come from outside the cpuset in the end.
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
    /// Blocks of an order that could be cut, of types that a walk may use.
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
