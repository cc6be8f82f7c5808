/// The number of a NUMA node. Numbers may have gaps.
@frozen
public struct NodeID: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
    /// The number of the node in the operating system.
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: some BinaryInteger) { self.rawValue = UInt16(value) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// One more than the highest node number there can be (`MAX_NUMNODES` with CONFIG_NODES_SHIFT=10).
    @inlinable
    public static var limit: Int { 1024 }
}

extension NodeID: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension NodeID: ExpressibleByIntegerLiteral {
    @inlinable
    public init(integerLiteral value: UInt16) { self.init(rawValue: value) }
}
