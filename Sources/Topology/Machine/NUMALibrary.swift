import BuddyEngine

/// What is asked of libnuma: a machine's nodes. A script can stand in for the library.
public protocol NUMALibrary: Sendable {
    /// The kernel answers NUMA calls (`numa_available`); containers often forbid them.
    var isAvailable: Bool { get }

    /// Why there is no such library on this machine, and what to install; nil: there is one.
    var absence: String? { get }

    /// The machine's nodes, ascending. Asked only if ``isAvailable``, as all below.
    var nodes: [NodeID] { get }

    /// The node's CPUs, ascending; nil: the library cannot tell.
    func cpus(of node: NodeID) -> [CPUID]?

    /// The bytes of memory that the kernel manages on the node, 0 for a memoryless one; nil: cannot tell.
    func size(of node: NodeID) -> Int?

    /// The distance, 10 to 255; nil: cannot tell.
    func distance(from: NodeID, to: NodeID) -> UInt8?
}

extension NUMALibrary {
    public var absence: String? { nil }
}
