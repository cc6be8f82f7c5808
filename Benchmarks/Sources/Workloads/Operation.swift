/// One step of a workload, in the four bytes that `comparator_run` reads: order, whether it frees, and the slot that
/// holds the block.
public struct Operation: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    public static func take(order: Int, slot: Int) -> Operation {
        Operation(rawValue: UInt32(order) | UInt32(slot) << 5)
    }

    @inlinable
    public static func free(order: Int, slot: Int) -> Operation {
        Operation(rawValue: UInt32(order) | 1 << 4 | UInt32(slot) << 5)
    }

    @inlinable
    public var order: UInt8 { UInt8(truncatingIfNeeded: rawValue & 15) }

    @inlinable
    public var isFree: Bool { rawValue & 16 != 0 }

    @inlinable
    public var slot: Int { Int(rawValue >> 5) }
}
