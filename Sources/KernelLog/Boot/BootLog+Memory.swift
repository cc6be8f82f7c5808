import BuddyEngine
import GFP
import Topology

extension BootLog {
    /// The ranges of memory of each node in bytes, from the most reliable lines that the log has.
    func memoryRanges(page: Int, _ notes: inout [SourceNote]) -> [NodeID: [ClosedRange<UInt64>]] {
        if let shares = evenRanges(page: page, &notes) { return shares }
        var ranges: [NodeID: [ClosedRange<UInt64>]] = [:]
        for entry in nodeRanges { ranges[entry.node, default: []].append(entry.range) }
        var end = nodeRanges.map(\.range.upperBound).max() ?? 0
        for node in nodes where ranges[node] == nil {
            if let mapped = mappedRanges(of: node, page: page, &notes) {
                ranges[node] = mapped
            } else if let pages = pagesOfNode[node] {
                guard pages > 0 else { continue }
                let before = nodeSpans[node].map { $0.lowerBound == 0 ? 0 : $0.lowerBound - 1 }
                ranges[node] = stacked(node, pages: pages, page: page, from: before ?? end, &notes)
            } else if let span = nodeSpans[node] {
                ranges[node] = [span]
                notes.append(
                    SourceNote(
                        .assumed,
                        "The log does not list the memory of node \(node) (\"Early memory node ranges\"): "
                            + "all between its first and last page is taken, holes included."))
            } else if !memorylessNodes.contains(node) || isFallback(node) {
                ranges[node] = firmwareRanges(of: node, after: end, page: page, &notes)
            }
            end = max(end, ranges[node]?.map(\.upperBound).max() ?? 0)
        }
        if ranges.isEmpty, let only = onlyRanges(&notes) { ranges[nodes.first ?? 0] = only }
        return ranges
    }

    /// The part of the firmware's map that lies within a node, for kernels before 2.6.19, which print a node's ends
    /// ("Bootmem setup node", SRAT) and not its ranges. Nil if the log lacks either, or the map has less than the node's
    /// pages.
    private func mappedRanges(of node: NodeID, page: Int, _ notes: inout [SourceNote]) -> [ClosedRange<UInt64>]? {
        let usable = firmwareMap.filter { $0.type.hasPrefix("usable") }.map(\.range)
        let table = affinities.filter { $0.node == node && !$0.isHotPluggable }.map(\.range)
        let extents = nodeSpans[node].map { [$0] } ?? table
        guard nodeRanges.isEmpty, !usable.isEmpty, !extents.isEmpty, !memorylessNodes.contains(node) else { return nil }
        let mapped = extents.flatMap { extent in usable.filter { $0.overlaps(extent) }.map { $0.clamped(to: extent) } }
        let found = Self.pages(of: mapped, page: UInt64(page)).reduce(0) { $0 + $1.pages }
        guard found > 0, found >= pagesOfNode[node] ?? 0 else { return nil }
        notes.append(
            SourceNote(
                .used,
                "The memory of node \(node) is what the firmware's map (e820) calls usable between the node's ends, as the "
                    + (nodeSpans[node] == nil ? "firmware's table (SRAT) has them." : "kernel prints them.")))
        return mapped
    }

    /// Equal shares for a log that lacks its beginning and names nodes and the amount of memory, but not each node's.
    /// Nil if the log says more, or less.
    private func evenRanges(page: Int, _ notes: inout [SourceNote]) -> [NodeID: [ClosedRange<UInt64>]]? {
        let nodes = nodes.filter { !memorylessNodes.contains($0) }
        guard nodes.count > 1, nodeRanges.isEmpty, nodeSpans.isEmpty, affinities.isEmpty,
            pagesOfNode.values.allSatisfy({ $0 == 0 }), let memory, memory.total > 0, memory.total < 1 << 50
        else { return nil }
        let kibibytes = max(0, memory.total - max(0, memory.absent ?? 0)) / nodes.count
        // A section of memory belongs to one node.
        let share = UInt64(kibibytes) * 1024 / Self.section * Self.section
        guard share > 0 else { return nil }
        notes.append(
            SourceNote(
                .assumed,
                "The log says how much memory there is (\"Memory:\") and not how much of it each node has: all "
                    + "\(nodes.count) have the same share, node behind node."))
        var ranges: [NodeID: [ClosedRange<UInt64>]] = [:]
        for (index, node) in nodes.enumerated() {
            ranges[node] = [UInt64(index) * share...UInt64(index + 1) * share - 1]
        }
        return ranges
    }

    /// Ranges zone by zone from an address on, if only numbers of pages are given.
    private func stacked(
        _ node: NodeID, pages: Int, page: Int, from start: UInt64, _ notes: inout [SourceNote]
    ) -> [ClosedRange<UInt64>] {
        notes.append(
            SourceNote(
                .assumed,
                "The log says that node \(node) has \(pages) pages but not where they lie: "
                    + "one range from address \(start == 0 ? 0 : start + 1) on is assumed."))
        let first = start == 0 ? 0 : start &+ 1
        let (size, overflows) = UInt64(clamping: pages).multipliedReportingOverflow(by: UInt64(page))
        let (last, isBeyond) = first.addingReportingOverflow(size &- 1)
        return overflows || isBeyond ? [] : [first...last]
    }

