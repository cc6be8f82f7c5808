import Topology

/// In which order each node falls back to the others.
public struct NodeOrder: Sendable {
    /// By node position: the positions of the nodes with memory, nearest first.
    public let orders: [[Int]]

    /// Works all orders out (`build_zonelists`, `find_next_best_node`, mm/page_alloc.c, 5.10 to 6.12).
    ///
    /// A node comes before another if it is nearer; of equally near ones those numbered above the own node come first,
    /// then those of less load: how much being the first of its distance on a list adds to a node's load is the
    /// `loading` rule. The kernel's preference for nodes without
    /// CPUs has no effect at boot: no CPU has its node yet.
    ///
    /// O(nodes²), as many as the places there are: see `NodeOrderSort`.
    ///
    /// - Parameters:
    ///   - distances: Rows and columns in order of node position.
    ///   - hasMemory: By node position.
    ///   - loading: How nodes grow heavier with each time they are chosen.
    public init(distances: DistanceMatrix, hasMemory: [Bool], loading: KernelProfile.NodeLoading) {
        var sort = NodeOrderSort(distances: distances, hasMemory: hasMemory, loading: loading)
        orders = hasMemory.indices.map { own in
            sort.place(othersOf: own)
            return (hasMemory[own] ? [own] : []) + sort.others
        }
    }
}
