import SourceText

extension Topology {
    /// A node's distance to itself (`LOCAL_DISTANCE`, include/linux/topology.h).
    static let localDistance: UInt8 = 10

    func distanceProblems() -> [SourceProblem] {
        let known = nodes.map(\.id).sorted()
        guard distances.nodes == known else {
            let message = "the distances are those of nodes \(list(distances.nodes)), the machine's are \(list(known))"
            return [.init(at: ["distances"], message)]
        }
        guard !distances.isUsual(local: Self.localDistance) else { return [] }
        var problems: [SourceProblem] = []
        for row in known.indices {
            for column in known.indices {
                guard let (severity, message) = distanceProblem(row, column) else { continue }
                problems.append(.init(severity, at: ["distances", .index(row), .index(column)], message))
            }
        }
        return problems
    }

    private func distanceProblem(_ row: Int, _ column: Int) -> (SourceProblem.Severity, String)? {
        let value = distances[row, column]
        let (from, to) = (distances.nodes[row], distances.nodes[column])
        if row == column {
            guard value != Self.localDistance else { return nil }
            return (.error, "a node is at distance 10 from itself, node \(from) is said to be at \(value)")
        }
        switch value {
        case ..<Self.localDistance:
            return (.error, "\(value) from node \(from) to node \(to) is less than 10, a node's distance to itself")
        case Self.localDistance:
            return (
                .warning,
                "10 from node \(from) to node \(to) means as near as its own memory: only numa=fake gives that"
            )
        case .max:
            return (.warning, "255 from node \(from) to node \(to) means unreachable to firmware")
        default:
            guard column > row, value != distances[column, row] else { return nil }
            let back = distances[column, row]
            return (.warning, "\(value) from node \(from) to node \(to), but \(back) back: few machines are so")
        }
    }

    private func list(_ nodes: [NodeID]) -> String {
        nodes.isEmpty ? "none" : NumberList.format(nodes.map { Int($0.rawValue) })
    }
}
