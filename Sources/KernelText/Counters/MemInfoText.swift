import Topology

/// `/proc/meminfo` (`meminfo_proc_show`, fs/proc/meminfo.c) or a node's `meminfo` in sysfs
/// (`node_read_meminfo`, drivers/base/node.c).
public struct MemInfoText: KernelTextFile {
    /// The node; nil: the whole machine.
    public var node: NodeID?
    /// In the order of the text.
    public var entries: [Entry]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// One line.
    public struct Entry: Hashable, Sendable {
        /// The name without the colon.
        public var name: String
        /// The number.
        public var value: UInt64
        /// Printed with "kB", which means KiB; otherwise a number of pages or a plain number.
        public var isKibibytes: Bool
        /// Columns from the colon to the end of the number; a longer number extends further.
        public var width: Int

        public init(name: String, value: UInt64, isKibibytes: Bool = true, width: Int? = nil) {
            self.name = name
            self.value = value
            self.isKibibytes = isKibibytes
            // Labels take 16 columns and numbers 8, apart from a few longer ones.
            self.width = width ?? Swift.max(24 - name.utf8.count - 1, 1)
        }
    }

    public init(node: NodeID? = nil, entries: [Entry], notes: [String] = []) {
        self.node = node
        self.entries = entries
        self.notes = notes
    }

    /// The value of the first entry with that name.
    public subscript(name: String) -> UInt64? { entries.first { $0.name == name }?.value }
}

extension MemInfoText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var node: NodeID?
        var entries: [Entry] = []
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in
            var fields = line.fields[...]
            guard !fields.isEmpty else { return }
            if fields.first == "Node", fields.count >= 3 {
                let lineNode = try line.node(fields[1])
                if let node, node != lineNode {
                    throw line.error("a line of node \(lineNode) among those of node \(node)")
                }
                node = lineNode
                fields = fields.dropFirst(2)
            }
            guard let label = fields.first, label.last == ":", fields.count <= 3, label.utf8.count > 1 else {
                notes.append(line.note("not 'NAME: NUMBER kB', ignored: '\(line.content.prefix(40))'"))
                return
            }
            let number = fields.dropFirst().first
            let value = try line.counter(number, of: label.dropLast())
            entries.append(
                Entry(
                    name: String(label.dropLast()), value: value, isKibibytes: fields.last == "kB",
                    width: number.map { line.content.utf8.distance(from: label.endIndex, to: $0.endIndex) }))
        }
        guard !entries.isEmpty else {
            throw KernelTextError(file: name, problem: "no entry in it; expected lines such as 'MemTotal: 984828 kB'")
        }
        self.init(node: node, entries: entries, notes: notes)
    }

    public var text: String {
        let prefix = node.map { "Node \($0) " } ?? ""
        return entries.map { entry in
            "\(prefix)\(entry.name):" + KernelFormat.right(entry.value, entry.width)
                + (entry.isKibibytes ? " kB\n" : "\n")
        }.joined()
    }
}
