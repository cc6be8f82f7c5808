#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Address space for many tables, requested from the system at once.
///
/// A machine of a thousand nodes has seven thousand tables. Mapping and unmapping them one by one would take as long as
/// everything else in building it.
public final class TableSpace {
    /// Nil if the system has no room for all tables in one place.
    private let base: UnsafeMutableRawPointer?
    private let bytes: Int
    private var used = 0

    /// - Parameters:
    ///   - bytes: What the tables are expected to need, see ``bytes(of:count:)``. A table that does not fit gets memory
    ///     of its own.
    public init(bytes: Int) {
        self.bytes = max(bytes, 1)
        base = Self.map(bytes: self.bytes)
    }

    /// The bytes that a table of `count` elements takes: each has pages of its own, so that some can be returned to the
    /// system.
    public static func bytes<Element>(of element: Element.Type, count: Int) -> Int {
        (max(count, 1) * MemoryLayout<Element>.stride + largestPage - 1) / largestPage * largestPage
    }

    /// The largest page size, in bytes, that a supported system is built with (arm64).
    static var largestPage: Int { 65_536 }

    /// Memory for a table, handed out once; nil if too little is left.
    func take<Element>(_ element: Element.Type, count: Int) -> UnsafeMutableRawPointer? {
        let needed = Self.bytes(of: element, count: count)
        guard let base, needed <= bytes - used else { return nil }
        defer { used += needed }
        return base + used
    }

    /// Zero-filled memory, which the system commits where it is touched.
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
