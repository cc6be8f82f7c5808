/// The firmware's distances between nodes (ACPI SLIT): 10 is local, larger is farther. Not necessarily symmetric.
public struct DistanceMatrix: Hashable, Sendable {
    /// The nodes of rows and columns, ascending.
    public let nodes: [NodeID]
    /// Row by row: the distance from `nodes[row]` to `nodes[column]`.
    @usableFromInline
    var values: [UInt8]

    /// A matrix in which all remote distances are equal.
    public init(nodes: [NodeID], local: UInt8 = 10, remote: UInt8 = 20) {
        self.nodes = nodes
        values = Array(repeating: remote, count: nodes.count * nodes.count)
        for index in nodes.indices { values[index * nodes.count + index] = local }
    }

    /// A matrix from its rows.
    ///
    /// - Precondition: `rows` is square, with a row for each of `nodes`.
    public init(nodes: [NodeID], rows: [[UInt8]]) {
        precondition(rows.count == nodes.count && rows.allSatisfy { $0.count == nodes.count })
        self.nodes = nodes
        values = rows.flatMap { $0 }
    }

    /// The distance between the nodes at two positions of ``nodes``.
    @inlinable
    public subscript(row: Int, column: Int) -> UInt8 {
        get { values[row * nodes.count + column] }
        set { values[row * nodes.count + column] = newValue }
    }

    /// The distances from the node at a position, by position.
    public func distances(from row: Int) -> ArraySlice<UInt8> {
        values[row * nodes.count..<(row + 1) * nodes.count]
    }

    /// Whether every node is at distance `local` from itself, and all distances between nodes are greater, below 255
    /// (unreachable) and symmetric. Kept fast, because the number of distances is the square of that of nodes.
    func isUsual(local: UInt8) -> Bool {
        let count = nodes.count
        return values.withUnsafeBufferPointer { values in
            for row in 0..<count {
                guard values[row * count + row] == local else { return false }
                for column in row + 1..<max(count, row + 1) {
                    let value = values[row * count + column]
                    guard value > local, value < .max, value == values[column * count + row] else { return false }
                }
            }
            return true
        }
    }

    /// The distance between two nodes; nil if one is not in the matrix.
    public func distance(from: NodeID, to: NodeID) -> UInt8? {
        guard let row = nodes.firstIndex(of: from), let column = nodes.firstIndex(of: to) else { return nil }
        return self[row, column]
    }

    /// The distances row by row, in the order of ``nodes``.
    public var rows: [[UInt8]] {
        nodes.indices.map { row in nodes.indices.map { self[row, $0] } }
    }
}
