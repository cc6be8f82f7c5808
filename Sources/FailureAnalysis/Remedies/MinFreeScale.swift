import GFP
import PageAllocator
import Topology

/// A reported machine as it would have been with other values of `vm.min_free_kbytes`.
///
/// Marks are computed by the rule with which a machine sizes itself (``ZoneSizing``), not in proportion to the printed
/// ones, so that a value means the same here as where it is set.
struct MinFreeScale {
    /// The value in effect, in pages.
    let pagesNow: Int
    /// In bytes.
    let pageSize: Int
    private let machine: ReportedMachine
    /// The zones with marks, by index in the snapshot.
    private let positions: [Int]
    private let sizes: [ZoneSizing.Zone]
    private let marksNow: [WatermarkValues]

    /// Nil if nothing tells the value in effect.
    init?(_ machine: ReportedMachine) {
        let topology = machine.snapshot.topology
        pageSize = topology.pageSize
        let unit = max(1, pageSize / 1024)
        guard let now = topology.sysctls.minFreeKbytes, now >= unit else { return nil }
        self.machine = machine
        pagesNow = now / unit
        let zones = machine.snapshot.zones
        positions = zones.indices.filter { zones[$0].span.managed > 0 && zones[$0].watermarks != nil }
        sizes = positions.map { ZoneSizing.Zone(kind: zones[$0].span.kind, managed: zones[$0].span.managed) }
        marksNow = Self.marks(of: sizes, pages: pagesNow, machine)
    }

    /// A number of pages as a value of the sysctl, in KiB.
    func kibibytes(_ pages: Int) -> Int { pages &* max(1, pageSize / 1024) }

    /// The largest value worth trying, in pages: a fifth of the memory.
    var mostPages: Int { max(pagesNow + 1, machine.snapshot.zones.reduce(0) { $0 + $1.span.managed } / 5) }

    /// The machine with marks by another value, and with as many more pages free as those marks would have denied
    /// others.
    ///
    /// - Parameters:
    ///   - pages: The value in pages.
    ///   - favour: 0 for exactly as many; 1 and -1 for more, or fewer, by the number that ``openPages(of:)`` leaves
    ///     open.
    func machine(minFreePages pages: Int, favour: Int = 0) -> ReportedMachine {
        var changed = machine
        let marks = Self.marks(of: sizes, pages: pages, machine)
        for (place, position) in positions.enumerated() {
            let zone = machine.snapshot.zones[position]
            guard let printed = zone.watermarks else { continue }
            // The printed marks may partly follow another kernel's rule, so only the difference is certain.
            func moved(_ mark: KeyPath<WatermarkValues, Int>) -> Int {
                printed[keyPath: mark] + marks[place][keyPath: mark] - marksNow[place][keyPath: mark]
            }
            changed.snapshot.zones[position].watermarks = WatermarkValues(
                min: moved(\.min), low: moved(\.low), high: moved(\.high), boost: printed.boost)
            let more = moved(\.min) - printed.min
            // A zone from which others take nothing more stays as the report has it.
            guard more > 0 else { continue }
            changed.snapshot.zones[position].giveBack(max(0, more + favour * openPages(of: zone)), order: 0)
        }
        return changed
    }

    /// By how many pages it is uncertain where others would stop, because free pages fall by that many at once.
    ///
    /// Single pages are taken in refills of a CPU's list (`rmqueue_bulk`), and a CPU counts some pages for itself
    /// before the zone's counter, which marks are tested with, is updated (`__mod_zone_page_state`).
    func openPages(of zone: ZoneSnapshot) -> Int {
        let topology = machine.snapshot.topology
        let threshold = ZoneSizing.counterThreshold(
            managed: zone.span.managed, onlineCPUs: max(1, topology.nodes.reduce(0) { $0 + $1.cpus.count }),
            pageSize: topology.pageSize)
        let refill = refill(of: zone)
        return refill * (threshold / refill + 1) - 1
    }

    /// The most pages that one refill takes for single pages.
    private func refill(of zone: ZoneSnapshot) -> Int {
        guard let exact = zone.exact else { return 1 }
        let rules = machine.profile.perCPU
        let batch = max(1, exact.pagesetBatch)
        switch rules.sizing {
        case .oneBatch, .fixedHigh: return batch
        case .movingHigh: return min(batch << rules.batchScaleMax, max(batch, exact.pagesetHighMax - batch))
        }
    }

    private static func marks(
        of sizes: [ZoneSizing.Zone], pages: Int, _ machine: ReportedMachine
    ) -> [WatermarkValues] {
        let topology = machine.snapshot.topology
        return ZoneSizing.watermarks(
            of: sizes, minFreeKbytes: pages &* max(1, topology.pageSize / 1024),
            scaleFactor: topology.sysctls.watermarkScaleFactor, pageSize: topology.pageSize,
            rules: machine.profile.sizing)
    }
}
