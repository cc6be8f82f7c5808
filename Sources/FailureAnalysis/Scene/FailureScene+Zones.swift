import GFP
import PageAllocator
import Topology

/// The zones that the request may use, and the memory beyond them.
extension FailureScene {
    var flags: AllocFlags { record.flags }

    var highestZoneIndex: Int {
        request.highestZone(kinds).flatMap { kinds.firstIndex(of: $0) } ?? kinds.count - 1
    }

    func allows(_ zone: ZoneSnapshot) -> Bool {
        guard let index = kinds.firstIndex(of: zone.span.kind), index <= highestZoneIndex else { return false }
        return isOnAllowedNode(zone.span.node)
    }

    func isOnAllowedNode(_ node: NodeID) -> Bool {
        if request.binding == .thisNode { return node == asked.node }
        return request.nodes?.contains(node) ?? true
    }

    var allowedZones: [ZoneStanding] {
        machine.snapshot.zones.filter { allows($0) && $0.span.managed > 0 }.map { standing($0) }
    }

    func standing(_ zone: ZoneSnapshot) -> ZoneStanding {
        ZoneStanding(
            zone, order: request.order, flags: flags, highest: highestZoneIndex, profile: machine.profile)
    }

    /// Memory that the request could not use, listed or not: present pages and free ones.
    var elsewhere: (present: Int, free: Int) {
        let hidden = unlisted
        return machine.snapshot.zones.filter { !allows($0) }.reduce(hidden) {
            ($0.present + $1.span.present, $0.free + ($1.freePages ?? 0))
        }
    }

    /// Memory of zones or nodes that the report does not list: the difference between its totals and its zones. If the
    /// total size is not stated, as much as is free there, if that is more than changes while a report is printed.
    var unlisted: (present: Int, free: Int) {
        let zones = machine.snapshot.zones
        let present = zones.reduce(0) { $0 + $1.span.present }
        let allFree = min(max(0, report.memory?.counters["free"] ?? 0), 1 << 40)
        let free = max(0, allFree - zones.reduce(0) { $0 + ($1.freePages ?? 0) })
        let stated = report.memory?.pageTotals["RAM"].map { min(max(0, $0), 1 << 40) }
        let all = stated ?? present + (free > allFree / 3 ? free : 0)
        guard all > present else { return (0, 0) }
        return (all - present, free)
    }

    /// Whether the request could have been served from memory that it may not use.
    var isMuchFreeElsewhere: Bool { isMuchFreeListedElsewhere || isMuchFreeUnlisted }

    /// The same, in a zone that the report lists.
    var isMuchFreeListedElsewhere: Bool { isMuchFree { !allows($0) } }

    /// Whether the chosen zones could have served the request with more than scraps: a HighMem zone of a few MiB that
    /// is half empty does not mean that there was memory.
    func isMuchFree(where isChosen: (ZoneSnapshot) -> Bool) -> Bool {
        let serving = machine.snapshot.zones.filter { isChosen($0) && couldServe($0) }
        guard !serving.isEmpty else { return false }
        let all = machine.snapshot.zones.reduce(0) { $0 + $1.span.managed }
        return serving.reduce(0) { $0 + ($1.freePages ?? 0) } >= all / 100
    }

    /// Whether a zone has the block and plenty of memory.
    func couldServe(_ zone: ZoneSnapshot) -> Bool {
        let standing = standing(zone)
        return zone.span.managed > 0 && standing.isPlentiful() && (request.order == 0 || standing.hasUsableBlock)
    }

    /// Whether memory that is not listed could have served the request. Only totals are known of it; its marks are
    /// assumed to be in proportion to those listed.
    private var isMuchFreeUnlisted: Bool {
        let (present, free) = unlisted
        let listed = machine.snapshot.zones
        let managed = max(1, listed.reduce(0) { $0 + $1.span.managed })
        let share = Double(listed.reduce(0) { $0 + ($1.watermarks?.high ?? 0) }) / Double(managed)
        let high = Int(Double(present) * min(1, share))
        return free > high + min(high, present / 50) && free >= present / 50 && free >= 2 << min(request.order, 20)
    }

    /// Those of the given zones that have enough pages for the request, but no block.
    func fragmented(_ zones: [ZoneStanding]) -> [ZoneStanding] {
        let reclaimable = reclaimablePages(includingSwap: false)
        return zones.filter { $0.isFragmented(reclaimable: reclaimable[$0.reference] ?? 0) }
    }
}
