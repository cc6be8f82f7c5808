import BuddyEngine
import GFP
import Topology

/// `/proc/pagetypeinfo`: free blocks by migratetype, and how many pageblocks each type has
/// (`pagetypeinfo_show`, mm/vmstat.c). Only root may read it.
public struct PageTypeInfoText: KernelTextFile {
    /// One for each node with memory: the kernel prints the whole head again for each.
    public var sections: [Section]
    public var notes: [String]

    public struct Section: Hashable, Sendable {
        public var pageblockOrder: Int
        public var pagesPerBlock: Int
        /// Columns of the first table: orders 0 to this less one.
        public var orders: Int
        public var free: [FreeRow] = []
        /// Names of the types, in columns.
        public var types: [String] = []
        public var blocks: [BlockRow] = []
        /// "Number of mixed blocks", with CONFIG_PAGE_OWNER; else empty.
        public var mixedBlocks: [BlockRow] = []

        public init(
            pageblockOrder: Int = 9, pagesPerBlock: Int = 512, orders: Int = 11, free: [FreeRow] = [],
            types: [String] = [], blocks: [BlockRow] = [], mixedBlocks: [BlockRow] = []
        ) {
            self.pageblockOrder = pageblockOrder
            self.pagesPerBlock = pagesPerBlock
            self.orders = orders
            self.free = free
            self.types = types
            self.blocks = blocks
            self.mixedBlocks = mixedBlocks
        }
    }

    /// Free blocks of one zone and type.
    public struct FreeRow: Hashable, Sendable {
        public var node: NodeID
        public var zone: String
        public var type: String
        /// By order.
        public var counts: [Count]

        public init(node: NodeID, zone: String, type: String, counts: [Count]) {
            self.node = node
            self.zone = zone
            self.type = type
            self.counts = counts
        }

        public var kind: ZoneKind? { ZoneKind(kernelName: zone) }
        public var migratetype: Migratetype? { Migratetype(kernelName: type) }
    }

    /// A number of free blocks. From 5.4 on the kernel stops counting at 100000 and prints ">100000".
    public struct Count: Hashable, Sendable {
        public var value: Int
        /// There are at least `value`.
        public var isCapped: Bool

        public init(_ value: Int, isCapped: Bool = false) {
            self.value = value
            self.isCapped = isCapped
        }
    }

    /// Pageblocks of one zone, by type in the order of ``Section/types``.
    public struct BlockRow: Hashable, Sendable {
        public var node: NodeID
        public var zone: String
        public var counts: [Int]

        public init(node: NodeID, zone: String, counts: [Int]) {
            self.node = node
            self.zone = zone
            self.counts = counts
        }

        public var kind: ZoneKind? { ZoneKind(kernelName: zone) }
    }

    public init(sections: [Section], notes: [String] = []) {
        self.sections = sections
        self.notes = notes
    }
}
