import GFP
import Topology

/// `/proc/zoneinfo`: every zone with its watermarks, sizes, reserves, counters and per-CPU lists.
///
/// Reads the forms of 2.6.32 to 6.18. ``Form`` stores how a text's layout differs, so that ``text`` reproduces it byte
/// for byte (`zoneinfo_show_print`, mm/vmstat.c).
public struct ZoneInfoText: KernelTextFile {
    /// In the order of the text: node by node, lowest zone first.
    public var zones: [Zone]
    /// The layout of the text.
    public var form: Form
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    public init(zones: [Zone], form: Form, notes: [String] = []) {
        self.zones = zones
        self.form = form
        self.notes = notes
    }
}

extension ZoneInfoText {
    /// One zone. Amounts are pages.
    public struct Zone: Hashable, Sendable {
        /// The zone's node.
        public var node: NodeID
        /// The kernel's name.
        public var name: String
        /// Counters of the node ("per-node stats"), which are printed with its first zone that has pages; else empty.
        public var nodeCounters: [NamedCounter]
        /// Free pages.
        public var free: Int
        /// The boost of the watermarks; nil if this kernel does not print it.
        public var boost: Int?
        /// The min watermark, which includes the boost, like all watermarks here.
        public var min: Int
        /// The low watermark.
        public var low: Int
        /// The high watermark.
        public var high: Int
        /// Whether the marks were printed; if not, ``min``, ``low`` and ``high`` are 0 and mean nothing.
        public var hasMarks = true
        /// The promo watermark; nil if this kernel does not print it.
        public var promo: Int?
        /// Pages scanned since the last one was freed, in old kernels.
        public var scanned: Int?
        /// From the zone's first page frame to its last, holes included.
        public var spanned: Int
        /// ``spanned`` less holes.
        public var present: Int
        /// ``present`` less what was reserved at boot; nil before 3.9.
        public var managed: Int?
        /// Pages of contiguous memory areas; nil before 5.12.
        public var cma: Int?
        /// `lowmem_reserve`, by the kernel's zone index.
        public var protection: [Int]
        /// The zone's counters.
        public var counters: [NamedCounter]
        /// The CPUs' lists.
        public var pagesets: [PerCPUFigures]
        /// `all_unreclaimable` or `node_unreclaimable`; nil in the short form of an empty zone.
        public var isUnreclaimable: Bool?
        /// The zone's first page frame; nil in the short form of an empty zone.
        public var startPageFrame: UInt64?
        /// `inactive_ratio`, in old kernels.
        public var inactiveRatio: Int?
        /// `prev_priority`, in kernels before 3.x.
        public var previousPriority: Int?

        public init(
            node: NodeID, name: String, nodeCounters: [NamedCounter] = [], free: Int = 0, boost: Int? = nil,
            min: Int = 0, low: Int = 0, high: Int = 0, promo: Int? = nil, scanned: Int? = nil, spanned: Int = 0,
            present: Int = 0, managed: Int? = nil, cma: Int? = nil, protection: [Int] = [],
            counters: [NamedCounter] = [], pagesets: [PerCPUFigures] = [], isUnreclaimable: Bool? = nil,
            startPageFrame: UInt64? = nil, inactiveRatio: Int? = nil, previousPriority: Int? = nil
        ) {
            self.node = node
            self.name = name
            self.nodeCounters = nodeCounters
            self.free = free
            self.boost = boost
            self.min = min
            self.low = low
            self.high = high
            self.promo = promo
            self.scanned = scanned
            self.spanned = spanned
            self.present = present
            self.managed = managed
            self.cma = cma
            self.protection = protection
            self.counters = counters
            self.pagesets = pagesets
            self.isUnreclaimable = isUnreclaimable
            self.startPageFrame = startPageFrame
            self.inactiveRatio = inactiveRatio
            self.previousPriority = previousPriority
        }

        /// The kind of zone; nil for an unknown name.
        public var kind: ZoneKind? { ZoneKind(kernelName: name) }

        /// The pages that the allocator manages; ``present`` if the kernel does not print them.
        public var managedPages: Int { managed ?? present }
    }
}
