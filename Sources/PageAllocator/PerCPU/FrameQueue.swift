import BuddyEngine

/// A double-ended queue of blocks of one order with the type each carries: one per-CPU list.
///
/// Blocks that lie one after another, as a refill from untouched memory brings them, form one entry. All zero bits
/// are an empty queue without room, so that lists of CPUs that never ask cost nothing. Storage is a ring that doubles
/// when full, which it is with one place left; the owner frees it with ``deallocate()``.
@frozen
@usableFromInline
struct FrameQueue: BitwiseCopyable {
    @usableFromInline
    var storage: UnsafeMutablePointer<Run>?
    /// The places of the ring less one: what an index is cut to.
    @usableFromInline
    var mask: UInt32 = 0
    @usableFromInline
    var head: UInt32 = 0
    /// Entries in the queue.
    @usableFromInline
    var count: UInt32 = 0

    /// Neighbouring blocks, lowest first: the type in 3 bits, from the lowest up, a page frame number in 49, and how many
    /// blocks follow the first in 12.
    @frozen
    @usableFromInline
    struct Run: BitwiseCopyable {
        @usableFromInline
        var packed: UInt64

        @inlinable
        init(_ block: TakenBlock, count: Int) {
            packed =
                block.frame.rawValue &<< 3 &+ UInt64(block.type.rawValue)
                &+ UInt64(truncatingIfNeeded: count &- 1) &<< 52
        }

        /// The most blocks in one entry.
        @inlinable
        static var limit: Int { 1 &<< 12 }
        @inlinable
        static var oneMore: UInt64 { 1 &<< 52 }

        /// What a run that begins that many pages further on has more.
        @inlinable
        static func further(_ pages: Int) -> UInt64 { UInt64(truncatingIfNeeded: pages) &<< 3 }

        @inlinable
        var frame: PageFrame { PageFrame(rawValue: (packed & (Self.oneMore &- 1)) &>> 3) }
        /// ``frame``, of a run of one block.
        @inlinable
        var onlyFrame: PageFrame { PageFrame(rawValue: packed &>> 3) }
        @inlinable
        var following: Int { Int(truncatingIfNeeded: packed &>> 52) }
        @inlinable
        var type: Migratetype { Migratetype(stored: UInt8(truncatingIfNeeded: packed & 7)) }
    }

    @inlinable
    init() { storage = nil }

    @inlinable
    var isEmpty: Bool { count == 0 }

    /// All blocks, the head first.
    func blocks(order: Order) -> [TakenBlock] {
        (0..<count).flatMap { index in
            let run = storage.unsafelyUnwrapped[Int((head &+ index) & mask)]
            return (0...run.following).map { TakenBlock(frame: run.frame + $0 * order.pages, type: run.type) }
        }
    }

    @inlinable
    var isFull: Bool { count == mask }

    /// - Precondition: The queue is not full.
    @inlinable @inline(__always)
    mutating func pushFront(_ block: TakenBlock) {
        assert(!isFull)
        head = (head &- 1) & mask
        storage.unsafelyUnwrapped[Int(head)] = Run(block, count: 1)
        count = count &+ 1
    }

    /// - Parameter blocks: How many blocks lie one after another; at most ``Run/limit``.
    @inlinable @inline(__always)
    mutating func pushBack(_ first: TakenBlock, blocks: Int = 1) {
        if isFull { grow() }
        storage.unsafelyUnwrapped[Int((head &+ count) & mask)] = Run(first, count: blocks)
        count = count &+ 1
    }

    /// - Precondition: The queue is not empty.
    @inlinable @inline(__always)
    mutating func popFront(order: Order) -> PageFrame {
        assert(count > 0)
        let entry = storage.unsafelyUnwrapped + Int(head)
        let run = entry.pointee
        if run.following > 0 {
            entry.pointee.packed = run.packed &- Run.oneMore &+ Run.further(order.pages)
            return run.frame
        }
        head = (head &+ 1) & mask
        count = count &- 1
        return run.onlyFrame
    }

    /// - Precondition: The queue is not empty.
    @inlinable @inline(__always)
    mutating func popBack(order: Order) -> TakenBlock {
        assert(count > 0)
        let entry = storage.unsafelyUnwrapped + Int((head &+ count &- 1) & mask)
        let run = entry.pointee
        if run.following > 0 { entry.pointee.packed = run.packed &- Run.oneMore } else { count = count &- 1 }
        return TakenBlock(frame: run.frame + run.following &<< Int(order.rawValue), type: run.type)
    }

    /// ``popBack(order:)``, with the blocks next in turn as far as each lies behind the one before. A block that is the
    /// upper half of a larger one comes alone: so it would go back at any rate.
    ///
    /// - Precondition: The queue is not empty, and `most` is at least 1.
    @inlinable @inline(__always)
    mutating func popBackRun(order: Order, most: Int) -> (first: TakenBlock, count: Int) {
        assert(count > 0)
        let entries = storage.unsafelyUnwrapped
        let last = head &+ count &- 1
        let mask = mask
        let run = entries[Int(last & mask)]
        // Its own blocks come highest first.
        if run.following > 0 { return (popBack(order: order), 1) }
        if run.packed & Run.further(order.pages) != 0 {
            count = count &- 1
            return (TakenBlock(frame: run.onlyFrame, type: run.type), 1)
        }
        var popped: UInt32 = 1
        var behind = run.packed &+ Run.further(order.pages)
        while popped < count, Int(popped) < most, entries[Int((last &- popped) & mask)].packed == behind {
            popped &+= 1
            behind &+= Run.further(order.pages)
        }
        count = count &- popped
        return (TakenBlock(frame: run.onlyFrame, type: run.type), Int(popped))
    }

    @usableFromInline
    @inline(never)
    mutating func grow() {
        let bigger = UnsafeMutablePointer<Run>.allocate(capacity: max(16, (Int(mask) + 1) * 2))
        for index in 0..<count {
            bigger[Int(index)] = storage.unsafelyUnwrapped[Int((head &+ index) & mask)]
        }
        storage?.deallocate()
        storage = bigger
        mask = max(15, mask * 2 + 1)
        head = 0
    }

    func deallocate() { storage?.deallocate() }
}
