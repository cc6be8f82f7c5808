import Topology

/// The output of `numactl -H`: nodes with their CPUs and sizes, and the table of distances; or the table alone.
///
/// Such texts often come by mail, so quote marks, indents and folded lines are accepted.
public struct NUMACtlText: KernelTextFile {
    /// The nodes in ascending order.
    public var nodes: [Node]
    /// Nil if the text has no table.
    public var distances: DistanceMatrix?
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// A node.
    public struct Node: Hashable, Sendable {
        /// Its number.
        public var id: NodeID
        /// Its CPUs, ascending; nil if not given.
        public var cpus: [CPUID]?
        /// The memory that the kernel manages, in MiB rounded down; nil if not given.
        public var size: Int?
        /// Free memory, in MiB rounded down; nil if not given.
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

    /// The text as numactl 2.0.16 prints it (`print_distances` and `hardware`).
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
