import BuddyEngine

/// Maps a page frame to its place in an ``LRUTable``: open addressing, with each entry as near to its home slot as
/// possible.
struct LRUPlaces: ~Copyable {
    private struct Entry {
        /// The page frame number plus one; 0: empty.
        var key: UInt64 = 0
        var place: Int32 = 0
    }

    private var entries: UnsafeMutablePointer<Entry>
    /// The number of slots, a power of two.
    private var capacity: Int
    private var count = 0

    init() {
        capacity = 1 << 8
        entries = Self.storage(capacity)
    }

    deinit { entries.deallocate() }

    private static func storage(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
        return entries
    }

    subscript(frame: PageFrame) -> Int32? {
        get {
            let slot = slot(of: frame.rawValue &+ 1)
            return entries[slot].key == 0 ? nil : entries[slot].place
        }
        set {
            let slot = slot(of: frame.rawValue &+ 1)
            if let place = newValue {
                let isNew = entries[slot].key == 0
                entries[slot] = Entry(key: frame.rawValue &+ 1, place: place)
                guard isNew else { return }
                count += 1
                if count > capacity / 2 { grow() }
            } else if entries[slot].key != 0 {
                remove(slot)
            }
        }
    }

    private func home(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & (capacity &- 1)
    }

    /// Where a key is, or would be put.
    private func slot(of key: UInt64) -> Int {
        var slot = home(of: key)
        while entries[slot].key != key, entries[slot].key != 0 { slot = (slot &+ 1) & (capacity &- 1) }
        return slot
    }

    /// Empties a slot and moves up later entries that it kept from their home slots.
    private mutating func remove(_ slot: Int) {
        count -= 1
        var hole = slot
        var next = slot
        while true {
            next = (next &+ 1) & (capacity &- 1)
            guard entries[next].key != 0 else { break }
            let home = home(of: entries[next].key)
            // How far each is behind the entry's home slot.
            let (toNext, toHole) = ((next &- home) & (capacity &- 1), (hole &- home) & (capacity &- 1))
            guard toHole <= toNext else { continue }
            entries[hole] = entries[next]
            hole = next
        }
        entries[hole] = Entry()
    }

    private mutating func grow() {
        let (old, oldCapacity) = (entries, capacity)
        capacity *= 2
        entries = Self.storage(capacity)
        for index in 0..<oldCapacity where old[index].key != 0 { entries[slot(of: old[index].key)] = old[index] }
        old.deallocate()
    }
}
