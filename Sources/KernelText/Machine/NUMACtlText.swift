import Topology

/// What `numactl -H` prints: nodes with their CPUs and sizes, and the table of distances; also the table alone.
///
/// Such texts mostly come by mail, so that quote marks, indents and folded lines are read too.
public struct NUMACtlText: KernelTextFile {
    /// Ascending.
    public var nodes: [Node]
    /// nil: the text has no table.
    public var distances: DistanceMatrix?
    public var notes: [String]

    public struct Node: Hashable, Sendable {
        public var id: NodeID
        /// Ascending; nil: not said.
        public var cpus: [CPUID]?
        /// What the kernel manages, in MiB rounded down; nil: not said.
        public var size: Int?
        /// In MiB rounded down; nil: not said.
        public var free: Int?

        public init(id: NodeID, cpus: [CPUID]? = nil, size: Int? = nil, free: Int? = nil) {
            self.id = id
            self.cpus = cpus
            self.size = size
            self.free = free
        }
    }

    public init(nodes: [Node], distances: DistanceMatrix?, notes: [String] = []) {
        self.nodes = nodes
        self.distances = distances
        self.notes = notes
    }

    /// `print_distances` and `hardware` of numactl 2.0.16.
    public var text: String {
        var text =
            "available: \(nodes.count) nodes (\(NumberList.format(nodes.map { Int($0.id.rawValue) }.sorted())))\n"
        for node in nodes {
            if let cpus = node.cpus {
                text += "node \(node.id) cpus:" + cpus.map { " \($0)" }.joined() + "\n"
            }
            if let size = node.size { text += "node \(node.id) size: \(size) MB\n" }
            if let free = node.free { text += "node \(node.id) free: \(free) MB\n" }
        }
        guard let distances else { return text }
        text += "node distances:\nnode "
        for node in distances.nodes { text += KernelFormat.right(node, 3) + " " }
        text += "\n"
        for (node, row) in zip(distances.nodes, distances.rows) {
            text += KernelFormat.right(node, 3) + ": " + row.map { KernelFormat.right($0, 3) + " " }.joined() + "\n"
        }
        return text
    }
}
