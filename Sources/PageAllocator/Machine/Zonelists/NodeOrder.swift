import Topology

/// The order in which each node falls back to the others.
public struct NodeOrder: Sendable {
    /// By node position: the positions of the nodes with memory, nearest first.
    public let orders: [[Int]]

    /// Computes all orders (`build_zonelists`, `find_next_best_node`, mm/page_alloc.c, 5.10 to 6.12).
    ///
    /// A node comes before another if it is nearer. Of equally near ones, those numbered above the own node come first,
    /// then those with less load: the `loading` rule says how much a node's load grows when it is the first of its
    /// distance on a list. The kernel's preference for nodes without CPUs has no effect at boot, when no CPU is
    /// assigned to a node yet.
    ///
    /// O(nodes²), which is the size of the result: see `NodeOrderSort`.
    ///
    /// - Parameters:
    ///   - distances: Rows and columns in order of node position.
    ///   - hasMemory: By node position.
    ///   - loading: How a node's load grows each time it is chosen.
    public init(distances: DistanceMatrix, hasMemory: [Bool], loading: KernelProfile.NodeLoading) {
        var sort = NodeOrderSort(distances: distances, hasMemory: hasMemory, loading: loading)
        orders = hasMemory.indices.map { own in
            sort.place(othersOf: own)
            return (hasMemory[own] ? [own] : []) + sort.others
        }
    }
}
