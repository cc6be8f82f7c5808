/// The number of a logical CPU. Numbers may have gaps.
@frozen
public struct CPUID: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
    /// The number of the CPU in the operating system.
    public var rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: some BinaryInteger) { self.rawValue = UInt32(value) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension CPUID: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension CPUID: ExpressibleByIntegerLiteral {
    @inlinable
    public init(integerLiteral value: UInt32) { self.init(rawValue: value) }
}
