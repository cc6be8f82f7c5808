import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Tries remedies on a scene's machine: each changes the machine or the request, and asks again.
struct RemedyTrial {
    let scene: FailureScene
    let cause: Cause
    let account: MemoryAccount?

    init(_ scene: FailureScene, cause: Cause) {
        self.scene = scene
        self.cause = cause
        account = scene.report.memory.flatMap { MemoryAccount($0) }
    }

    /// All that apply, in a fixed order. A request that the state would have served needs none.
    func remedies() -> [Remedy] {
        guard scene.isRefused, cause != .orderTooLarge else {
            return cause == .orderTooLarge ? [lowerOrder()].compactMap { $0 } : []
        }
        return [
            lowerOrder(), unbinding(), otherZones(), reserves(), sleeping(), minFreeKbytes(), droppingCaches(),
            compaction(), withoutBoost(), withoutLowmemReserve(), releasing(),
        ].compactMap { $0 }
    }

    var pageSize: Int { scene.pageSize }

    func amount(_ pages: Int) -> String { Amount.text(kibibytes: max(0, pages) &* max(1, pageSize / 1024)) }

    /// "served from node 0 Normal".
    func place(_ zone: ZoneReference) -> String { "served from node \(zone.node) \(zone.kind)" }

    func tried(
        _ change: String, _ zone: ZoneReference?, helped: String = "", refused: String = "refused as before"
    ) -> Remedy {
        guard let zone else { return Remedy(change: change, helps: false, detail: refused) }
        return Remedy(change: change, helps: true, detail: place(zone) + helped)
    }

    private func lowerOrder() -> Remedy? {
        let order = scene.request.order
        guard order > 0 else { return nil }
        let largest = min(order, Int(scene.machine.snapshot.topology.maximumOrder.rawValue) + 1)
        for lower in (0..<largest).reversed() {
            var request = scene.asked
            request.order = Order(lower)
            guard let zone = scene.zoneServing(request, on: scene.machine) else { continue }
            let size = Amount.text(kibibytes: (pageSize << lower) / 1024)
            return tried("order \(lower) instead of \(order)", zone, helped: ": \(size) at a time")
        }
        return Remedy(change: "a lower order", helps: false, detail: "not even a single page could be had")
    }

    private func unbinding() -> Remedy? {
        guard let binding = scene.request.binding else { return nil }
        var request = scene.asked
        request.nodemask = nil
        request.gfp.remove(.thisNode)
        let change =
            switch binding {
            case .thisNode: "without __GFP_THISNODE"
            case .nodemask: "without the node mask"
            case .mempolicy: "without the memory policy's binding"
            case .cpuset: "with all nodes in the cpuset"
            }
        let (machine, note) = withUnlistedMemory(above: false)
        return tried(
            change, scene.zoneServing(request, on: machine), helped: note,
            refused: "the other nodes have no more to give")
    }

    /// The mask that allows the zones in which memory is free.
    private func otherZones() -> Remedy? {
        let highest = scene.request.highestZone(scene.kinds) ?? .normal
        var request = scene.asked
        let change: String
        if highest < .normal, !request.gfp.isDisjoint(with: [.dma, .dma32]) {
            request.gfp.subtract([.dma, .dma32])
            change = "without \(highest == .dma ? "GFP_DMA" : "GFP_DMA32")"
        } else if highest < .movable, [.movableOnly, .cmaOnly, .zoneExhausted].contains(cause) {
            request.gfp.formUnion([.highMem, .movable])
            change = "with __GFP_HIGHMEM|__GFP_MOVABLE, if its pages can be migrated"
        } else {
            return nil
        }
        let (machine, note) = withUnlistedMemory(above: true)
        return tried(change, scene.zoneServing(request, on: machine), helped: note)
    }

    /// The right to use what lies below the min mark.
    private func reserves() -> Remedy? {
        guard !scene.request.gfp.contains(.high), !scene.request.maySleep else { return nil }
        var request = scene.asked
        request.gfp.formUnion([.high, .atomic])
        request.gfp.remove(.noMemAlloc)
        return tried(
            "with GFP_ATOMIC", scene.zoneServing(request, on: scene.machine),
            helped: ", from the reserve below the min mark",
            refused: "the reserve would not have been enough")
    }

    /// What reclaim could have freed for a request that may wait for it.
    private func sleeping() -> Remedy? {
        guard !scene.request.maySleep else { return nil }
        var request = scene.asked
        request.gfp.formUnion([.directReclaim, .io, .fs, .kswapdReclaim])
        request.gfp.subtract([.high, .atomic, .noMemAlloc])
        let cache = scene.reclaimablePages(includingSwap: true)
        let machine = givingBack(cache)
        return tried(
            "with GFP_KERNEL, where the caller may sleep", scene.zoneServing(request, on: machine),
            helped: ", after reclaim of what the report shows as reclaimable (\(amount(total(cache))))",
            refused: total(cache) == 0
                ? "the report shows nothing that reclaim could free"
                : "the report shows only \(amount(total(cache))) that reclaim could free")
    }

    private func droppingCaches() -> Remedy? {
        guard scene.report.memory != nil, !scene.allowedZones.isEmpty else { return nil }
        let cache = scene.reclaimablePages(includingSwap: false)
        let machine = givingBack(cache)
        let size = amount(total(cache))
        let scattered = scene.request.order > 0 ? ", counted as single pages: they need not lie together" : ""
        return tried(
            "drop caches", scene.zoneServing(scene.asked, on: machine),
            helped: ", with \(size) of clean page cache given back"
                + (scene.request.maySleep ? ", which reclaim had tried to get as well" : ""),
            refused: total(cache) == 0
                ? "there is no clean page cache to drop"
                : "refused as before with \(size) of clean page cache given back\(scattered)")
    }

    private func withoutBoost() -> Remedy? {
        guard scene.allowedZones.contains(where: { $0.boost > 0 }) else { return nil }
        var machine = scene.machine
        for index in machine.snapshot.zones.indices { machine.snapshot.zones[index].watermarks?.boost = 0 }
        return tried(
            "vm.watermark_boost_factor 0", scene.zoneServing(scene.asked, on: machine),
            helped: ": the marks had been raised for a while after fragmentation; the cost is more of it")
    }

    private func withoutLowmemReserve() -> Remedy? {
        let zones = scene.allowedZones
        let kept = zones.filter { $0.lowmemReserve > 0 }.reduce(0) { $0 + min($1.free, $1.lowmemReserve) }
        // The few megabytes of ZONE_DMA that every machine keeps so are no answer.
        guard kept * 100 >= zones.reduce(0, { $0 + $1.managed }), kept > 0 else { return nil }
        var machine = scene.machine
        for index in machine.snapshot.zones.indices {
            machine.snapshot.zones[index].lowmemReserve = machine.snapshot.zones[index].lowmemReserve?.map { _ in 0 }
        }
        return tried(
            "vm.lowmem_reserve_ratio 0", scene.zoneServing(scene.asked, on: machine),
            helped: ": the cost is that nothing is kept for requests that can use no other zone")
    }
}
