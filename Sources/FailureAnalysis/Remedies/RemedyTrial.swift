import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Tries remedies on a scene's machine: each changes the machine or the request, and makes the request again.
struct RemedyTrial {
    let scene: FailureScene
    let cause: Cause
    let account: MemoryAccount?
    let requester: Requester?

    init(_ scene: FailureScene, cause: Cause, account: MemoryAccount?, requester: Requester?) {
        self.requester = requester
        self.scene = scene
        self.cause = cause
        self.account = account
    }

    /// All applicable remedies, in a fixed order. A request that the state would have served needs none.
    func remedies() -> [Remedy] {
        guard scene.isRefused, cause != .orderTooLarge else {
            return cause == .orderTooLarge ? [lowerOrder()].compactMap { $0 } : []
        }
        let compaction = hasCompaction ? compaction() : nil
        let dropped = droppingCaches()
        let released = releasing()
        let tried = [
            lowerOrder(), unbinding(), otherZones(), reserves(), sleeping(), minFreeKbytes(), dropped,
            droppingAll(dropped, released), compaction, withoutBoost(), withoutLowmemReserve(), moreSwap(), released,
        ]
        return tried.compactMap { $0 } + untried(compaction)
    }

    var pageSize: Int { scene.pageSize }

    private var hasCompaction: Bool {
        scene.report.assumedKernel.has(.compactMemory) || scene.report.kernelRelease?.mentions(".el6") ?? false
    }

    private func lowerOrder() -> Remedy? {
        let order = scene.request.order
        guard order > 0 else { return nil }
        let largest = min(order, Int(scene.machine.snapshot.topology.maximumOrder.rawValue) + 1)
        for lower in (0..<largest).reversed() {
            var request = scene.asked
            request.order = Order(lower)
            guard let zone = scene.zoneServing(request, on: scene.machine) else { continue }
            return Remedy(.lowerOrder(lower, insteadOf: order), servingZone: zone)
        }
        return Remedy(.noLowerOrder, servingZone: nil)
    }

    private func unbinding() -> Remedy? {
        guard let binding = scene.request.binding else { return nil }
        var request = scene.asked
        request.nodemask = nil
        request.gfp.remove(.thisNode)
        let (machine, unlistedFree) = withUnlistedMemory(above: false)
        let zone = scene.zoneServing(request, on: machine)
        return Remedy(.unbind(binding, unlistedFree: isListed(zone) ? nil : unlistedFree), servingZone: zone)
    }

    private func isListed(_ zone: ZoneReference?) -> Bool {
        scene.machine.snapshot.zones.contains { $0.span.reference == zone }
    }

    /// A mask that allows the zones in which memory is free.
    private func otherZones() -> Remedy? {
        let highest = scene.request.highestZone(scene.kinds) ?? .normal
        let (machine, unlistedFree) = withUnlistedMemory(above: true)
        var request = scene.asked
        let isDMA = highest < .normal && !request.gfp.isDisjoint(with: [.dma, .dma32])
        guard isDMA || highest < .movable && [.movableOnly, .cmaOnly, .zoneExhausted].contains(cause) else {
            return nil
        }
        if isDMA {
            request.gfp.subtract([.dma, .dma32])
        } else {
            request.gfp.formUnion([.highMem, .movable])
        }
        let zone = scene.zoneServing(request, on: machine)
        let free = isListed(zone) ? nil : unlistedFree
        return Remedy(
            isDMA ? .withoutZone(highest, unlistedFree: free) : .movable(unlistedFree: free), servingZone: zone)
    }

    /// The right to use the reserve below the min mark.
    private func reserves() -> Remedy? {
        guard !scene.request.gfp.contains(.high), !scene.request.maySleep else { return nil }
        var request = scene.asked
        request.gfp.formUnion([.high, .atomic])
        request.gfp.remove(.noMemAlloc)
        return Remedy(.atomic, servingZone: scene.zoneServing(request, on: scene.machine))
    }

    /// What reclaim could have freed if the request were allowed to wait for it.
    private func sleeping() -> Remedy? {
        guard !scene.request.maySleep else { return nil }
        var request = scene.asked
        request.gfp.formUnion([.directReclaim, .io, .fs, .kswapdReclaim])
        request.gfp.subtract([.high, .atomic, .noMemAlloc])
        let cache = scene.reclaimablePages(includingSwap: true)
        return Remedy(
            .sleeping(reclaimable: total(cache)), servingZone: scene.zoneServing(request, on: givingBack(cache)))
    }

    private func droppingCaches() -> Remedy? {
        guard scene.report.memory != nil, !scene.allowedZones.isEmpty, scene.report.assumedKernel.has(.dropCaches)
        else { return nil }
        let cache = scene.reclaimablePages(includingSwap: false)
        let blocks =
            scene.request.order > 0 ? expectedBlocks(givingBack: cache) - expectedBlocks(givingBack: [:]) : 0
        let change = Remedy.Change.dropCaches(pages: total(cache), expectedBlocks: blocks)
        let zone = scene.zoneServing(scene.asked, on: givingBack(cache))
        if zone == nil, blocks >= 8, total(cache) > 0 { return Remedy(likely: change) }
        // If reclaim left little, dropping caches frees little, too.
        let isLittle = total(cache) * 100 < scene.allowedZones.reduce(0) { $0 + $1.managed }
        return Remedy(change, servingZone: zone, helps: zone != nil && !(isLittle && scene.request.maySleep))
    }

