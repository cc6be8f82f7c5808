import Topology

/// What `lscpu` of util-linux prints, as far as it is about nodes.
public struct LSCPUText: Hashable, Sendable {
    /// As `uname -m`; nil: not said.
    public var architecture: String?
    /// Ascending by node.
    public var nodes: [Node] = []
    /// CPUs that are on-line, wherever they are.
    public var online: [CPUID] = []

    public struct Node: Hashable, Sendable {
        public var node: NodeID
        public var cpus: [CPUID]
    }

    /// Reads what it understands: lines `NAME: VALUE`.
    public init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
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

    private static func cpus(_ text: String) -> [CPUID] {
        ((try? NumberSetText.list(parsing: text, name: "lscpu")) ?? []).map { CPUID($0) }
    }
}
