import Topology

/// Works the nodes' fallback orders out, one after another, as each makes nodes heavier for those that follow.
///
/// Within one order only nodes already placed change their load, so the order is a sort: by distance, then load, then number.
/// Nodes are kept in order of the last two, so that counting those of each distance is enough: O(nodes) for each order, and
/// k · log k for the k nodes that it makes heavier, which are one unless distances differ.
struct NodeOrderSort {
    private let distances: DistanceMatrix
    private let loading: KernelProfile.NodeLoading
    private let count: Int
    /// By node position.
    private var load: [Int]
    /// Nodes with memory, lightest first, of equally heavy ones the lower number first.
    private var byLoad: [Int]
    /// By distance: how many are nearer.
    private var nearer = [Int](repeating: 0, count: Int(UInt8.max) + 3)
    private var heavier: [Int] = []

    /// The positions of the nodes with memory without the own, nearest first, after ``place(othersOf:)``.
    private(set) var others: [Int] = []

    init(distances: DistanceMatrix, hasMemory: [Bool], loading: KernelProfile.NodeLoading) {
        self.distances = distances
        self.loading = loading
        count = hasMemory.count
        load = Array(repeating: 0, count: count)
        byLoad = hasMemory.indices.filter { hasMemory[$0] }
    }

    /// Works a node's order out. Nodes are asked for in order of their positions, each once.
    mutating func place(othersOf own: Int) {
        sort(own)
        heavier.removeAll(keepingCapacity: true)
        var previous = distances[own, own]
        for (place, node) in others.enumerated() {
            let distance = distances[own, node]
            if distance != previous {
                switch loading {
                case .placesLeft:
                    load[node] = count - 1 - place
                case .timesChosen:
                    load[node] += 1
                }
                heavier.append(node)
            }
            previous = distance
        }
        if !heavier.isEmpty { restoreOrder() }
    }

    private mutating func sort(_ own: Int) {
        for distance in nearer.indices { nearer[distance] = 0 }
        for node in byLoad where node != own { nearer[Int(distances[own, node]) + (node < own ? 2 : 1)] += 1 }
        var sum = 0
        for distance in nearer.indices {
            sum += nearer[distance]
            nearer[distance] = sum
        }
        others.removeAll(keepingCapacity: true)
        others.append(contentsOf: repeatElement(0, count: sum))
        for node in byLoad where node != own {
            let distance = Int(distances[own, node]) + (node < own ? 1 : 0)
            others[nearer[distance]] = node
            nearer[distance] += 1
        }
    }

    /// Puts the nodes whose load has changed where they belong.
    private mutating func restoreOrder() {
        heavier.sort { [load] in (load[$0], $0) < (load[$1], $1) }
        var isMoved = [Bool](repeating: false, count: count)
        for node in heavier { isMoved[node] = true }
        var merged: [Int] = []
        merged.reserveCapacity(byLoad.count)
        var next = 0
        for node in byLoad where !isMoved[node] {
            while next < heavier.count, isBefore(heavier[next], node) {
                merged.append(heavier[next])
                next += 1
            }
            merged.append(node)
        }
        byLoad = merged + heavier[next...]
    }

    private func isBefore(_ node: Int, _ other: Int) -> Bool { (load[node], node) < (load[other], other) }
}
