/// A table that is filled and then only read: it becomes a ``FixedTable`` without being copied.
struct GrowingTable<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    /// Room for `capacity` elements before the table has to be moved.
    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        base = .allocate(capacity: self.capacity)
    }

    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return base[index]
    }

    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count += 1
    }

    /// - Precondition: There are at least `count` elements.
    mutating func removeAll(from count: Int) {
        precondition(count >= 0 && count <= self.count)
        self.count = count
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.initialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }

    consuming func fixed() -> FixedTable<Element> {
        let table = FixedTable(taking: base, count: count)
        discard self
        return table
    }

    deinit { base.deallocate() }
}
