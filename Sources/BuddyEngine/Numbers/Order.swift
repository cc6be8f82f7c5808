/// The size of a block as a power of two: a block of order `n` is `1 << n` pages, aligned to its own size.
public struct Order: RawRepresentable, Hashable, Comparable, Sendable {
    /// The binary logarithm of the number of pages.
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable
    public init(_ value: some BinaryInteger) { self.rawValue = UInt8(value) }

    /// The number of pages in a block of this order.
    @inlinable
    public var pages: Int { 1 &<< Int(rawValue) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The smallest order whose block holds `pages` pages (`get_order`, include/asm-generic/getorder.h).
    @inlinable
    public static func containing(pages: Int) -> Order {
        precondition(pages > 0, "a block holds at least one page")
        return Order(Int.bitWidth - (pages - 1).leadingZeroBitCount)
    }
}

extension Order: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension Order: ExpressibleByIntegerLiteral {
    @inlinable
    public init(integerLiteral value: UInt8) { self.init(rawValue: value) }
}
