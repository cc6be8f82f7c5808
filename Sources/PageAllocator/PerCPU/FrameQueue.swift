import BuddyEngine

/// A double-ended queue of blocks of one order, each with its type: one per-CPU list.
///
/// Adjacent blocks, as a refill from untouched memory brings them, form one entry. All zero bits are an empty queue
/// without room, so lists of CPUs that are never used cost nothing. The storage is a ring that doubles when one place
/// is left; the owner frees it with ``deallocate()``.
@frozen
@usableFromInline
struct FrameQueue: BitwiseCopyable {
    @usableFromInline
    var storage: UnsafeMutablePointer<Run>?
    /// The size of the ring less one, which indices are masked with.
    @usableFromInline
    var mask: UInt32 = 0
    @usableFromInline
    var head: UInt32 = 0
    /// Entries in the queue.
    @usableFromInline
    var count: UInt32 = 0

    /// Adjacent blocks, lowest first: the type in the lowest 3 bits, then the page frame number in 49, then in 12 how
    /// many blocks follow the first.
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

        /// The difference between a run and one that begins `pages` later.
        @inlinable
        static func further(_ pages: Int) -> UInt64 { UInt64(truncatingIfNeeded: pages) &<< 3 }

        @inlinable
        var frame: PageFrame { PageFrame(rawValue: (packed & (Self.oneMore &- 1)) &>> 3) }
        /// Like ``frame``, for a run of a single block.
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

    /// All blocks, head first.
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

    /// Appends adjacent blocks, at most ``Run/limit``, as one entry.
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

    /// Like ``popBack(order:)``, together with following blocks as long as each lies directly after the one before. A
    /// block that is the upper half of a larger one comes alone: it is returned by itself in any case.
    ///
    /// - Precondition: The queue is not empty, and `most` is at least 1.
    @inlinable @inline(__always)
    mutating func popBackRun(order: Order, most: Int) -> (first: TakenBlock, count: Int) {
        assert(count > 0)
        let entries = storage.unsafelyUnwrapped
        let last = head &+ count &- 1
        let mask = mask
        let run = entries[Int(last & mask)]
        // An entry's own blocks are popped highest first.
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
