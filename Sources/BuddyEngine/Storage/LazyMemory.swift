#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zero-filled memory that takes address space when made, and real memory only where it is touched.
///
/// All tables that are as large as the machine they describe get their memory here, so a table for 64 TiB is ready at
/// once. Elements must be trivial and valid as all zero bits.
@frozen
public struct LazyMemory<Element: BitwiseCopyable>: ~Copyable {
    /// The first element.
    public let base: UnsafeMutablePointer<Element>
    /// The number of elements.
    public let count: Int
    /// The space that the memory is part of; nil: the table has memory of its own.
    private let space: TableSpace?

    /// - Parameters:
    ///   - count: The number of elements.
    ///   - space: Where the memory is placed if there is room; nil: it is mapped for this table.
    /// - Precondition: The address space has room: an allocator's tables need about 4.5 bytes a page.
    public init(count: Int, in space: TableSpace? = nil) {
        precondition(count >= 0)
        let part = space?.take(Element.self, count: count)
        let memory = part ?? TableSpace.mapped(bytes: max(count, 1) * MemoryLayout<Element>.stride)
        self.count = count
        self.space = part == nil ? nil : space
        base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    }

    /// Whether the memory is part of a ``TableSpace``.
    var isPart: Bool { space != nil }

    /// Announces that much of the table will be touched, at places far apart, so that huge pages make access cheaper.
    /// Memory already touched stays as it is.
    func preferHugePages() {
        #if os(Linux)
            _ = madvise(base, max(count, 1) * MemoryLayout<Element>.stride, MADV_HUGEPAGE)
        #endif
    }

    /// Returns the memory of whole pages within a range of elements to the system; those elements are all zero bits
    /// again.
    func release(_ elements: Range<Int>) {
        let page = TableSpace.largestPage
        let start = (UInt(bitPattern: base + elements.lowerBound) + UInt(page - 1)) & ~UInt(page - 1)
        let end = UInt(bitPattern: base + elements.upperBound) & ~UInt(page - 1)
        guard start < end, let memory = UnsafeMutableRawPointer(bitPattern: start) else { return }
        #if os(Linux)
            _ = madvise(memory, Int(end - start), MADV_DONTNEED)
        #endif
    }

    /// Makes all elements zero bits again: in a small table by writing them, in a large one by returning its memory.
    public func clear() {
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        #if os(Linux)
            if bytes > TableSpace.largestPage, madvise(base, bytes, MADV_DONTNEED) == 0 { return }
        #endif
        memset(base, 0, bytes)
    }

    deinit {
        if space == nil { munmap(base, max(count, 1) * MemoryLayout<Element>.stride) }
    }
}
