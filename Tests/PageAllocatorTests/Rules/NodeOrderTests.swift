import PageAllocator
import TestSupport
import Testing
import Topology

/// In which order nodes fall back to one another, against the kernel's way of finding it: one node at a time, each the
/// best of those left (`find_next_best_node`, mm/page_alloc.c).
@Suite struct NodeOrderTests {
    /// - Parameter load: Grows with each order, as the kernel's does.
    private func placesOneByOne(
        othersOf own: Int, _ distances: [[UInt8]], _ hasMemory: [Bool], _ loading: KernelProfile.NodeLoading,
        _ load: inout [Int]
    ) -> [Int] {
        let count = hasMemory.count
        var order = hasMemory[own] ? [own] : []
        var previous = own
        for place in 0..<count {
            let left = (0..<count).filter { hasMemory[$0] && $0 != own && !order.contains($0) }
            let best = left.min { a, b in
                let (far, farther) = (
                    Int(distances[own][a]) + (a < own ? 1 : 0), Int(distances[own][b]) + (b < own ? 1 : 0)
                )
                return (far, load[a], a) < (farther, load[b], b)
            }
            guard let best else { break }
            if distances[own][best] != distances[own][previous] {
                switch loading {
                case .placesLeft: load[best] = count - 1 - place
                case .placesLeftAdded: load[best] += count - 1 - place
                case .timesChosen: load[best] += 1
                }
            }
            order.append(best)
            previous = best
        }
        return order
    }

    @Test(arguments: [KernelProfile.NodeLoading.placesLeft, .placesLeftAdded, .timesChosen], 1...20)
    func `orders are those of choosing one node after another`(loading: KernelProfile.NodeLoading, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 2...12, using: &generator)
        var distances: [[UInt8]] = (0..<count).map { _ in
            (0..<count).map { _ in [11, 20, 21, 40][Int.random(in: 0..<4, using: &generator)] }
        }
        for node in 0..<count { distances[node][node] = 10 }
        let hasMemory = (0..<count).map { _ in Int.random(in: 0..<5, using: &generator) > 0 }
        var load = Array(repeating: 0, count: count)
        let expected = (0..<count).map { placesOneByOne(othersOf: $0, distances, hasMemory, loading, &load) }
        let order = NodeOrder(
            distances: DistanceMatrix(nodes: (0..<count).map { NodeID($0) }, rows: distances), hasMemory: hasMemory,
            loading: loading)
        #expect(order.orders == expected, "\(generator)")
    }
}
