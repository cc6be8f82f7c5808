import BuddyEngine
import GFP

extension Topology {
    /// The zones of each node, cut from its memory as the kernel does at boot: node by node in order of ID, lowest zone
    /// first. A zone that spans nothing is omitted; one that spans only a hole is included, with no present pages.
    ///
    /// Spans come from the node's first and last page frame, not from its ranges, so they cover holes
    /// (`zone_spanned_pages_in_node`, mm/page_alloc.c, 6.1; mm/mm_init.c, 6.12). ZONE_DEVICE is never made at boot.
    /// O(memory ranges), independent of their sizes.
    public func zoneSpans() -> [ZoneSpan] {
        let memory = nodes.map(presentMemory(of:))
        let boundaries = zoneBoundaries()
        let movable = MovableZone(self, memory: memory, boundaries: boundaries)
        let taken = reserved.normalized()
        let areas = effectiveContiguousAreas

        var spans: [ZoneSpan] = []
        for index in nodes.indices.sorted(by: { nodes[$0].id < nodes[$1].id }) {
            guard let first = memory[index].first, let last = memory[index].last else { continue }
            let node = first.lowerBound..<last.upperBound
            for (kind, frames) in Self.cut(node, boundaries, movableStart: movable.starts[index]) {
                let present = memory[index].clamped(to: frames)
                let managed = present.subtracting(taken)
                var span = ZoneSpan(
                    node: nodes[index].id, kind: kind, start: frames.lowerBound, spanned: frames.pages,
                    present: present.totalPages, managed: managed.totalPages, managedRanges: managed)
                // An area that spans two zones is not used (`cma_activate_area`, mm/cma.c).
                span.cmaRanges = areas.filter { area in
                    frames.contains(area.lowerBound) && area.upperBound <= frames.upperBound
                        && managed.contains { $0.contains(area.lowerBound) && area.upperBound <= $0.upperBound }
                }
                span.cma = span.cmaRanges.reduce(0) { $0 + $1.pages }
                spans.append(span)
            }
        }
        return spans
    }

    /// A node's span cut at the boundaries; its movable part takes the end of the zone in which it begins, and all
    /// above.
    private static func cut(
        _ node: Range<PageFrame>, _ boundaries: [ZoneBoundary], movableStart: PageFrame?
    ) -> [(ZoneKind, Range<PageFrame>)] {
        var zones: [(ZoneKind, Range<PageFrame>)] = []
        for boundary in boundaries {
            let zone = node.clamped(to: boundary.frames)
            let end = min(zone.upperBound, movableStart ?? zone.upperBound)
            if zone.lowerBound < end { zones.append((boundary.kind, zone.lowerBound..<end)) }
        }
        if let movableStart, movableStart < node.upperBound {
            zones.append((.movable, movableStart..<node.upperBound))
        }
        return zones
    }
}
