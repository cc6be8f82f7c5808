import GFP
import KernelLog
import Topology

/// The zones of a report by node and kind: a report may list thousands.
struct ZoneUsageIndex {
    private let zones: [FailureReport.ZoneUsage]
    private let positions: [ZoneReference: Int]

    init(_ memory: FailureReport.MemoryInfo) {
        zones = memory.zones
        var positions: [ZoneReference: Int] = [:]
        for (position, zone) in memory.zones.enumerated() {
            guard let kind = zone.kind, let node = NodeID(exactly: zone.node) else { continue }
            let reference = ZoneReference(node: node, kind: kind)
            if positions[reference] == nil { positions[reference] = position }
        }
        self.positions = positions
    }

    subscript(zone: ZoneSnapshot) -> FailureReport.ZoneUsage? { positions[zone.span.reference].map { zones[$0] } }
}
