import KernelText
import PageAllocator
import Topology

/// The fallback order that a boot log prints, compared with the one worked out from it.
public struct BootOrderCheck: Hashable, Sendable {
    /// By node.
    public let nodes: [Node]
    /// Whether the log says which distances the nodes have, or they were assumed.
    public let distancesAreAssumed: Bool

    public struct Node: Hashable, Sendable {
        public var node: NodeID
        /// As printed.
        public var printed: [NodeID]
        /// As ``NodeOrder`` has it.
        public var computed: [NodeID]

        public var agrees: Bool { printed == computed }
    }

    /// Whether the log prints an order, and it is ours for each node.
    public var agrees: Bool { !nodes.isEmpty && nodes.allSatisfy(\.agrees) }

    /// - Parameter distances: The machine's distances, which no boot log prints; nil: all remote ones alike.
    public init(_ log: BootLog, distances: DistanceMatrix? = nil) {
        let (topology, _) = log.topology()
        let printed = log.fallbackOrder
        let known = topology.nodes.map(\.id)
        // A printed order names every node with memory, whatever else the log lost of it.
        let named = Set(printed.values.flatMap { $0 })
        let ids = Set(known).union(printed.keys).union(named).sorted()
        let matrix = distances.flatMap { given in given.nodes == ids ? given : nil }
        let order = NodeOrder(
            distances: matrix ?? DistanceMatrix(nodes: ids, remote: 20),
            hasMemory: ids.map { id in
                topology.nodes.contains { $0.id == id && !$0.memory.isEmpty } || named.contains(id)
            })
        nodes = ids.enumerated().compactMap { position, id in
            printed[id].map { Node(node: id, printed: $0, computed: order.orders[position].map { ids[$0] }) }
        }
        distancesAreAssumed = matrix == nil && ids.count > 2
    }
}
