import BuddyEngine
import GFP
import Topology

/// `/proc/pagetypeinfo`: free blocks by migratetype, and the number of pageblocks of each type (`pagetypeinfo_show`,
/// mm/vmstat.c). Only root may read it.
public struct PageTypeInfoText: KernelTextFile {
    /// One for each node with memory, for which the kernel repeats the whole head.
    public var sections: [Section]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// The tables of one node.
    public struct Section: Hashable, Sendable {
        /// The order of a pageblock.
        public var pageblockOrder: Int
        /// The number of pages of a pageblock.
        public var pagesPerBlock: Int
        /// The number of columns of the first table: its orders go from 0 to this less one.
        public var orders: Int
        /// The first table: free blocks.
        public var free: [FreeRow] = []
        /// The names of the types, in order of columns.
        public var types: [String] = []
        /// The second table: pageblocks.
        public var blocks: [BlockRow] = []
        /// "Number of mixed blocks" of kernels with CONFIG_PAGE_OWNER; else empty.
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
        /// The zone's node.
        public var node: NodeID
        /// The zone's name.
        public var zone: String
        /// The name of the migratetype.
        public var type: String
        /// The numbers by order.
        public var counts: [Count]

        public init(node: NodeID, zone: String, type: String, counts: [Count]) {
            self.node = node
            self.zone = zone
            self.type = type
            self.counts = counts
        }

        /// The kind of zone; nil for an unknown name.
        public var kind: ZoneKind? { ZoneKind(kernelName: zone) }
        /// The migratetype; nil for an unknown name.
        public var migratetype: Migratetype? { Migratetype(kernelName: type) }
    }

    /// A number of free blocks. From 5.4 on the kernel stops counting at 100000 and prints ">100000".
    public struct Count: Hashable, Sendable {
        /// The number.
        public var value: Int
        /// There are at least ``value`` blocks.
        public var isCapped: Bool

        public init(_ value: Int, isCapped: Bool = false) {
            self.value = value
            self.isCapped = isCapped
        }
    }

    /// The pageblocks of one zone, by type in the order of ``Section/types``.
    public struct BlockRow: Hashable, Sendable {
        /// The zone's node.
        public var node: NodeID
        /// The zone's name.
        public var zone: String
        /// The number of pageblocks of each type.
        public var counts: [Int]

        public init(node: NodeID, zone: String, counts: [Int]) {
            self.node = node
            self.zone = zone
            self.counts = counts
        }

        /// The kind of zone; nil for an unknown name.
        public var kind: ZoneKind? { ZoneKind(kernelName: zone) }
    }

    public init(sections: [Section], notes: [String] = []) {
        self.sections = sections
        self.notes = notes
    }
}
