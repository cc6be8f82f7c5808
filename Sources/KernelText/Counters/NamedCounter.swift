/// A counter with the name that the kernel prints beside it.
public struct NamedCounter: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value as printed with `%lu`: a counter that fell below zero is a number near 2^64.
    public var value: UInt64

    public init(name: String, value: UInt64) {
        self.name = name
        self.value = value
    }
}

extension Sequence<NamedCounter> {
    /// The value of the first counter with that name.
    public func value(named name: String) -> UInt64? { first { $0.name == name }?.value }
}
