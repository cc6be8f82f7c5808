import GFP
import Topology

/// A larger `vm.min_free_kbytes`.
extension RemedyTrial {
    /// The smallest value that would have kept the request alive, by bisection.
    ///
    /// A higher min mark stops all other requests earlier, so that as much more was free at the moment of the report.
    /// That helps only who may go below the mark, and only as far as others held something that could be kept free.
    func minFreeKbytes() -> Remedy? {
        guard !scene.allowedZones.isEmpty else { return nil }
        let zones = scene.machine.snapshot.zones
        let kibibytes = max(1, pageSize / 1024)
        let managed = zones.reduce(0) { $0 + $1.span.managed }
        guard let now = scene.machine.snapshot.topology.sysctls.minFreeKbytes, now > 0, managed > 0 else { return nil }
        let most = max(now + 1, managed / 5 * kibibytes)
        var change = Remedy.MinFree(
            now: now, needed: nil, most: most, more: 0, available: 0, isBlockMissing: cause == .fragmentation)
        guard serves(minFree: most, now: now) != nil else { return Remedy(.minFree(change), servingZone: nil) }
        var (low, high) = (now, most)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if serves(minFree: middle, now: now) == nil { low = middle } else { high = middle }
        }
        change.needed = high
        change.more = (high - now) / kibibytes
        change.available =
            total(scene.reclaimablePages(includingSwap: true)) + (account?.pages(.slabReclaimable) ?? 0)
        return Remedy(
            .minFree(change), servingZone: serves(minFree: high, now: now), helps: change.more <= change.available)
    }

    private func serves(minFree: Int, now: Int) -> ZoneReference? {
        var machine = scene.machine
        for index in machine.snapshot.zones.indices where machine.snapshot.zones[index].span.kind < .highMem {
            guard let marks = machine.snapshot.zones[index].watermarks else { continue }
            let min = Int(Double(marks.min) * Double(minFree) / Double(now))
            let gap = max(min / 4, marks.low - marks.min)
            machine.snapshot.zones[index].watermarks = WatermarkValues(
                min: min, low: min + gap, high: min + 2 * gap, boost: marks.boost)
            machine.snapshot.zones[index].giveBack(min - marks.min, order: 0)
        }
        return scene.zoneServing(scene.asked, on: machine)
    }
}
