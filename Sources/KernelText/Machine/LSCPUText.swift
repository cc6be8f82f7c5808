import SourceText
import Topology

/// The part of the output of util-linux's `lscpu` that is about nodes.
public struct LSCPUText: Hashable, Sendable {
    /// The name that `uname -m` prints; nil if not given.
    public var architecture: String?
    /// The nodes in ascending order. Those without CPUs have only memory; tables of CPUs cannot name them.
    public var nodes: [Node] = []
    /// The stated number of nodes; nil: not stated.
    public var nodeCount: Int?
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
        var table: Columns?
        for line in text.split(whereSeparator: \.isNewline) {
            if let columns = Columns(line) {
                table = columns
            } else if let table, line.first?.isNumber == true || line.first == " " {
                addRow(line, table)
            } else if let colon = line.firstIndex(of: ":") {
                add(
                    line[..<colon].split(separator: " ").joined(separator: " "),
                    line[line.index(after: colon)...].split(separator: " ").joined(separator: " "))
            }
        }
        nodes.sort { $0.node < $1.node }
    }

    /// Reads a line of a name and a value. Names are translated, except for "NUMA" and the node's number.
    private mutating func add(_ name: String, _ value: String) {
        if Self.architectureNames.contains(name) {
            architecture = value
        } else if name == "On-line CPU(s) list" {
            online = Self.cpus(value) ?? []
        } else if name.mentions("NUMA") {
            guard let first = name.firstIndex(where: \.isNumber) else {
                nodeCount = Int(value)
                return
            }
            guard let number = Int(name[first...].prefix { $0.isNumber }), (0..<NodeID.limit).contains(number),
                let cpus = value == "-" ? [] : Self.cpus(value)
            else { return }
            nodes.append(Node(node: NodeID(number), cpus: cpus))
        }
    }

    /// "Architecture" in the languages into which util-linux is translated.
    package static let architectureNames: Set<String> = [
        "Architecture", "Architektur", "Arquitectura", "Arquitetura", "Architettura", "Architektura", "Architectuur",
        "Arkitektur", "\u{67B6}\u{6784}", "\u{30A2}\u{30FC}\u{30AD}\u{30C6}\u{30AF}\u{30C1}\u{30E3}",
    ]

    /// The columns of CPU and node, from a table's first line.
    private struct Columns {
        let cpu: Int
        let node: Int
        /// Whether it is the output of `lscpu -p`, which prints empty columns too.
        let isParsable: Bool

        init?(_ line: Substring) {
            isParsable = line.hasPrefix("#")
            let names = line.drop { $0 == "#" || $0 == " " }.split(
                omittingEmptySubsequences: !isParsable, whereSeparator: { $0 == " " || $0 == "," })
            guard let cpu = names.firstIndex(of: "CPU"),
                let node = names.firstIndex(where: { $0 == "NODE" || $0 == "Node" })
            else { return nil }
            self.cpu = cpu
            self.node = node
        }
    }

    private mutating func addRow(_ line: Substring, _ table: Columns) {
        let fields =
            table.isParsable
            ? line.split(separator: ",", omittingEmptySubsequences: false) : line.split(separator: " ")
        guard fields.indices.contains(table.cpu), fields.indices.contains(table.node),
            let cpu = UInt32(fields[table.cpu])
        else { return }
        let id = CPUID(rawValue: cpu)
        let number = Int(fields[table.node])
        // A CPU without a node is offline in one form (`-e -a`), and of a kernel without NUMA in the other.
        if table.isParsable || number != nil { online.append(id) }
        guard let number, (0..<NodeID.limit).contains(number) else { return }
        if let index = nodes.firstIndex(where: { $0.node == NodeID(number) }) {
            nodes[index].cpus.append(id)
        } else {
            nodes.append(Node(node: NodeID(number), cpus: [id]))
        }
    }

    /// Nil: the text is not a list of CPUs.
    private static func cpus(_ text: String) -> [CPUID]? {
        text.isEmpty ? [] : (try? NumberSetText.list(parsing: text, name: "lscpu"))?.map { CPUID($0) }
    }
}
