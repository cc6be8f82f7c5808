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
    /// Within one node's order only nodes already placed change their load, so the order is a sort. O(nodes² · log).
    ///
    /// - Parameters:
    ///   - distances: Rows and columns in order of node position.
    ///   - hasMemory: By node position.
    ///   - loading: How nodes grow heavier with each time they are chosen.
    public init(distances: DistanceMatrix, hasMemory: [Bool], loading: KernelProfile.NodeLoading) {
        let count = hasMemory.count
        var load = [UInt64](repeating: 0, count: count)
        var orders: [[Int]] = []
        orders.reserveCapacity(count)
        // What a step of distance weighs against load.
        let weight =
            switch loading {
            case .placesLeft: UInt64(NodeID.limit * count)
            case .timesChosen: UInt64(NodeID.limit)
            }
        var keys: [UInt64] = []
        keys.reserveCapacity(count)
        for own in 0..<count {
            keys.removeAll(keepingCapacity: true)
            for node in 0..<count where hasMemory[node] && node != own {
                let far = UInt64(distances[own, node]) + (node < own ? 1 : 0)
                keys.append((far * weight + load[node]) << 16 | UInt64(node))
            }
            keys.sort()
            var order = hasMemory[own] ? [own] : []
            order.reserveCapacity(keys.count + 1)
            var previous = distances[own, own]
            for (place, key) in keys.enumerated() {
                let node = Int(key & 0xFFFF)
                let distance = distances[own, node]
                if distance != previous {
                    switch loading {
                    case .placesLeft: load[node] = UInt64(count - 1 - place)
                    case .timesChosen: load[node] += 1
                    }
                }
                previous = distance
                order.append(node)
            }
            orders.append(order)
        }
        self.orders = orders
    }
}
