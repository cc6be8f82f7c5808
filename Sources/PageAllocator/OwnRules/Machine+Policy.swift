import BuddyEngine
import GFP
import Topology

/// Where a machine asks its policy.
extension Machine {
    /// How often a policy may make a request try again instead of being refused.
    public static var mostPolicyRetries: Int { 16 }

    /// What a policy adds to a zone's watermark, in pages; negative if it lowers it.
    @usableFromInline @inline(never)
    func extraMark(_ zone: ZoneReference, _ request: borrowing AllocationRequest, _ flags: AllocFlags) -> Int {
        guard let policy, let position = position(of: zone) else { return 0 }
        let usual = zones[position].effectiveWatermark(flags.mark)
        let look = PolicyLook(
            zone: zone, gfp: request.gfp, order: request.order, flags: flags, free: zones[position].freePagesCounter)
        return max(policy.watermark(for: look, usual: usual), 0) - usual
    }

    /// Asks the policy about a request that nothing could serve.
    @usableFromInline @inline(never)
    mutating func askBeforeRefusing<Observer: AllocationObserver>(
        _ request: borrowing AllocationRequest, _ context: WalkContext, observing observer: inout Observer
    ) -> PageFrame? {
        guard let policy else { return nil }
        let asked = copy request
        for _ in 0..<Self.mostPolicyRetries {
            guard policy.beforeRefusal(of: asked, in: &self) == .tryAgain else { return nil }
            if let frame = allocateSlowly(request, context, observing: &observer) { return frame }
        }
        return nil
    }

    /// Raises all watermarks of a zone for a while, as fragmentation does (`boost_watermark`): the next request that
    /// the zone serves wakes kswapd, which removes the boost once it has reclaimed as much. A zone that the machine
    /// lacks is ignored.
    ///
    /// - Parameters:
    ///   - zone: The zone.
    ///   - pages: How many pages are added.
    ///   - limit: The most that the boost may become, in pages.
    public mutating func boost(_ zone: ZoneReference, by pages: Int, upTo limit: Int) {
        guard pages > 0, let position = position(of: zone), zones[position].boost < limit else { return }
        zones[position].boost = min(zones[position].boost + pages, limit)
        zones[position].flags.insert(.boosted)
    }
}

extension AllocatorPolicy {
    /// The zonelists that the policy chooses.
    func zonelists(usual: borrowing Zonelists, nodes: [NodeID], kinds: [ZoneKind]) -> [NodeID: [ZoneReference]] {
        var chosen: [NodeID: [ZoneReference]] = [:]
        for (node, list) in zip(nodes, usual.lists) {
            var zones: [ZoneReference] = []
            for place in Int(list.start)..<Int(list.start + list.count) {
                let entry = usual.entries[place]
                zones.append(ZoneReference(node: entry.node, kind: kinds[Int(entry.index)]))
            }
            var seen: Set<ZoneReference> = []
            chosen[node] = zonelist(of: node, usual: zones).filter { zones.contains($0) && seen.insert($0).inserted }
        }
        return chosen
    }
}

extension Zone {
    @usableFromInline @inline(never)
    func isReservingChosen(_ order: Order) -> Bool {
        policy?.reservesPageblock(in: reference, order: order) ?? true
    }

    @inline(never)
    func chosenRefill(_ order: Order, usual: Int) -> Int {
        min(max(policy?.refill(from: reference, order: order, usual: usual) ?? usual, 1), 4096)
    }

    @inline(never)
    func chosenExcess(usual: Int, held: Int) -> Int {
        min(max(policy?.giveBack(to: reference, held: held, usual: usual) ?? usual, 1), max(held, 1))
    }
}
