/// How freely the pages of a block can be moved; each free area has one list per type.
///
/// Numbered as `enum migratetype` with CMA and memory isolation configured (include/linux/mmzone.h, 6.1 and 6.12).
/// A kernel without CMA numbers ``isolate`` one lower: translate by name, not by number.
public enum Migratetype: UInt8, CaseIterable, Hashable, Sendable {
    case unmovable = 0
    case movable = 1
    case reclaimable = 2
    /// Pageblocks reserved for requests of higher order that cannot sleep.
    case highAtomic = 3
    /// Pageblocks of the contiguous memory allocator, lent to movable requests.
    case cma = 4
    /// Pageblocks nobody may allocate from.
    case isolate = 5

    /// The types that have per-CPU lists: unmovable, movable, reclaimable.
    @inlinable
    public static var perCPUCount: Int { 3 }

    /// The number of types.
    @inlinable
    public static var count: Int { 6 }

    /// The kernel's name, as `/proc/pagetypeinfo` prints it.
    public var kernelName: String {
        switch self {
        case .unmovable: "Unmovable"
        case .movable: "Movable"
        case .reclaimable: "Reclaimable"
        case .highAtomic: "HighAtomic"
        case .cma: "CMA"
        case .isolate: "Isolate"
        }
    }

    /// The letter after a count in a Mem-Info report's line of free blocks (`show_migration_types`, mm/show_mem.c).
    public var letter: Character {
        switch self {
        case .unmovable: "U"
        case .movable: "M"
        case .reclaimable: "E"
        case .highAtomic: "H"
        case .cma: "C"
        case .isolate: "I"
        }
    }

    /// A type from a table that contains only types' raw values.
    @inlinable @inline(__always)
    public init(stored rawValue: UInt8) {
        assert(rawValue < Self.count)
        self = unsafeBitCast(rawValue, to: Self.self)
    }

    public init?(kernelName: some StringProtocol) {
        guard let type = Self.allCases.first(where: { $0.kernelName == kernelName }) else { return nil }
        self = type
    }
}

extension Migratetype: CustomStringConvertible {
    public var description: String { kernelName }
}
