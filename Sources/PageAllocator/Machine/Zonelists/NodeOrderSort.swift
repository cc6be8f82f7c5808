import Topology

/// Computes the nodes' fallback orders one after another, as each adds load to nodes for those that follow.
///
/// Within one order, only nodes already placed change their load, so the order is a sort: by distance, then load, then
/// number. Nodes are kept sorted by the last two, so that counting those of each distance is enough: O(nodes) for each
/// order, plus k · log k for the k nodes whose load grows, which is a single one unless distances differ.
struct NodeOrderSort {
    private let distances: DistanceMatrix
    private let loading: KernelProfile.NodeLoading
    private let count: Int
    /// By node position.
    private var load: [Int]
    /// The ``key(_:)`` of each node with memory, ascending: by load, then by number.
    private var byLoad: [Int]
    /// The keys of the nodes whose load the current order has changed.
    private var heavier: [Int] = []

    /// The positions of the other nodes with memory, nearest first, after ``place(othersOf:)``.
    private(set) var others: [Int] = []

    init(distances: DistanceMatrix, hasMemory: [Bool], loading: KernelProfile.NodeLoading) {
        self.distances = distances
        self.loading = loading
        count = hasMemory.count
        load = Array(repeating: 0, count: count)
        // No node has any load yet.
        byLoad = hasMemory.indices.filter { hasMemory[$0] }
    }

    /// Computes a node's order. Must be called for the nodes in order of position, once for each.
    mutating func place(othersOf own: Int) {
        let row = distances.distances(from: own)
        sort(own, row)
        heavier.removeAll(keepingCapacity: true)
        var previous = row[row.startIndex + own]
        for (place, node) in others.enumerated() {
            let distance = row[row.startIndex + node]
            if distance != previous {
                let before = load[node]
                switch loading {
                case .placesLeft:
                    load[node] = count - 1 - place
                case .placesLeftAdded:
                    load[node] += count - 1 - place
                case .timesChosen:
                    load[node] += 1
                }
                if load[node] != before { heavier.append(key(node)) }
            }
            previous = distance
        }
        if !heavier.isEmpty { restoreOrder() }
    }

    private mutating func sort(_ own: Int, _ row: ArraySlice<UInt8>) {
        // A node below the own counts as one farther, so the greatest distance is 256.
        var nearer = InlineArray<258, Int>(repeating: 0)
        var left = 0
        for key in byLoad where key & Self.number != own {
            let node = key & Self.number
            nearer[Int(row[row.startIndex + node]) + (node < own ? 2 : 1)] += 1
            left += 1
        }
        for distance in 1..<nearer.count { nearer[distance] += nearer[distance - 1] }
        others = Array(unsafeUninitializedCapacity: left) { places, count in
            for key in byLoad where key & Self.number != own {
                let node = key & Self.number
                let distance = Int(row[row.startIndex + node]) + (node < own ? 1 : 0)
                places[nearer[distance]] = node
                nearer[distance] += 1
            }
            count = left
        }
    }

    /// Sorts the nodes whose load has changed into ``byLoad``.
    private mutating func restoreOrder() {
        heavier.sort()
        byLoad = Array(unsafeUninitializedCapacity: byLoad.count) { merged, count in
            var next = 0
            // A node whose load has changed leaves its old place.
            for key in byLoad where load[key & Self.number] == key >> Self.numberBits {
                while next < heavier.count, heavier[next] < key {
                    merged[count] = heavier[next]
                    count += 1
                    next += 1
                }
                merged[count] = key
                count += 1
            }
            while next < heavier.count {
                merged[count] = heavier[next]
                count += 1
                next += 1
            }
        }
    }

    /// A node's load and number combined, so that keys sort in the order in which the kernel chooses.
    private func key(_ node: Int) -> Int { load[node] << Self.numberBits | node }

    private static let numberBits = 16
    private static let number = 1 << numberBits - 1
}
