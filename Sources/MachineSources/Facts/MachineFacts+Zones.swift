import BuddyEngine
import GFP
import KernelText
import Topology

extension MachineFacts {
    /// The zones that have pages, in the order of zoneinfo.
    mutating func readZones(
        _ architecture: Architecture, hasPromoMark: Bool
    ) throws(HostReadError) -> [ZoneSnapshot] {
        let kernelKinds = kernelZoneKinds
        if kernelKinds == nil {
            note("which zones the columns of protection mean cannot be determined; reserves are computed instead.")
        }
        var zones: [ZoneSnapshot] = []
        var withoutStart: [String] = []
        for text in zoneInfo?.zones ?? [] where text.present > 0 {
            guard let kind = text.kind else {
                note("zone \(text.name) of node \(text.node) is of an unknown kind and is ignored.", .notUnderstood)
                continue
            }
            let start = text.startPageFrame ?? assumedStart(of: kind, after: zones, architecture)
            if text.startPageFrame == nil { withoutStart.append("\(text.name) of node \(text.node)") }
            try check(text, start: start)
            let span = ZoneSpan(
                node: text.node, kind: kind, start: PageFrame(start), spanned: spanned(of: text, start: start),
                present: max(text.present, managedPages(of: text)), managed: managedPages(of: text),
                cma: text.cma ?? cma(of: text))
            var zone = ZoneSnapshot(
                span: span, watermarks: watermarks(of: text, hasPromoMark: hasPromoMark), freePages: text.free)
            zone.lowmemReserve = kernelKinds.flatMap { lowmemReserve(of: text, $0, architecture) }
            zone.free = .counts(freeCounts(of: text))
            zone.pageblockCounts = pageblockCounts(of: text)
            zone.perCPUPages = text.pagesets.isEmpty ? nil : text.pagesets.reduce(0) { $0 + $1.count }
            zone.perCPULists = text.pagesets
            for counter in text.nodeCounters + text.counters {
                zone.counters[counter.name] = Int(truncatingIfNeeded: counter.value)
            }
            zones.append(zone)
        }
        if !withoutStart.isEmpty {
            note(
                "where zone \(withoutStart.joined(separator: ", ")) begins is not stated (start_pfn): zones are assumed to lie "
                    + "one after the other.")
        }
        if zoneInfo?.zones.contains(where: { $0.managed == nil }) == true {
            note("this kernel does not print managed pages; present pages, or free ones if more, are used instead.")
        }
        guard !zones.isEmpty else { throw .noMemory(path: zoneInfoPath) }
        return zones.sorted { ($0.span.node, $0.span.kind) < ($1.span.node, $1.span.kind) }
    }

    /// The zone's managed pages. Kernels before 3.9 do not print them, and subtract what describes holes from the
    /// present pages, so that slightly more can be free.
    func managedPages(of zone: ZoneInfoText.Zone) -> Int {
        if let managed = zone.managed { return managed }
        let free = buddyInfo?.rows.first { $0.node == zone.node && $0.zone == zone.name }?.pages ?? 0
        return min(max(zone.present, zone.free, free), zone.spanned)
    }

    /// The first page frame that a kind of zone may have, or that the zones before leave.
    private func assumedStart(
        of kind: ZoneKind, after zones: [ZoneSnapshot], _ architecture: Architecture
    ) -> UInt64 {
        let size = UInt64(max(4096, pageSize ?? 4096))
        let least: UInt64 =
            switch (kind, architecture) {
            case (.dma, .amd64), (.dma, .i386), (.dma, .i386pae): 1
            case (.dma32, .amd64), (.normal, .i386), (.normal, .i386pae): (16 << 20) / size
            case (.normal, .amd64), (.normal, .arm64), (.normal, .riscv64): (4 << 30) / size
            case (.highMem, .i386), (.highMem, .i386pae): (896 << 20) / size
            default: 0
            }
        return max(least, zones.map { $0.span.end.rawValue }.max() ?? 0)
    }

    /// The stated number of spanned pages, limited to what can be handled: the rest is a gap.
    private mutating func spanned(of zone: ZoneInfoText.Zone, start: UInt64) -> Int {
        // Leaves room for rounding both ends to blocks of the largest order.
        let most = Int(BuddySpan.largestSpan) - 1 << 18
        guard zone.spanned > most, zone.present <= most else { return zone.spanned }
        note(
            "zone \(zone.name) of node \(zone.node) spans \(zone.spanned) pages, of which \(zone.present) are present: its "
                + "span is cut to \(most), which leaves out gaps only.")
        return most
    }

    private func check(_ zone: ZoneInfoText.Zone, start: UInt64) throws(HostReadError) {
        var problem: String?
        if zone.present > zone.spanned {
            problem = "present \(zone.present) is more than spanned \(zone.spanned)"
        } else if zone.managedPages > zone.present {
            problem = "managed \(zone.managedPages) is more than present \(zone.present)"
        } else if start > 1 << 52 - UInt64(zone.spanned) {
            problem = "start_pfn \(start) and spanned \(zone.spanned) go beyond 2^52 pages"
        }
        guard let problem else { return }
        throw .inconsistent(
            path: zoneInfoPath, zone: "zone \(zone.name) of node \(zone.node)", problem: problem)
    }

