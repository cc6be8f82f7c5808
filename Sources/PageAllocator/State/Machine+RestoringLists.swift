import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Fills CPUs' lists to the sizes that zoneinfo prints. It does not print which pages are on them, so pages that
    /// are neither free nor on another list are used, from the zone's highest addresses down.
    mutating func restore(
        _ figures: [PerCPUFigures], _ position: Int, _ reference: ZoneReference
    ) throws(MachineError) {
        guard let first = figures.first else { return }
        if !first.isResized {
            zones[position].pagesetBatch = first.batch
            zones[position].pagesetHighMin = first.highMin ?? first.high
            zones[position].pagesetHighMax =
                first.highMax ?? (profile.perCPU.sizing == .movingHigh ? zones[position].pagesetHighMax : first.high)
        }
        var used = UsedPages(segments: zones[position].segments)
        for entry in figures {
            guard let cpu = self.position(of: entry.cpu) else { continue }
            let zone = zones + position
            let frames = used.next(entry.count) { zone.pointee.buddy.freeBlock(containing: $0)?.first }
            let lists = PerCPUSnapshot.List(
                index: Int(Migratetype.movable.rawValue), frames: frames, types: frames.map { _ in .movable })
            let batch = entry.isResized ? zone.pointee.pagesetBatch : entry.batch
            let high = entry.isResized ? zone.pointee.pagesetHighMin : entry.high
            let snapshot = PerCPUSnapshot(
                cpu: entry.cpu, count: frames.count, batch: batch, high: high,
                highMin: entry.isResized ? high : entry.highMin ?? high,
                highMax: entry.isResized ? zone.pointee.pagesetHighMax : entry.highMax ?? zone.pointee.pagesetHighMax,
                statThreshold: entry.statThreshold ?? Int(zone.pointee.buddy.counters.threshold),
                lists: frames.isEmpty ? [] : [lists])
            try zone.pointee.restore(snapshot, cpu: cpu)
        }
    }
}

/// The page frames of a zone that are in use, from the last down, each once.
private struct UsedPages {
    private var segments: [Range<PageFrame>]

    init(segments: [Range<PageFrame>]) { self.segments = segments }

    /// Returns the next `count` frames; `freeBlock` returns the start of the free block that contains a page, nil if
    /// the page is in use.
    mutating func next(_ count: Int, freeBlock: (PageFrame) -> PageFrame?) -> [PageFrame] {
        var frames: [PageFrame] = []
        while frames.count < count, let segment = segments.popLast() {
            guard !segment.isEmpty else { continue }
            let frame = segment.upperBound + -1
            let block = freeBlock(frame)
            if block == nil { frames.append(frame) }
            segments.append(segment.lowerBound..<max(segment.lowerBound, block ?? frame))
        }
        return frames.reversed()
    }
}
