/// A set of nodes (`nodemask_t`), held in place so that a request carries it without reference counting.
public struct NodeMask: Sendable {
    @usableFromInline
    var words: InlineArray<16, UInt64>

    @inlinable
    public init() { words = InlineArray(repeating: 0) }

    @inlinable
    public init(_ nodes: some Sequence<NodeID>) {
        self.init()
        for node in nodes { insert(node) }
    }

    @inlinable
    public mutating func insert(_ node: NodeID) {
        words[Int(node.rawValue) >> 6] |= 1 &<< UInt64(node.rawValue & 63)
    }

    @inlinable
    public mutating func remove(_ node: NodeID) {
        words[Int(node.rawValue) >> 6] &= ~(1 &<< UInt64(node.rawValue & 63))
    }

    @inlinable
    public func contains(_ node: NodeID) -> Bool {
        words[Int(node.rawValue) >> 6] & (1 &<< UInt64(node.rawValue & 63)) != 0
    }

    @inlinable
    public var isEmpty: Bool {
        for index in words.indices where words[index] != 0 { return false }
        return true
    }

    /// The nodes in ascending order.
    public var nodes: [NodeID] {
        (0..<NodeID.limit).lazy.map { NodeID($0) }.filter(contains)
    }
}

extension NodeMask: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        for index in words.indices { hasher.combine(words[index]) }
    }
}
