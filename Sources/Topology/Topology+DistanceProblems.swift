import SourceText

extension Topology {
    /// A node's distance to itself (`LOCAL_DISTANCE`, include/linux/topology.h).
    static let localDistance: UInt8 = 10

    func distanceProblems() -> [TopologyProblem] {
        let known = nodes.map(\.id).sorted()
        guard distances.nodes == known else {
            let message = "the distances are those of nodes \(list(distances.nodes)), the machine's are \(list(known))"
            return [.init(at: ["distances"], message)]
        }
        var problems: [TopologyProblem] = []
        for row in known.indices {
            for column in known.indices {
                let value = distances[row, column]
                let path: JSONPath = ["distances", .index(row), .index(column)]
                let pair = "from node \(known[row]) to node \(known[column])"
                if row == column {
                    guard value != Self.localDistance else { continue }
                    problems.append(
                        .init(
                            at: path,
                            "a node is at distance 10 from itself, node \(known[row]) is said to be at \(value)"))
                } else if value < Self.localDistance {
                    problems.append(
                        .init(at: path, "\(value) \(pair) is less than 10, the distance of a node to itself"))
                } else if value == Self.localDistance {
                    problems.append(
                        .init(
                            .warning, at: path, "10 \(pair) means as near as its own memory: only numa=fake gives that")
                    )
                } else if value == .max {
                    problems.append(.init(.warning, at: path, "255 \(pair) means unreachable to firmware"))
                } else if column > row, value != distances[column, row] {
                    problems.append(
                        .init(
                            .warning, at: path,
                            "\(value) \(pair), but \(distances[column, row]) back: few machines are so"))
                }
            }
        }
        return problems
    }

    private func list(_ nodes: [NodeID]) -> String {
        nodes.isEmpty ? "none" : NumberList.format(nodes.map { Int($0.rawValue) })
    }
}
