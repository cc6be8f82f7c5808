/// A table that is read for every request and never changes: no reference counting, no copies on write.
@frozen
@usableFromInline
struct FixedTable<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline
    let base: UnsafeMutablePointer<Element>
    @usableFromInline
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        base = .allocate(capacity: max(count, 1))
        base.initialize(from: elements, count: count)
    }

    /// Takes over memory that was allocated for elements and has been filled.
    init(taking base: UnsafeMutablePointer<Element>, count: Int) {
        self.base = base
        self.count = count
    }

    deinit { base.deallocate() }

    /// For indices that come from outside.
    @inlinable
    subscript(index: Int) -> Element {
        precondition(has(index))
        return base[index]
    }

    /// For indices from another of the machine's tables.
    @inlinable
    subscript(unchecked index: Int) -> Element {
        assert(has(index))
        return base[index]
    }

    @inlinable
    func has(_ index: Int) -> Bool { UInt(bitPattern: index) < UInt(bitPattern: count) }
}
