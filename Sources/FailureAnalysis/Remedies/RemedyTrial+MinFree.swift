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
        guard serves(minFree: most, now: now) != nil else {
            return Remedy(
                change: "a larger min_free_kbytes", helps: false,
                detail: "refused even at \(most), a fifth of the memory listed: "
                    + (cause == .fragmentation
                        ? "what is missing is a block, not pages"
                        : "the request may not use what a higher mark keeps free"))
        }
        var (low, high) = (now, most)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if serves(minFree: middle, now: now) == nil { low = middle } else { high = middle }
        }
        let more = (high - now) / kibibytes
        let available = total(scene.reclaimablePages(includingSwap: true)) + (account?.pages(.slabReclaimable) ?? 0)
        let cost = "the smallest that would have kept it alive; \(amount(more)) more are kept from everyone else"
        guard more <= available else {
            return Remedy(
                change: "min_free_kbytes \(high) instead of \(now)", helps: false,
                detail: "\(cost), but the report shows only \(amount(available)) that could have been kept free")
        }
        return Remedy(change: "min_free_kbytes \(high) instead of \(now)", helps: true, detail: cost)
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
