import BuddyEngine
import GFP
import Topology

/// Figures that a log states twice.
extension BootLog {
    /// Tells of memory in the firmware's table that the kernel does not list.
    func noteUnusedAffinities(_ notes: inout [SourceNote]) {
        guard !nodeRanges.isEmpty else { return }
        let unused = affinities.filter { entry in
            !entry.isHotPluggable && !nodeRanges.contains { $0.range.overlaps(entry.range) }
        }
        guard let first = unused.first else { return }
        let bytes = unused.reduce(UInt64(0)) { sum, entry in
            let (size, isWhole) = (entry.range.upperBound - entry.range.lowerBound).addingReportingOverflow(1)
            return isWhole ? .max : sum.addingReportingOverflow(size).overflow ? .max : sum + size
        }
        let nodes = Set(unused.map(\.node)).sorted().map(\.description).joined(separator: ", ")
        notes.append(
            SourceNote(
                .notUnderstood,
                "The firmware's table (SRAT) has \(bytes >> 20) MiB of memory on node \(nodes), from address 0x"
                    + "\(String(first.range.lowerBound, radix: 16)) on, that the kernel does not list: it is left out."
            ))
    }

    /// Compares numbers of pages and zones that the log prints with those that follow from its ranges.
    func noteContradictions(_ topology: Topology, _ notes: inout [SourceNote]) {
        guard !nodeRanges.isEmpty else { return }
        let spans = topology.zoneSpans()
        for (node, pages) in pagesOfNode.sorted(by: { $0.key < $1.key }) where pages > 0 {
            let listed = spans.filter { $0.node == node }.reduce(0) { $0 + $1.present }
            guard Self.differ(pages, listed) else { continue }
            notes.append(
                SourceNote(
                    .contradiction,
                    "The log counts \(pages) pages on node \(node) (\"totalpages\"), and lists \(listed): the list is used."
                ))
        }
        for zone in zonePages where zone.pages > 0 {
            let listed = spans.first { $0.node == zone.node && $0.kind.kernelName == zone.zone }?.present ?? 0
            guard Self.differ(zone.pages, listed), Self.differ(zone.pages &+ zone.describing, listed) else { continue }
            notes.append(
                SourceNote(
                    .contradiction,
                    "The log counts \(zone.pages) pages in zone \(zone.zone) of node \(zone.node), and lists \(listed): "
                        + "the list is used."))
        }
        let populated = spans.filter { $0.present > 0 && $0.kind < .movable }.map(\.kind)
        if let policyZone, let highest = populated.max(), policyZone != highest {
            notes.append(
                SourceNote(
                    .contradiction,
                    "The log says that memory policies apply to zones from \(policyZone.kernelName) on; by its memory "
                        + "it is \(highest.kernelName), which is used."))
        }
    }

    /// Whether two numbers of pages differ by more than pages that are partly memory, or reserved for DMA.
    private static func differ(_ own: Int, _ other: Int) -> Bool {
        let (difference, overflows) = own.subtractingReportingOverflow(other)
        return overflows || abs(difference) > max(own, other) / 64 + 256
    }
}
