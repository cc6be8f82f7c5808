import BuddyEngine

/// What libnuma is asked for: a machine's nodes. A test can provide its own.
public protocol NUMALibrary: Sendable {
    /// The kernel answers NUMA calls (`numa_available`); containers often forbid them.
    var isAvailable: Bool { get }

    /// Why there is no such library on this machine, and what to install; nil: there is one.
    var absence: String? { get }

    /// The machine's nodes, ascending. Like everything below, used only if ``isAvailable``.
    var nodes: [NodeID] { get }

    /// The node's CPUs, ascending; nil if the library cannot tell.
    func cpus(of node: NodeID) -> [CPUID]?

    /// The bytes of memory that the kernel manages on the node, 0 if it has none; nil if the library cannot tell.
    func size(of node: NodeID) -> Int?

    /// The distance, 10 to 255; nil if the library cannot tell.
    func distance(from: NodeID, to: NodeID) -> UInt8?
}

extension NUMALibrary {
    public var absence: String? { nil }
}
