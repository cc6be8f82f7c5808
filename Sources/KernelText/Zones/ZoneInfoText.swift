import GFP
import Topology

/// `/proc/zoneinfo`: every zone with its watermarks, sizes, reserves, counters and per-CPU lists.
///
/// Reads the forms of 2.6.32 to 6.18; what a form has beside another is in ``Form``, so that ``text`` is again byte for
/// byte what was read (`zoneinfo_show_print`, mm/vmstat.c).
public struct ZoneInfoText: KernelTextFile {
    /// In the order of the text: node by node, lowest zone first.
    public var zones: [Zone]
    public var form: Form
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
        public var node: NodeID
        /// As the kernel calls it.
        public var name: String
        /// Counters of the node ("per-node stats"), which stand with its first zone that has pages; else empty.
        public var nodeCounters: [NamedCounter]
        public var free: Int
        /// nil: this kernel does not print it.
        public var boost: Int?
        /// With the boost in it, as all watermarks here.
        public var min: Int
        public var low: Int
        public var high: Int
        /// The marks were there; else ``min``, ``low`` and ``high`` are 0 and mean nothing.
        public var hasMarks = true
        /// nil: this kernel does not print it.
        public var promo: Int?
        /// Old kernels: pages scanned since the last one was freed.
        public var scanned: Int?
        public var spanned: Int
        public var present: Int
        /// nil before 3.9.
        public var managed: Int?
        /// nil before 5.12.
        public var cma: Int?
        /// `lowmem_reserve`, by the kernel's zone index.
        public var protection: [Int]
        public var counters: [NamedCounter]
        public var pagesets: [PerCPUFigures]
        /// `all_unreclaimable` or `node_unreclaimable`; nil in the short form of an empty zone.
        public var isUnreclaimable: Bool?
        /// nil in the short form of an empty zone.
        public var startPageFrame: UInt64?
        public var inactiveRatio: Int?
        /// Kernels before 3.x: `prev_priority`.
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

        /// nil for a name that no kernel here has.
        public var kind: ZoneKind? { ZoneKind(kernelName: name) }

        /// What the allocator manages; `present` where the kernel does not say.
        public var managedPages: Int { managed ?? present }
    }
}
