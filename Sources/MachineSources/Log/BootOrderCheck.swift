import GFP
import KernelLog
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
        /// As `NodeOrder` has it.
        public var computed: [NodeID]

        public var agrees: Bool { printed == computed }
    }

    /// Whether the log prints an order, and it is ours for each node.
    public var agrees: Bool { !nodes.isEmpty && nodes.allSatisfy(\.agrees) }

    /// What came of the comparison.
    public var sentence: String { note.text }

    /// What came of the comparison: the printed order is the machine's in any case.
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
                + "\(text(wrong.computed)) follows from the distances. The printed one is taken.")
    }

    /// A node without memory, which kernels to 6.1 print first in its own order, is left out of the comparison.
    ///
    /// - `distances`: The machine's distances, which no boot log prints; nil: all remote ones alike.
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
        // Distances decide where a node has two others to choose from.
        distancesAreAssumed = distances == nil && ids.contains { withMemory.subtracting([$0]).count > 1 }
    }
}
