import BuddyEngine
import GFP
import Topology

/// What the kernel keeps for itself, and what it sets aside for devices.
extension BootLog {
    /// Subtracts what the kernel kept at boot. Its place is not printed.
    func reserve(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        let known = memoryAtBoot(topology).reduce(0) { $0 + $1.totalPages }
        guard known > 0 else { return }
        if let memory, let kept = keptPages(of: known, page: topology.pageSize) {
            guard kept > 0, kept < known else { return }
            takeOff(kept, &topology)
            notes.append(
                SourceNote(
                    .used,
                    "\(kept) pages that the kernel keeps for itself, by \"Memory: \(memory.available)K/"
                        + "\(memory.total)K available\"."))
            notes.append(
                SourceNote(
                    .assumed,
                    "Where the kernel's own \(kept) pages lie is not printed: they are taken off each node's end, "
                        + "by its size."))
        } else if let total = totalPagesAtBoot, total < known, total > known / 2 {
            if !takeOffDescriptions(&topology, pages: known - total) { takeOff(known - total, &topology) }
            notes.append(
                SourceNote(
                    .used,
                    "\(known - total) pages that the kernel keeps for itself, by \"Total pages: \(total)\"."))
            notes.append(
                SourceNote(
                    .assumed,
                    "What else the kernel keeps is not printed (\"Memory: … available\"): nothing is assumed."))
        } else {
            notes.append(
                SourceNote(
                    .assumed,
                    "What the kernel keeps for itself is not printed (\"Memory: … available\"): nothing is assumed."))
        }
    }

    /// The present memory of each node. Memory that was added later is in none of the totals, and left out.
    private func memoryAtBoot(_ topology: Topology) -> [[Range<PageFrame>]] {
        topology.nodes.map { nodeRanges.isEmpty || bytes(of: $0.id) > 0 ? topology.presentMemory(of: $0) : [] }
    }

    /// How many pages the kernel keeps, by "Memory:"; nil if the log has no such line.
    ///
    /// The total of 32-bit x86 up to 3.9 includes holes without counting them (`mem_init`, arch/x86/mm/init_32.c, 3.2).
    private func keptPages(of known: Int, page: Int) -> Int? {
        guard let memory, let kept = reservedKibibytes else { return nil }
        let whole = max(0, memory.total - (memory.absent ?? 0))
        let countsHoles = memory.absent == nil && whole / (page / 1024) > known
        return countsHoles ? kept / (page / 1024) : known - max(0, whole - kept) / (page / 1024)
    }

    /// Takes pages off the end of each node by its size, where there is a HighMem zone from below it: page descriptions
    /// and the kernel itself must be in low memory.
    private func takeOff(_ pages: Int, _ topology: inout Topology) {
        var memory = memoryAtBoot(topology)
        if let limit = topology.zoneSpans().filter({ $0.kind == .highMem }).map(\.start).min() {
            let low = memory.map { $0.clamped(to: PageFrame(0)..<limit) }
            if low.reduce(0, { $0 + $1.totalPages }) > pages { memory = low }
        }
        let sizes = memory.map(\.totalPages)
        let known = sizes.reduce(0, +)
        guard let first = sizes.firstIndex(where: { $0 > 0 }) else { return }
        var left = pages
        for (index, size) in sizes.enumerated().reversed() where size > 0 {
            let own = min(index == first ? left : Self.share(pages, size, known), size, left)
            topology.reserved += Self.last(own, of: memory[index].subtracting(topology.contiguousAreas.normalized()))
            left -= own
        }
        topology.reserved.sort { $0.lowerBound < $1.lowerBound }
    }

    /// Takes off each zone what kernels up to 3.8 do not count as its own: the pages that describe its pages
    /// (`free_area_init_core`, mm/page_alloc.c, 3.2).
    ///
    /// - Returns: Whether the log has these figures, and they come to `pages` in all.
    private func takeOffDescriptions(_ topology: inout Topology, pages: Int) -> Bool {
        let spans = topology.zoneSpans()
        var reserved: [Range<PageFrame>] = []
        for zone in zonePages {
            guard let span = spans.first(where: { $0.node == zone.node && $0.kind.kernelName == zone.zone }),
                let node = topology.nodes.first(where: { $0.id == zone.node }), span.present >= zone.pages
            else { return false }
            let own = topology.presentMemory(of: node).clamped(to: span.start..<span.end)
            reserved += Self.last(
                span.present - zone.pages, of: own.subtracting(topology.contiguousAreas.normalized()))
        }
        guard reserved.totalPages == pages else { return false }
        topology.reserved = (topology.reserved + reserved).sorted { $0.lowerBound < $1.lowerBound }
        return true
    }

    /// Adds contiguous areas at the places printed, if those are in memory and whole pageblocks. Of others only the
    /// size is used.
    func takeContiguousAreas(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        guard contiguousAreaBytes > 0 else { return }
        topology.boot.cma = max(topology.boot.cma ?? 0, contiguousAreaBytes)
        let page = UInt64(topology.pageSize)
        let block = page * UInt64(topology.pageblockOrder.pages)
        for area in contiguousAreas where area.lowerBound % block == 0 && area.upperBound % block == 0 {
            let frames = PageFrame(area.lowerBound / page)..<PageFrame(area.upperBound / page)
            let isMemory = topology.nodes.contains { node in
                node.memory.contains { $0.contains(frames.lowerBound) && frames.upperBound <= $0.upperBound }
            }
            if isMemory { topology.contiguousAreas.append(frames) }
        }
        topology.contiguousAreas.sort { $0.lowerBound < $1.lowerBound }
        guard !topology.contiguousAreas.isEmpty else { return }
        let count = topology.contiguousAreas.count
        notes.append(
            SourceNote(
                .used,
                "\(count == 1 ? "A contiguous area lies" : "\(count) contiguous areas lie") where the log says "
                    + "(\"cma: Reserved\")."))
    }

    private static func share(_ pages: Int, _ size: Int, _ total: Int) -> Int {
        let product = pages.multipliedFullWidth(by: size)
        return max(total, 1).dividingFullWidth(product).quotient
    }

    /// The last pages of ascending ranges.
    private static func last(_ pages: Int, of ranges: [Range<PageFrame>]) -> [Range<PageFrame>] {
        var left = pages
        var result: [Range<PageFrame>] = []
        for range in ranges.reversed() where left > 0 {
            let count = min(left, range.pages)
            result.append(range.upperBound + -count..<range.upperBound)
            left -= count
        }
        return result
    }
}
