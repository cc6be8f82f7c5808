#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Address space for many tables, asked of the system at once.
///
/// A machine of a thousand nodes has seven thousand tables. To map them one by one, and to unmap them again, takes as long
/// as all else that building it does.
public final class TableSpace {
    /// Nil: the system has no room for all tables in one place.
    private let base: UnsafeMutableRawPointer?
    private let bytes: Int
    private var used = 0

    /// - Parameter bytes: What the tables are expected to need, see ``bytes(of:count:)``. A table for which too little is
    ///   left gets memory of its own.
    public init(bytes: Int) {
        self.bytes = max(bytes, 1)
        base = Self.map(bytes: self.bytes)
    }

    /// What a table of that many elements takes: each has pages of its own, so that some can be given back to the system.
    public static func bytes<Element>(of element: Element.Type, count: Int) -> Int {
        (max(count, 1) * MemoryLayout<Element>.stride + largestPage - 1) / largestPage * largestPage
    }

    /// The largest page of memory that a system is built with (arm64). Bytes.
    static var largestPage: Int { 65_536 }

    /// Memory for a table, given out once; nil: too little is left.
    func take<Element>(_ element: Element.Type, count: Int) -> UnsafeMutableRawPointer? {
        let needed = Self.bytes(of: element, count: count)
        guard let base, needed <= bytes - used else { return nil }
        defer { used += needed }
        return base + used
    }

    /// Zero-filled memory, committed by the system where it is touched.
    static func mapped(bytes: Int) -> UnsafeMutableRawPointer {
        guard let memory = map(bytes: bytes) else {
            fatalError("no address space for a table of \(bytes) bytes: is 'ulimit -v' set?")
        }
        return memory
    }

    private static func map(bytes: Int) -> UnsafeMutableRawPointer? {
        #if os(Linux)
            let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        #else
            let flags = MAP_PRIVATE | MAP_ANON
        #endif
        let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0)
        return memory == MAP_FAILED ? nil : memory
    }

    deinit {
        if let base { munmap(base, bytes) }
    }
}
