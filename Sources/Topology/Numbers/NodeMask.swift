/// A set of nodes (`nodemask_t`).
///
/// Every request has room for one, and almost no machine has a node above 63: nodes up to 63 are a word in place, the
/// others are in an object that small masks do without.
public struct NodeMask: Sendable {
    /// Nodes 0 to 63.
    @usableFromInline
    var low: UInt64 = 0
    /// The nodes from 64 up; nil exactly if there are none, so that equal masks have equal contents.
    @usableFromInline
    var high: HighNodes?

    /// Immutable: a mask that changes gets a new one.
    @usableFromInline
    final class HighNodes: Sendable {
        @usableFromInline
        let words: InlineArray<15, UInt64>

        init(_ words: InlineArray<15, UInt64>) { self.words = words }
    }

    @inlinable
    public init() {}

    /// A mask of `nodes`, each below ``NodeID/limit``.
    @inlinable
    public init(_ nodes: some Sequence<NodeID>) {
        self.init()
        for node in nodes { insert(node) }
    }

    /// Adds a node.
    ///
    /// - Precondition: The node is below ``NodeID/limit``.
    @inlinable
    public mutating func insert(_ node: NodeID) {
        if node.rawValue < 64 {
            low |= 1 &<< UInt64(node.rawValue)
        } else {
            changeHigh { $0[Int(node.rawValue) / 64 - 1] |= 1 &<< UInt64(node.rawValue & 63) }
        }
    }

    /// Removes a node.
    ///
    /// - Precondition: The node is below ``NodeID/limit``.
    @inlinable
    public mutating func remove(_ node: NodeID) {
        if node.rawValue < 64 {
            low &= ~(1 &<< UInt64(node.rawValue))
        } else {
            changeHigh { $0[Int(node.rawValue) / 64 - 1] &= ~(1 &<< UInt64(node.rawValue & 63)) }
        }
    }

    /// Whether `node` is in the set.
    @inlinable
    public func contains(_ node: NodeID) -> Bool {
        if node.rawValue < 64 { return low & (1 &<< UInt64(node.rawValue)) != 0 }
        guard let high, Int(node.rawValue) < NodeID.limit else { return false }
        return high.words[Int(node.rawValue) / 64 - 1] & (1 &<< UInt64(node.rawValue & 63)) != 0
    }

    /// Whether the set has no nodes.
    @inlinable
    public var isEmpty: Bool { low == 0 && high == nil }

    /// The nodes in ascending order.
    public var nodes: [NodeID] {
        (0..<NodeID.limit).lazy.map { NodeID($0) }.filter(contains)
    }

    @usableFromInline
    mutating func changeHigh(_ change: (inout InlineArray<15, UInt64>) -> Void) {
        var words = high?.words ?? InlineArray(repeating: 0)
        change(&words)
        high = words.indices.contains { words[$0] != 0 } ? HighNodes(words) : nil
    }

    /// The words for the nodes from 64 on.
    private var highWords: InlineArray<15, UInt64> { high?.words ?? InlineArray(repeating: 0) }
}

extension NodeMask: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        guard left.low == right.low, left.high !== right.high else { return left.low == right.low }
        let (own, other) = (left.highWords, right.highWords)
        return own.indices.allSatisfy { own[$0] == other[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(low)
        let words = highWords
        for index in words.indices { hasher.combine(words[index]) }
    }
}
