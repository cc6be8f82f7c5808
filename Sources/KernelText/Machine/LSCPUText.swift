import Topology

/// The part of the output of util-linux's `lscpu` that is about nodes.
public struct LSCPUText: Hashable, Sendable {
    /// The name that `uname -m` prints; nil if not given.
    public var architecture: String?
    /// The nodes in ascending order.
    public var nodes: [Node] = []
    /// CPUs that are online, on any node.
    public var online: [CPUID] = []

    /// A node and its CPUs.
    public struct Node: Hashable, Sendable {
        /// The node.
        public var node: NodeID
        /// Its CPUs.
        public var cpus: [CPUID]
    }

    /// Reads the lines that it understands: `NAME: VALUE`, or the tables of `lscpu -e` and `lscpu -p`.
    public init(_ text: String) {
        var table: (cpu: Int, node: Int)?
        for line in text.split(whereSeparator: \.isNewline) {
            if let columns = Self.columns(line) {
                table = columns
                continue
            }
            if let table, line.first?.isNumber == true || line.first == " " {
                addRow(line, table)
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].split(separator: " ").joined(separator: " ")
            let value = parts[1].split(separator: " ").joined(separator: " ")
            if name == "Architecture" {
                architecture = value
            } else if name == "On-line CPU(s) list" {
                online = Self.cpus(value)
            } else if name.hasPrefix("NUMA node"), name.hasSuffix("CPU(s)"),
                let number = Int(name.dropFirst(9).prefix { $0.isNumber }), (0..<NodeID.limit).contains(number)
            {
                nodes.append(Node(node: NodeID(number), cpus: Self.cpus(value)))
            }
        }
        nodes.sort { $0.node < $1.node }
    }

    /// The columns of CPU and node, from a table's first line.
    private static func columns(_ line: Substring) -> (cpu: Int, node: Int)? {
        let names = line.drop { $0 == "#" || $0 == " " }.split(
            omittingEmptySubsequences: !line.hasPrefix("#"), whereSeparator: { $0 == " " || $0 == "," })
        guard names.first == "CPU", let node = names.firstIndex(where: { $0 == "NODE" || $0 == "Node" }) else {
            return nil
        }
        return (0, node)
    }

    private mutating func addRow(_ line: Substring, _ table: (cpu: Int, node: Int)) {
        let fields = line.split(
            omittingEmptySubsequences: !line.contains(","), whereSeparator: { $0 == " " || $0 == "," })
        guard fields.indices.contains(table.node), let cpu = UInt32(fields[table.cpu]) else { return }
        let id = CPUID(rawValue: cpu)
        online.append(id)
        guard let number = Int(fields[table.node]), (0..<NodeID.limit).contains(number) else { return }
        if let index = nodes.firstIndex(where: { $0.node == NodeID(number) }) {
            nodes[index].cpus.append(id)
        } else {
            nodes.append(Node(node: NodeID(number), cpus: [id]))
        }
    }

    private static func cpus(_ text: String) -> [CPUID] {
        ((try? NumberSetText.list(parsing: text, name: "lscpu")) ?? []).map { CPUID($0) }
    }
}