    /// Whether other nodes fall back to a node, which therefore has memory.
    private func isFallback(_ node: NodeID) -> Bool {
        fallbackOrder.contains { $0.key != node && $0.value.contains(node) }
    }

    /// Ranges by the SRAT, or, for a node to which memory was added after boot, by how many pages the kernel gained.
    private func firmwareRanges(
        of node: NodeID, after end: UInt64, page: Int, _ notes: inout [SourceNote]
    ) -> [ClosedRange<UInt64>]? {
        let own = affinities.filter { $0.node == node && $0.range.upperBound < UInt64.max }
        let fixed = own.filter { !$0.isHotPluggable }.map(\.range)
        if !fixed.isEmpty, nodeRanges.isEmpty {
            notes.append(
                SourceNote(
                    .assumed,
                    "The memory of node \(node) is taken from the firmware's table (SRAT), for want of "
                        + "\"Early memory node ranges\"."))
            return fixed
        }
        guard isFallback(node) else { return nil }
        let late = nodes.filter { isFallback($0) && bytes(of: $0) == 0 && (pagesOfNode[$0] ?? 0) == 0 }
        let more = (totalPages ?? 0) - (totalPagesAtBoot ?? 0)
        let share = more > 0 ? more / max(late.count, 1) * page : 128 << 20
        let start = own.first.map(\.range.lowerBound) ?? (end == 0 ? 0 : (end / Self.section + 1) * Self.section)
        let (last, overflows) = start.addingReportingOverflow(UInt64(clamping: max(share, page)) - 1)
        guard !overflows else { return nil }
        notes.append(
            SourceNote(
                .assumed,
                "Memory was plugged into node \(node) after boot: "
                    + (more > 0
                        ? "\(share / page) pages, by which \"Total pages\" grew, "
                        : "how much is not stated, and 128 MiB ")
                    + "from address 0x\(String(start, radix: 16)) on are assumed."))
        return [start...last]
    }

    /// The size in bytes of the sections in which memory is added on x86.
    private static let section: UInt64 = 128 << 20

    /// The memory of a machine with one node, if no line is about a node.
    private func onlyRanges(_ notes: inout [SourceNote]) -> [ClosedRange<UInt64>]? {
        let usable = firmwareMap.filter { $0.type.hasPrefix("usable") }.map(\.range)
        if !usable.isEmpty {
            notes.append(
                SourceNote(
                    .assumed,
                    "The log says nothing about nodes: what the firmware's map (e820) calls usable is put on one."))
            return usable
        }
        guard let total = memory?.total, total > 0, total < 1 << 50 else { return nil }
        let zones = zoneRanges.compactMap(\.range)
        if let start = zones.map(\.lowerBound).min(), let end = zones.map(\.upperBound).max() {
            let (last, overflows) = start.addingReportingOverflow(UInt64(total) * 1024 - 1)
            notes.append(
                SourceNote(
                    .assumed,
                    "The log does not list the memory of any node: as much as there is (\"Memory:\") is put on one, "
                        + "from where the first zone begins."))
            return [start...(overflows ? end : min(end, last))]
        }
        notes.append(
            SourceNote(
                .assumed,
                "The log says how much memory there is (\"Memory:\") but not where it lies: "
                    + "one range from address 0 on one node is assumed."))
        return [0...UInt64(total) * 1024 - 1]
    }

    /// Turns ranges of bytes into whole pages, joined where adjacent, without overlap.
    static func pages(of ranges: [ClosedRange<UInt64>], page: UInt64) -> [Range<PageFrame>] {
        var result: [Range<PageFrame>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let first = range.lowerBound / page + (range.lowerBound % page == 0 ? 0 : 1)
            let end = range.upperBound / page + (range.upperBound % page == page - 1 ? 1 : 0)
            let start = max(first, result.last?.upperBound.rawValue ?? 0)
            guard start < end else { continue }
            if let last = result.last, last.upperBound.rawValue == start {
                result[result.count - 1] = last.lowerBound..<PageFrame(end)
            } else {
                result.append(PageFrame(start)..<PageFrame(end))
            }
        }
        return result
    }

    /// What the kernel took for itself at boot, in KiB, from "Memory: ... available"; nil if not stated.
    ///
    /// The figure printed as reserved is preferred: memory whose page descriptions have not been initialised yet counts
    /// as not available (`mem_init_print_info`, mm/mm_init.c, 6.12; mm/page_alloc.c, 5.3).
    public var reservedKibibytes: Int? {
        guard let memory else { return nil }
        if let reserved = memory.reserved { return max(0, reserved) }
        return max(0, memory.total - memory.available - (memory.absent ?? 0) - (memory.cma ?? 0))
    }

    /// The size of all contiguous memory areas, in bytes; 0 if none is reported.
    public var contiguousAreaBytes: UInt64 {
        if let cma = memory?.cma, cma > 0, cma < 1 << 50 { return UInt64(cma) * 1024 }
        return contiguousBytes
    }
}
