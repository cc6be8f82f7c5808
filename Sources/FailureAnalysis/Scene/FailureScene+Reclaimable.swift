import GFP
import Topology

extension FailureScene {
    /// How many pages reclaim or dropping caches could free in each zone that the request may use: clean page cache,
    /// and, with swap space, anonymous pages.
    func reclaimablePages(includingSwap: Bool) -> [ZoneReference: Int] {
        guard let memory = report.memory else { return [:] }
        let swap = includingSwap ? memory.pages(max(0, memory.freeSwap ?? 0)) : 0
        let zones = machine.snapshot.zones
        let managed = max(1, zones.reduce(0) { $0 + $1.span.managed })
        let counters = memory.knownCounters.values
        var result: [ZoneReference: Int] = [:]
        let usages = ZoneUsageIndex(memory)
        for zone in zones where allows(zone) {
            let usage = usages[zone]
            func figure(_ names: String...) -> Int? {
                let found = names.compactMap { usage?.kibibytes[$0] }
                return found.isEmpty ? nil : found.reduce(0) { $0 &+ min(max(0, $1), 1 << 42) }
            }
            /// The zone's share of the machine's total, if its line has no figure (before 4.8 it has all).
            func share(_ name: String) -> Int {
                let total = min(max(0, counters[name] ?? 0), 1 << 36)
                return Int(Double(total) * Double(zone.span.managed) / Double(managed))
            }
            let file =
                figure("active_file", "inactive_file").map { memory.pages($0) } ?? share("active_file")
                + share("inactive_file")
            let dirty =
                figure("writepending").map { memory.pages($0) }
                ?? figure("dirty", "writeback").map { memory.pages($0) } ?? share("dirty") + share("writeback")
            let anonymous = figure("active_anon", "inactive_anon").map { memory.pages($0) } ?? 0
            let room = max(0, zone.span.managed - (zone.freePages ?? 0))
            let pages = min(room, max(0, file - dirty) + min(anonymous, swap))
            if pages > 0 { result[zone.span.reference] = pages }
        }
        return result
    }
}