    /// More swap, to which pages of processes and tmpfs can go. The request must be one that waits for reclaim.
    private func moreSwap() -> Remedy? {
        // Up to 2.6.27 it is unknown how many of the pages on LRU lists are processes'; full swap means that there are
        // many.
        if cause == .memoryFull, account?.largestInUse?.kind == .lru, let swap = account?.swap, swap.isFull {
            return Remedy(likely: .moreSwap(total: swap.total, free: swap.free, pages: 0))
        }
        guard scene.request.maySleep, scene.request.order <= 3, cause.isEasedBySwap, let account,
            !(account.swap?.hasRoom ?? false)
        else { return nil }
        let pages = account.pages(.processes) + account.pages(.tmpfs)
        guard pages * 20 >= account.managed ?? .max else { return nil }
        let allowed = scene.allowedZones
        let managed = max(1, allowed.reduce(0) { $0 + $1.managed })
        var shares: [ZoneReference: Int] = [:]
        for zone in allowed {
            shares[zone.reference] = Int(Double(min(pages, managed)) / 4 * Double(zone.managed) / Double(managed))
        }
        return Remedy(
            .moreSwap(total: account.swap?.total ?? 0, free: account.swap?.free ?? 0, pages: total(shares)),
            servingZone: scene.zoneServing(scene.asked, on: givingBack(shares)))
    }

    /// Remedies that help, but cannot be tried on a machine rebuilt from counts.
    private func untried(_ compaction: Remedy?) -> [Remedy] {
        var remedies: [Remedy] = []
        let kernel = scene.report.assumedKernel
        let reclaimable = total(scene.reclaimablePages(includingSwap: true))
        if [.reservesExhausted, .belowMinNoReserve].contains(cause), kernel.has(.watermarkScaleFactor), reclaimable > 0
        {
            remedies.append(Remedy(likely: .watermarkScale(reclaimable: reclaimable)))
        }
        if helpsZoneReclaim(reclaimable) {
            remedies.append(Remedy(likely: .zoneReclaim(reclaimable: reclaimable)))
        }
        if compaction?.helps ?? false, kernel.has(.proactiveCompaction) {
            remedies.append(Remedy(likely: .proactiveCompaction))
        }
        if cause == .fragmentation, kernel.has(.defragMode) { remedies.append(Remedy(likely: .defragMode)) }
        if cause == .forkBomb { remedies.append(Remedy(likely: .taskLimit)) }
        if cause == .zoneExhausted, !scene.allowedZones.isEmpty {
            remedies.append(Remedy(likely: .largerLowmemReserve))
        }
        if cause == .slabLeak { remedies.append(Remedy(likely: .track(.slabUsers))) }
        if [.pageLeak, .memoryFull].contains(cause), account?.largestInUse?.kind == .unaccounted,
            kernel.has(.pageOwner), scene.report.allocations.isEmpty
        {
            remedies.append(Remedy(likely: .track(.pageOwner)))
        }
        if cause == .cmaOnly { remedies.append(Remedy(likely: .contiguousArea(isLarger: false))) }
        if cause == .movableOnly { remedies.append(Remedy(likely: .lessMovable)) }
        // Only a caller that may sleep can have single pages mapped together instead of a block (`kvmalloc_node`).
        let practices = (requester?.practices ?? []).filter { $0 != .kvmalloc || scene.request.maySleep }
        return remedies + practices.map { Remedy(likely: .practice($0)) }
    }

    /// Whether it would help if nodes reclaimed their own memory before requests go to the next node (`node_reclaim`,
    /// mm/vmscan.c, 6.12), so that something is left for requests that are bound to a node or cannot wait. Only with
    /// several nodes.
    private func helpsZoneReclaim(_ reclaimable: Int) -> Bool {
        let isEased: Set<Cause> = [.nodeFullThisNode, .nodemask, .reservesExhausted, .belowMinNoReserve]
        let nodes = Set(scene.machine.snapshot.zones.map(\.span.node))
        let hasOthers = nodes.count > 1 || scene.unlisted.present > 0 && scene.request.binding != nil
        let managed = scene.allowedZones.reduce(0) { $0 + $1.managed }
        return isEased.contains(cause) && hasOthers && reclaimable * 100 >= managed
    }

    private func withoutBoost() -> Remedy? {
        guard scene.allowedZones.contains(where: { $0.boost > 0 }) else { return nil }
        var machine = scene.machine
        for index in machine.snapshot.zones.indices { machine.snapshot.zones[index].watermarks?.boost = 0 }
        return Remedy(.withoutBoost, servingZone: scene.zoneServing(scene.asked, on: machine))
    }

    private func withoutLowmemReserve() -> Remedy? {
        let zones = scene.allowedZones
        let kept = zones.filter { $0.lowmemReserve > 0 }.reduce(0) { $0 + min($1.free, $1.lowmemReserve) }
        // The few megabytes of ZONE_DMA that every machine reserves this way are not the cause.
        guard kept * 100 >= zones.reduce(0, { $0 + $1.managed }), kept > 0 else { return nil }
        var machine = scene.machine
        for index in machine.snapshot.zones.indices {
            machine.snapshot.zones[index].lowmemReserve = machine.snapshot.zones[index].lowmemReserve?.map { _ in 0 }
        }
        return Remedy(.withoutLowmemReserve, servingZone: scene.zoneServing(scene.asked, on: machine))
    }
}
