/// A page frame number: the physical address of a page divided by the page size.
public struct PageFrame: RawRepresentable, Hashable, Comparable, Sendable {
    /// The page frame number.
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable
    public init(_ number: some BinaryInteger) { self.rawValue = UInt64(number) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The page frame `pages` after this one.
    @inlinable
    public static func + (frame: Self, pages: Int) -> Self {
        Self(rawValue: frame.rawValue &+ UInt64(bitPattern: Int64(pages)))
    }

    /// The number of pages from `right` to `left`.
    @inlinable
    public static func - (left: Self, right: Self) -> Int {
        Int(Int64(bitPattern: left.rawValue &- right.rawValue))
    }
}

extension PageFrame: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension PageFrame: ExpressibleByIntegerLiteral {
    @inlinable
    public init(integerLiteral value: UInt64) { self.init(rawValue: value) }
}