    /// The zone's watermarks. zoneinfo's marks include the boost (`wmark_pages`, include/linux/mmzone.h, 6.1 and 6.12).
    ///
    /// The promo mark, which is printed from 6.0 on, is as far above high as high is above low
    /// (`__setup_per_zone_wmarks`).
    private mutating func watermarks(of zone: ZoneInfoText.Zone, hasPromoMark: Bool) -> WatermarkValues? {
        guard zone.hasMarks else {
            note("zone \(zone.name) of node \(zone.node) has no min, low and high: its watermarks are computed.")
            return nil
        }
        let boost = zone.boost ?? 0
        guard boost <= zone.min else {
            note(
                "zone \(zone.name) of node \(zone.node) has a boost of \(boost) above its min of \(zone.min); "
                    + "its watermarks are computed instead.")
            return nil
        }
        return WatermarkValues(
            min: zone.min - boost, low: zone.low - boost, high: zone.high - boost,
            promo: zone.promo.map { max($0 - boost, 0) }
                ?? (hasPromoMark && zone.high >= zone.low ? zone.high - boost + (zone.high - zone.low) : nil),
            boost: boost)
    }

    /// Protection by the architecture's zone index. For a zone that this kernel lacks, the value of the next lower one
    /// is used.
    private func lowmemReserve(
        of zone: ZoneInfoText.Zone, _ kernelKinds: [ZoneKind], _ architecture: Architecture
    ) -> [Int]? {
        guard zone.protection.count == kernelKinds.count else { return nil }
        return architecture.zoneKinds.map { kind in
            guard let index = kernelKinds.lastIndex(where: { $0 <= kind }) else { return 0 }
            return max(0, zone.protection[index])
        }
    }

    /// Before 5.12 the size of the contiguous memory area is not printed, but its free pages are.
    private mutating func cma(of zone: ZoneInfoText.Zone) -> Int {
        guard let free = zone.counters.value(named: "nr_free_cma"), free > 0, free <= zone.managedPages else {
            return 0
        }
        note(
            "zone \(zone.name) of node \(zone.node) has \(free) free CMA pages; how large the area is, is not stated, "
                + "and it is taken to be that.")
        return Int(free)
    }

    /// The node's ranges of memory: those of iomem within its zones, else the zones themselves.
    mutating func memory(of node: NodeID, _ zones: [ZoneSnapshot], pageSize: Int) -> [Range<PageFrame>] {
        var ranges: [Range<PageFrame>] = []
        for zone in zones where zone.span.node == node {
            let span = zone.span.start..<zone.span.end
            let mapped = mappedRanges(in: span, pageSize: pageSize)
            if zone.span.present == zone.span.spanned {
                ranges.append(span)
            } else if isWhole(mapped, zone.span) {
                ranges += mapped
            } else {
                ranges.append(zone.span.start..<zone.span.start + zone.span.present)
                zonesWithHoles.append(
                    "\(zone.span.kind) of node \(node) (\(zone.span.spanned - zone.span.present) pages)")
            }
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var joined: [Range<PageFrame>] = []
        for range in ranges where !range.isEmpty {
            guard let last = joined.last, last.upperBound >= range.lowerBound else {
                joined.append(range)
                continue
            }
            joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        }
        return joined
    }

    /// Whether the ranges make up nearly all of the zone's present pages: old kernels subtract what describes pages.
    private func isWhole(_ ranges: [Range<PageFrame>], _ span: ZoneSpan) -> Bool {
        abs(ranges.reduce(0) { $0 + $1.pages } - span.present) <= span.present / 50
    }

    /// Memory of iomem in a span, in whole pages (the kernel ignores partial pages at a range's ends).
    private func mappedRanges(in span: Range<PageFrame>, pageSize: Int) -> [Range<PageFrame>] {
        let size = UInt64(pageSize)
        return knownMemory.compactMap { bytes in
            let first = bytes.lowerBound / size + (bytes.lowerBound % size == 0 ? 0 : 1)
            let end = bytes.upperBound / size
            guard first < end else { return nil }
            let range = (PageFrame(first)..<PageFrame(end)).clamped(to: span)
            return range.isEmpty ? nil : range
        }
    }

    /// Where memory is, in bytes, by the most reliable source.
    private var knownMemory: [Range<UInt64>] {
        if let ranges = memoryMap?.systemRAM, !ranges.isEmpty { return ranges }
        if let log = bootLog, !log.nodeRanges.isEmpty {
            return log.nodeRanges.filter { $0.range.upperBound < .max }
                .map { $0.range.lowerBound..<$0.range.upperBound + 1 }.sorted { $0.lowerBound < $1.lowerBound }
        }
        return []
    }
}
