import BuddyEngine
import GFP

/// The description of a machine: what a kernel finds at boot and what its administrator sets. A plain value; it knows
/// neither where it came from nor how it is used.
public struct Topology: Hashable, Sendable {
    /// A short name for people.
    public var name: String
    /// What the machine is for, in a sentence or two.
    public var about: String
    /// The processor architecture.
    public var architecture: Architecture
    /// The kernel whose rules apply.
    public var kernel: KernelVersion
    /// In ascending order of ID, which may have gaps.
    public var nodes: [Node]
    /// The distances between the nodes.
    public var distances: DistanceMatrix
    /// Where zones end; nil takes the architecture's own limits.
    public var zoneLimits: ZoneLimits?
    /// The kernel's command line.
    public var boot: BootParameters
    /// The `vm.*` settings.
    public var sysctls: Sysctls
    /// Page frames that the firmware or the kernel image occupies: present, but never managed by the allocator.
    public var reserved: [Range<PageFrame>]
    /// Contiguous memory areas, in whole pageblocks, at the places that the kernel reported. The rest of
    /// ``contiguousAreaSize`` is placed by the kernel's rules.
    public var contiguousAreas: [Range<PageFrame>] = []
    /// The size of a page in bytes: a power of two from 4096.
    public var pageSize: Int
    /// The largest order of a free block (`MAX_PAGE_ORDER`), 10 almost everywhere.
    public var maximumOrder: Order
    /// The order of a pageblock (`pageblock_order`), 9 almost everywhere.
    public var pageblockOrder: Order
    /// The order of a huge page (`HPAGE_PMD_ORDER`), which has per-CPU lists of its own; nil: the kernel is built
    /// without transparent huge pages.
    public var hugePageOrder: Order?
    /// The kernel is built with CONFIG_CMA, whether or not `boot.cma` sets an area aside.
    public var isCMAConfigured: Bool
    /// The kernel is built with CONFIG_NUMA. One built without has a single zonelist and keeps no NUMA counters.
    public var isNUMAConfigured: Bool
    /// CONFIG_NR_CPUS; nil: the architecture's default. Low memory depends on it on 32-bit x86 only.
    public var configuredCPUs: Int?
    /// Allocator rules that differ from the kernel's, in the order in which they are changed.
    public var rules: [RuleChange] = []

    /// A NUMA node. Without CPUs it is a memory-only (for example CXL) node, without memory a memoryless one.
    public struct Node: Hashable, Sendable {
        /// The node's number.
        public var id: NodeID
        /// In ascending order.
        public var cpus: [CPUID]
        /// Ranges of page frames with memory, in ascending order, without overlap.
        public var memory: [Range<PageFrame>]
        /// The firmware says this memory may be unplugged; with `movable_node` it becomes ZONE_MOVABLE.
        public var isHotPluggable: Bool
        /// Where ZONE_MOVABLE begins, as a kernel printed it; nil: computed from `boot`. If any node has a value, it is
        /// computed for none.
        public var movableStart: PageFrame?

        public init(
            id: NodeID, cpus: [CPUID] = [], memory: [Range<PageFrame>] = [], isHotPluggable: Bool = false,
            movableStart: PageFrame? = nil
        ) {
            self.id = id
            self.cpus = cpus
            self.memory = memory
            self.isHotPluggable = isHotPluggable
            self.movableStart = movableStart
        }
    }

    public init(
        name: String = "", about: String = "", architecture: Architecture = .amd64,
        kernel: KernelVersion = .usual, nodes: [Node],
        distances: DistanceMatrix? = nil, zoneLimits: ZoneLimits? = nil, boot: BootParameters = BootParameters(),
        sysctls: Sysctls = Sysctls(), reserved: [Range<PageFrame>] = [], pageSize: Int = 4096,
        maximumOrder: Order? = nil, pageblockOrder: Order? = nil
    ) {
        self.name = name
        self.about = about
        self.architecture = architecture
        self.kernel = kernel
        self.nodes = nodes
        self.distances = distances ?? DistanceMatrix(nodes: nodes.map(\.id), remote: 20)
        self.zoneLimits = zoneLimits
        self.boot = boot
        self.sysctls = sysctls
        self.reserved = reserved
        self.pageSize = pageSize
        let hugePage = architecture.hugePageOrder(pageSize: pageSize)
        let largest = maximumOrder ?? architecture.maximumOrder(pageSize: pageSize)
        self.maximumOrder = largest
        self.pageblockOrder = pageblockOrder ?? min(hugePage, largest)
        hugePageOrder = hugePage <= largest ? hugePage : nil
        isCMAConfigured = architecture.isCMAConfigured
        isNUMAConfigured = architecture.isNUMAConfigured || nodes.count > 1
    }
}

extension Range<PageFrame> {
    /// The number of pages in the range.
    @inlinable
    public var pages: Int { upperBound - lowerBound }
}
