import BuddyEngine

/// Maps a traced block's page frame to the block here. Memory grows with the number of blocks in use, not with the
/// trace or the machine.
///
/// Sixteen adjacent frames share an entry, so that frames used in succession are close together; entries are found by
/// open addressing.
struct FrameTable: ~Copyable {
    /// The block here that a traced block corresponds to; 0 means unknown.
    struct Value: Hashable, BitwiseCopyable {
        var rawValue: UInt64

        static var none: Self { Self(rawValue: 0) }
        /// The request was refused here.
        static var refused: Self { Self(rawValue: 1) }

        init(rawValue: UInt64) { self.rawValue = rawValue }

        init(frame: UInt64, order: UInt8) { rawValue = frame << 8 | UInt64(order) << 1 | 1 << 7 }

        var isBlock: Bool { rawValue & 1 << 7 != 0 }
        var frame: UInt64 { rawValue >> 8 }
        var order: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 1 & 63) }
    }

    private static let width = 16
    /// An entry's number plus one; 0: empty.
    private var keys: UnsafeMutablePointer<UInt64>
    private var values: UnsafeMutablePointer<UInt64>
    private var capacity: Int
    private var used = 0

    init() {
        capacity = 1 << 12
        (keys, values) = Self.storage(capacity)
    }

    deinit {
        keys.deallocate()
        values.deallocate()
    }

    private static func storage(_ capacity: Int) -> (UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt64>) {
        let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        keys.initialize(repeating: 0, count: capacity)
        let values = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * width)
        return (keys, values)
    }

    subscript(frame: UInt64) -> Value {
        @inline(__always)
        get {
            guard let place = place(of: frame) else { return .none }
            return Value(rawValue: values[place])
        }
        @inline(__always)
        set {
            if let place = place(of: frame) {
                values[place] = newValue.rawValue
            } else if newValue != .none {
                // In two steps, because inserting may move the values.
                let place = insert(frame)
                values[place] = newValue.rawValue
            }
        }
    }

    /// The place of a frame's value, added if there is none. Valid until the next frame is added.
    @inline(__always)
    mutating func place(for frame: UInt64) -> Int { place(of: frame) ?? insert(frame) }

    /// The value at a place returned by ``place(of:)`` or ``place(for:)``.
    subscript(place place: Int) -> Value {
        @inline(__always)
        get { Value(rawValue: values[place]) }
        @inline(__always)
        set { values[place] = newValue.rawValue }
    }

    /// Prefetches the place of a frame's value.
    @inline(__always)
    func prefetch(_ frame: UInt64) {
        let slot = slot(of: frame >> 4 &+ 1)
        ProcessorCache.bring(keys + slot)
        ProcessorCache.bring(values + (slot &* Self.width &+ Int(frame & 15)))
    }

    /// Every block in the table, in no particular order.
    func forEachBlock(_ body: (_ frame: UInt64, Value) -> Void) {
        for slot in 0..<capacity where keys[slot] != 0 {
            for index in 0..<Self.width where values[slot * Self.width + index] != 0 {
                body((keys[slot] - 1) << 4 | UInt64(index), Value(rawValue: values[slot * Self.width + index]))
            }
        }
    }

    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (capacity &- 1)
    }

    /// The place of a frame's value; nil if there is none.
    @inline(__always)
    func place(of frame: UInt64) -> Int? {
        let key = frame >> 4 &+ 1
        var slot = slot(of: key)
        while keys[slot] != key {
            if keys[slot] == 0 { return nil }
            slot = (slot &+ 1) & (capacity &- 1)
        }
        return slot &* Self.width &+ Int(frame & 15)
    }

    @inline(never)
    private mutating func insert(_ frame: UInt64) -> Int {
        if used >= capacity / 2 { rebuild() }
        let key = frame >> 4 &+ 1
        var slot = slot(of: key)
        while keys[slot] != 0 { slot = (slot &+ 1) & (capacity &- 1) }
        keys[slot] = key
        (values + slot * Self.width).initialize(repeating: 0, count: Self.width)
        used += 1
        return slot &* Self.width &+ Int(frame & 15)
    }

    /// Drops entries without blocks, and doubles the capacity if that does not make enough room.
    private mutating func rebuild() {
        let (oldKeys, oldValues, oldCapacity) = (keys, values, capacity)
        let live = (0..<oldCapacity).filter { slot in
            oldKeys[slot] != 0 && (0..<Self.width).contains { oldValues[slot * Self.width + $0] != 0 }
        }
        if live.count > capacity / 4 { capacity *= 2 }
        (keys, values) = Self.storage(capacity)
        used = live.count
        for old in live {
            var slot = slot(of: oldKeys[old])
            while keys[slot] != 0 { slot = (slot &+ 1) & (capacity &- 1) }
            keys[slot] = oldKeys[old]
            (values + slot * Self.width).initialize(from: oldValues + old * Self.width, count: Self.width)
        }
        oldKeys.deallocate()
        oldValues.deallocate()
    }
}
