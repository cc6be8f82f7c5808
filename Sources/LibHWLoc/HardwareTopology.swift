/// What hwloc makes of one of its own descriptions: NUMA nodes with their processing units, memory and distances.
public struct HardwareTopology: Hashable, Sendable {
    /// In ascending order of number.
    public var nodes: [Node] = []
    /// Latencies as the operating system gives them (10 is local), row by row in order of ``nodes``; nil: there are none.
    public var distances: [[UInt64]]?
    /// Key and value of the description's root: `Architecture`, `OSRelease`, `HostName`, ...
    public var infos: [String: String] = [:]
    /// The smallest page of any node, in bytes; nil: not said.
    public var pageSize: UInt64?

    public struct Node: Hashable, Sendable {
        /// The operating system's.
        public var number: Int
        /// The operating system's numbers of its processing units, ascending. Nodes that share processors, as memory of
        /// another kind does, name them each.
        public var processors: [Int]
        /// Bytes.
        public var memory: UInt64
        /// "HBM", "DRAM", "SPM", "CXL-DRAM", ...; nil: not said.
        public var kind: String?
        /// MiB/s as its nearest processors see it; nil: not said.
        public var bandwidth: UInt64?
        /// Nanoseconds as its nearest processors see it; nil: not said.
        public var latency: UInt64?
        /// Where it is among kinds of memory, 0 being the best; nil: not said.
        public var tier: Int?
    }
}
