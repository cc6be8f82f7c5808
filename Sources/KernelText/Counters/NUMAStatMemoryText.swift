import Topology

/// The output of `numastat -m`: `/proc/meminfo` by node, in MiB with two decimals.
public struct NUMAStatMemoryText: Hashable, Sendable {
    /// The nodes in ascending order.
    public var nodes: [Node] = []

    /// The memory of one node.
    public struct Node: Hashable, Sendable {
        /// The node.
        public var node: NodeID
        /// All of its memory in bytes; nil if not printed.
        public var total: Int?
        /// Its free memory in bytes; nil if not printed.
        public var free: Int?
    }

    /// Reads the lines that it understands. A table of many nodes has several parts, each with its own header.
    public init(_ text: String) {
        var columns: [NodeID] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            if fields.first == "Node", fields.count >= 2, Int(fields[1]) != nil {
                columns = Self.columns(fields)
                for node in columns where !nodes.contains(where: { $0.node == node }) {
                    nodes.append(Node(node: node))
                }
            } else if fields.first == "MemTotal" || fields.first == "MemFree" {
                for (node, field) in zip(columns, fields.dropFirst()) {
                    guard let value = Double(field), value >= 0, value < 1e12,
                        let index = nodes.firstIndex(where: { $0.node == node })
                    else { continue }
                    let bytes = Int(value * 1024) << 10
                    if fields.first == "MemTotal" { nodes[index].total = bytes } else { nodes[index].free = bytes }
                }
            }
        }
        nodes.sort { $0.node < $1.node }
    }

    /// Reads `Node 0  Node 1  Total`.
    private static func columns(_ fields: [Substring]) -> [NodeID] {
        var columns: [NodeID] = []
        var index = 0
        while index + 1 < fields.count, fields[index] == "Node", let number = Int(fields[index + 1]),
            (0..<NodeID.limit).contains(number)
        {
            columns.append(NodeID(number))
            index += 2
        }
        return columns
    }
}
