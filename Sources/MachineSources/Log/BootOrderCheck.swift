import GFP
import KernelLog
import PageAllocator
import Topology

/// The fallback order that a boot log prints, compared with the one computed from the machine.
public struct BootOrderCheck: Hashable, Sendable {
    /// One entry for each node with a printed order.
    public let nodes: [Node]
    /// Whether the distances were assumed because the log does not state them.
    public let distancesAreAssumed: Bool

    /// One node's orders.
    public struct Node: Hashable, Sendable {
        /// The node.
        public var node: NodeID
        /// The printed order.
        public var printed: [NodeID]
        /// The order that `NodeOrder` computes.
        public var computed: [NodeID]

        /// Whether the two orders are equal.
        public var agrees: Bool { printed == computed }
    }

    /// Whether the log prints orders, and all of them are equal to the computed ones.
    public var agrees: Bool { !nodes.isEmpty && nodes.allSatisfy(\.agrees) }

    /// The result of the comparison.
    public var sentence: String { note.text }

    /// The result of the comparison. The machine uses the printed order in any case.
    public var note: SourceNote {
        guard !nodes.isEmpty else { return SourceNote(.used, "The log prints no fallback order.") }
        func text(_ order: [NodeID]) -> String { order.map(\.description).joined(separator: " ") }
        let wrong = nodes.first { !$0.agrees }
        if distancesAreAssumed {
            let comparison =
                wrong.map {
                    "alike distances would give node \($0.node) the order \(text($0.computed)), not \(text($0.printed))"
                } ?? "it is the one that alike distances would give"
            return SourceNote(
                wrong == nil ? .used : .contradiction,
                "The fallback order is the one that the log prints. It cannot be checked, since it depends on distances, "
                    + "which a boot log does not have; \(comparison).")
        }
        guard let wrong else {
            return SourceNote(
                .used,
                "The fallback order that the log prints agrees with the one worked out here, for each of \(nodes.count) "
                    + "\(nodes.count == 1 ? "node" : "nodes").")
        }
        return SourceNote(
            .contradiction,
            "The log prints the fallback order \(text(wrong.printed)) for node \(wrong.node), and "
                + "\(text(wrong.computed)) follows from the distances. The printed one is used.")
    }

    /// A node without memory, which kernels up to 6.1 print first in its own order, is not compared.
    ///
    /// - Parameters:
    ///   - log: The boot log.
    ///   - distances: The machine's distances, which no boot log prints; nil: all remote ones are equal.
    public init(_ log: BootLog, distances: DistanceMatrix? = nil) {
        let printed = log.fallbackOrder
        let withMemory = Set(log.nodes.filter { log.bytes(of: $0) > 0 })
            .union(printed.flatMap { own, order in order.filter { $0 != own } })
        let ids = withMemory.union(printed.keys).sorted()
        func distance(_ from: NodeID, _ to: NodeID) -> UInt8 {
            distances?.distance(from: from, to: to) ?? (from == to ? 10 : 20)
        }
        let rows = ids.map { from in ids.map { distance(from, $0) } }
        let order = NodeOrder(
            distances: DistanceMatrix(nodes: ids, rows: rows), hasMemory: ids.map { withMemory.contains($0) },
            loading: KernelProfile(
                nearest: log.kernelRelease.flatMap { KernelVersion($0) } ?? KernelProfile.newest.version
            ).nodeLoading)
        nodes = ids.enumerated().compactMap { position, id in
            printed[id].map { list in
                Node(
                    node: id, printed: list.filter { withMemory.contains($0) },
                    computed: order.orders[position].map { ids[$0] })
            }
        }
        // Distances matter only for a node that can choose between several others.
        distancesAreAssumed = distances == nil && ids.contains { withMemory.subtracting([$0]).count > 1 }
    }
}
