import Topology

/// NUMA counters: a node's `numastat` in sysfs (`node_read_numastat`, drivers/base/node.c), or the table of all nodes
/// that the tool `numastat` prints (numactl, numastat.c) if its output is not a terminal.
public struct NUMAStatText: KernelTextFile {
    /// The form of the text.
    public var layout: Layout
    /// The nodes of the table's columns; empty for the file of one node.
    public var nodes: [NodeID]
    /// The counters.
    public var rows: [Row]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// The form of the text.
    public enum Layout: Hashable, Sendable {
        /// "numa_hit 5050701".
        case node
        /// A column of 16 characters for each node.
        case table
    }

    /// One counter.
    public struct Row: Hashable, Sendable {
        /// `numa_hit`, `numa_miss`, `numa_foreign`, `interleave_hit`, `local_node`, `other_node`.
        public var name: String
        /// The value of each node; a single one in the file of one node.
        public var values: [UInt64]

        public init(name: String, values: [UInt64]) {
            self.name = name
            self.values = values
        }
    }

    public init(layout: Layout, nodes: [NodeID] = [], rows: [Row], notes: [String] = []) {
        self.layout = layout
        self.nodes = nodes
        self.rows = rows
        self.notes = notes
    }

    /// The value of a row for a node; the file of one node gives it for any.
    public func value(_ name: String, node: NodeID) -> UInt64? {
        let column = layout == .node ? 0 : nodes.firstIndex(of: node)
        guard let column, let row = rows.first(where: { $0.name == name }) else { return nil }
        return row.values.indices.contains(column) ? row.values[column] : nil
    }
}

extension NUMAStatText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var result = Self(layout: .node, rows: [])
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in
            let fields = line.fields
            guard let first = fields.first else { return }
            if result.rows.isEmpty, result.nodes.isEmpty, fields.allSatisfy({ $0.hasPrefix("node") }) {
                result.layout = .table
                for field in fields { result.nodes.append(try line.node(field.dropFirst(4))) }
                return
            }
            guard fields.count == (result.layout == .node ? 2 : result.nodes.count + 1) else {
                notes.append(line.note("not a line of numastat, ignored: '\(line.content.prefix(40))'"))
                return
            }
            var values: [UInt64] = []
            for field in fields.dropFirst() { values.append(try line.counter(field, of: first)) }
            result.rows.append(Row(name: String(first), values: values))
        }
        guard !result.rows.isEmpty else {
            throw KernelTextError(file: name, problem: "no counter in it; expected lines such as 'numa_hit 5050701'")
        }
        result.notes = notes
        self = result
    }

    public var text: String {
        switch layout {
        case .node:
            return rows.map { "\($0.name) \($0.values.first ?? 0)\n" }.joined()
        case .table:
            var text = String(repeating: " ", count: 16)
            for node in nodes { text += KernelFormat.right("node\(node)", 16) }
            text += "\n"
            for row in rows {
                text += KernelFormat.left(row.name, 16)
                // The tool prints no blank before numbers of 16 digits; this keeps them apart.
                for value in row.values { text += " " + KernelFormat.right(value, 15) }
                text += "\n"
            }
            return text
        }
    }
}
