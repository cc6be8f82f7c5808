/// What hwloc makes of one of its own descriptions: NUMA nodes with their processing units, memory and distances.
package struct HardwareTopology: Hashable, Sendable {
    /// In ascending order of number.
    package var nodes: [Node] = []
    /// Latencies as the operating system gives them (10 is local), row by row in order of ``nodes``; nil: there are none.
    package var distances: [[UInt64]]?
    /// Key and value of the description's root: `Architecture`, `OSRelease`, `HostName`, ...
    package var infos: [String: String] = [:]
    /// The smallest page of any node, in bytes; nil: not said.
    package var pageSize: UInt64?

    package struct Node: Hashable, Sendable {
        /// The operating system's.
        package var number: Int
        /// The operating system's numbers of its processing units, ascending. Nodes that share processors, as memory of
        /// another kind does, name them each.
        package var processors: [Int]
        /// Bytes.
        package var memory: UInt64
        /// "HBM", "DRAM", "SPM", "CXL-DRAM", ...; nil: not said.
        package var kind: String?
        /// MiB/s as its nearest processors see it; nil: not said.
        package var bandwidth: UInt64?
        /// Nanoseconds as its nearest processors see it; nil: not said.
        package var latency: UInt64?
        /// Where it is among kinds of memory, 0 being the best; nil: not said.
        package var tier: Int?
    }
}
