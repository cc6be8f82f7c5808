/// hwloc's interpretation of one of its descriptions: NUMA nodes with their processing units, memory and distances.
package struct HardwareTopology: Hashable, Sendable {
    /// The nodes in ascending order of number.
    package var nodes: [Node] = []
    /// Latencies as stated by the operating system (10 is local), with rows and columns in the order of ``nodes``; nil:
    /// not stated.
    package var distances: [[UInt64]]?
    /// The info attributes of the root object by name: `Architecture`, `OSRelease`, `HostName`, ...
    package var infos: [String: String] = [:]
    /// The smallest page size of any node, in bytes; nil: not stated.
    package var pageSize: UInt64?

    /// A NUMA node.
    package struct Node: Hashable, Sendable {
        /// Its number in the operating system.
        package var number: Int
        /// The operating system's numbers of its processing units, ascending. Nodes with different kinds of memory may
        /// share processors; each of them lists these.
        package var processors: [Int]
        /// The size of its memory, in bytes.
        package var memory: UInt64
        /// The kind of memory: "HBM", "DRAM", "SPM", "CXL-DRAM", ...; nil: not stated.
        package var kind: String?
        /// Bandwidth from its nearest processors, in MiB/s; nil: not stated.
        package var bandwidth: UInt64?
        /// Latency from its nearest processors, in nanoseconds; nil: not stated.
        package var latency: UInt64?
        /// The rank of its kind of memory, 0 being the best; nil: not stated.
        package var tier: Int?
    }
}
