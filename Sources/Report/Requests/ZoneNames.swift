import GFP
import Topology

/// Zones in words, in their order: neighbours of one kind are grouped, as in "nodes 0-3,6 Normal".
enum ZoneNames {
    static func text(_ zones: [ZoneReference]) -> String {
        var groups: [(kind: ZoneKind, nodes: [Int])] = []
        for zone in zones {
            if groups.last?.kind == zone.kind {
                groups[groups.count - 1].nodes.append(Int(zone.node.rawValue))
            } else {
                groups.append((zone.kind, [Int(zone.node.rawValue)]))
            }
        }
        return groups.map { "\($0.nodes.count == 1 ? "node" : "nodes") \(NumberList.format($0.nodes)) \($0.kind)" }
            .joined(separator: ", ")
    }
}
