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
        return groups.map { "\($0.nodes.count == 1 ? "node" : "nodes") \(nodes($0.nodes)) \($0.kind)" }
            .joined(separator: ", ")
    }

    /// "3,0-2": runs of ascending numbers are grouped, the order is kept.
    static func nodes(_ nodes: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for node in nodes {
            if let last = runs.last, last.upperBound + 1 == node {
                runs[runs.count - 1] = last.lowerBound...node
            } else {
                runs.append(node...node)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
