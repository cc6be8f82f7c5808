/// The firmware's distances between nodes (ACPI SLIT): 10 is local, larger is farther. Not necessarily symmetric.
public struct DistanceMatrix: Hashable, Sendable {
    /// The nodes of rows and columns, ascending.
    public let nodes: [NodeID]
    /// Row by row: the distance from `nodes[row]` to `nodes[column]`.
    @usableFromInline
    var values: [UInt8]

    /// Every remote distance the same.
    public init(nodes: [NodeID], local: UInt8 = 10, remote: UInt8 = 20) {
        self.nodes = nodes
        values = Array(repeating: remote, count: nodes.count * nodes.count)
        for index in nodes.indices { values[index * nodes.count + index] = local }
    }

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

    /// Whether every node is at one distance from itself, all others are farther and not beyond reach (255), and as far there
    /// as back. Quick: there are as many as the square of the nodes.
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

    public var rows: [[UInt8]] {
        nodes.indices.map { row in nodes.indices.map { self[row, $0] } }
    }
}
