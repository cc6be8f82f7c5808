import BuddyEngine

/// A double-ended queue of page frames with the type each carries: one per-CPU list.
///
/// All zero bits are an empty queue, so that lists of CPUs that never ask cost nothing. Storage is a ring that doubles
/// when full; the owner frees it with ``deallocate()``.
@frozen
public struct FrameQueue: BitwiseCopyable {
    /// A page frame number and, in the top byte, a type.
    @usableFromInline
    var storage: UnsafeMutablePointer<UInt64>?
    @usableFromInline
    var capacity: UInt32 = 0
    @usableFromInline
    var head: UInt32 = 0
    /// Blocks in the queue.
    @usableFromInline
    var count: UInt32 = 0

    @inlinable
    init() { storage = nil }

    @inlinable
    public var isEmpty: Bool { count == 0 }

    @inlinable
    func pack(_ block: TakenBlock) -> UInt64 { block.frame.rawValue | UInt64(block.type.rawValue) &<< 56 }

    @inlinable
    func unpack(_ packed: UInt64) -> TakenBlock {
        TakenBlock(
            frame: PageFrame(rawValue: packed & (1 &<< 56 &- 1)),
            type: Migratetype(rawValue: UInt8(truncatingIfNeeded: packed &>> 56)).unsafelyUnwrapped)
    }

    /// The block at a position counted from the head.
    public subscript(index: Int) -> TakenBlock {
        precondition(index >= 0 && index < count)
        return unpack(storage.unsafelyUnwrapped[Int((head &+ UInt32(index)) & (capacity &- 1))])
    }

    @inlinable
    mutating func pushFront(_ block: TakenBlock) {
        if count == capacity { grow() }
        head = (head &- 1) & (capacity &- 1)
        storage.unsafelyUnwrapped[Int(head)] = pack(block)
        count = count &+ 1
    }

    @inlinable
    mutating func pushBack(_ block: TakenBlock) {
        if count == capacity { grow() }
        storage.unsafelyUnwrapped[Int((head &+ count) & (capacity &- 1))] = pack(block)
        count = count &+ 1
    }

    /// - Precondition: The queue is not empty.
    @inlinable
    mutating func popFront() -> TakenBlock {
        assert(count > 0)
        let packed = storage.unsafelyUnwrapped[Int(head)]
        head = (head &+ 1) & (capacity &- 1)
        count = count &- 1
        return unpack(packed)
    }

    /// - Precondition: The queue is not empty.
    @inlinable
    mutating func popBack() -> TakenBlock {
        assert(count > 0)
        count = count &- 1
        return unpack(storage.unsafelyUnwrapped[Int((head &+ count) & (capacity &- 1))])
    }

    @usableFromInline
    @inline(never)
    mutating func grow() {
        let doubled = max(64, capacity * 2)
        let bigger = UnsafeMutablePointer<UInt64>.allocate(capacity: Int(doubled))
        for index in 0..<count {
            bigger[Int(index)] = storage.unsafelyUnwrapped[Int((head &+ index) & (capacity &- 1))]
        }
        storage?.deallocate()
        storage = bigger
        capacity = doubled
        head = 0
    }

    func deallocate() { storage?.deallocate() }
}
