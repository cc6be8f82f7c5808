import GFP
import Topology

/// What a kernel's boot log says about its nodes, zones and zonelists.
///
/// Reads the forms of 2.6.32 to 7.x. Reading never fails: anything that the log does not say is nil or empty.
public struct BootLog: Hashable, Sendable {
    /// `Linux version` up to the first blank: `6.1.0-28-amd64`.
    public var kernelRelease: String?
    /// `Command line:`, the kernel's parameters.
    public var commandLine: String?
    /// The firmware's map of memory (`BIOS-e820`), in bytes.
    public var firmwareMap: [FirmwareRange] = []
    /// `ACPI: SRAT: Node 0 PXM 0 [mem ...]`.
    public var affinities: [Affinity] = []
    /// `SRAT: PXM 0 -> APIC 0x00 -> Node 0`, or `MPIDR` for `APIC`, in order of the log.
    public var processors: [Processor] = []
    /// `Zone ranges:`, in bytes; an empty zone has no range.
    public var zoneRanges: [ZoneRange] = []
    /// `Movable zone start for each node`, in bytes.
    public var movableStarts: [NodeID: UInt64] = [:]
    /// Whether that title is in the log: without lines under it there is no Movable zone.
    public var listsMovableStarts = false
    /// `Early memory node ranges` or `early_node_map`: memory that the kernel knows, in bytes.
    public var nodeRanges: [NodeRange] = []
    /// `Initmem setup node N [mem ...]`: from the first byte of a node to its last, holes included.
    public var nodeSpans: [NodeID: ClosedRange<UInt64>] = [:]
    /// `Initmem setup node N as memoryless`.
    public var memorylessNodes: Set<NodeID> = []
    /// `On node N totalpages: n`: present pages, by node.
    public var pagesOfNode: [NodeID: Int] = [:]
    /// `Normal zone: n pages, LIFO batch:b`, under the node's line: pages except those that describe pages.
    public var zonePages: [ZonePages] = []
    /// `On node N, zone X: n pages in unavailable ranges`.
    public var unavailable: [Unavailable] = []
    /// `Fallback order for Node N`: the last one printed for each node.
    public var fallbackOrder: [NodeID: [NodeID]] = [:]
    /// `Built N zonelists`, the last one printed.
    public var zonelistCount: Int?
    /// `in Zone order` or `in Node order`, of kernels up to 4.13.
    public var zonelistOrder: String?
    /// The last `Total pages`.
    public var totalPages: Int?
    /// The first `Total pages`: at boot, before memory was added.
    public var totalPagesAtBoot: Int?
    /// `Policy zone`: the lowest zone that memory policies apply to.
    public var policyZone: ZoneKind?
    /// `Memory: 967568K/1048056K available`, in KiB.
    public var memory: Available?
    /// `cma: Reserved 32 MiB at 0x...`: the size of all areas, in bytes.
    public var contiguousBytes: UInt64 = 0
    /// The places of these areas, in bytes, as far as they are printed.
    public var contiguousAreas: [Range<UInt64>] = []
    /// CPUs by the node that `smpboot` brought them up on. The boot CPU has no such line.
    public var cpus: [NodeID: [CPUID]] = [:]
    /// The total number of CPUs brought up.
    public var cpuCount: Int?
    /// `SLUB: ... CPUs=160`, `nr_cpu_ids:160`: how many CPUs are possible.
    public var possibleCPUs: Int?
    /// `smpboot: Allowing 128 CPUs, 120 hotplug CPUs`: how many are present at boot.
    public var presentCPUs: Int?
    /// CPUs that have reported coming up: `CPU1: Booted secondary processor 0x1`.
    public var startedCPUs: Set<CPUID> = []
    /// `pcpu-alloc: [0] 0 1 [1] 2 3`: CPUs by the group that shares memory, one for each node with CPUs.
    public var cpuGroups: [Int: [CPUID]] = [:]
    /// The page size, by every line that tells.
    public var pageSizes: [PageSizeSign] = []
    /// The architecture, by every line that tells, in order of the log.
    public var architectures: [ArchitectureSign] = []
    /// `HugeTLB: registered 2.00 MiB page size, pre-allocated 512 pages`: line and message.
    public var hugePools: [HugePool] = []
    /// Whether zones and nodes are printed in page frames, as kernels up to 3.3 do.
    public var printsPageFrames = false
    /// A Power machine has radix page tables, with huge pages of 2 MiB; the older hashed ones have 16 MiB.
    public var hasRadixTables = false
    /// How many boots came before the one described.
    public var earlierBoots = 0
    /// The kernel found no NUMA in the firmware's tables and made up one node.
    public var isFakeNode = false
    /// Lines that look as if they should have been read but could not be.
    public var notes: [SourceNote] = []

    public init() {}

    /// All nodes that the log names, ascending.
    public var nodes: [NodeID] {
        var found = Set(nodeRanges.map(\.node)).union(affinities.map(\.node)).union(memorylessNodes)
        found.formUnion(nodeSpans.keys)
        found.formUnion(pagesOfNode.keys)
        found.formUnion(cpus.keys)
        found.formUnion(processors.map(\.node))
        found.formUnion(fallbackOrder.keys)
        return found.sorted()
    }

    /// The memory of a node in bytes, by its ranges.
    public func bytes(of node: NodeID) -> UInt64 {
        nodeRanges.reduce(0) { sum, entry in
            guard entry.node == node else { return sum }
            let (size, isWhole) = (entry.range.upperBound - entry.range.lowerBound).addingReportingOverflow(1)
            let (next, overflows) = sum.addingReportingOverflow(size)
            return isWhole || overflows ? sum : next
        }
    }

    /// Whether the log says, in any form, how much memory some node has.
    public var tellsMemory: Bool {
        nodes.contains { bytes(of: $0) > 0 } || pagesOfNode.values.contains { $0 > 0 }
            || nodeSpans.values.contains { $0.upperBound > $0.lowerBound }
            || (isFirstPart && (memory?.total ?? 0) > 0) || affinities.contains { !$0.isHotPluggable }
    }

    /// Whether a machine can be built from it: also from what the firmware's map calls usable, if no line is about the
    /// kernel's view of memory, as in a log that ends early.
    public var describesMachine: Bool {
        tellsMemory || isFirstPart && firmwareMap.contains { $0.type.hasPrefix("usable") }
    }

    /// Whether there are lines of a kernel's first moments, so that figures of memory are a machine's and not a
    /// program's.
    private var isFirstPart: Bool {
        kernelRelease != nil || zonelistCount != nil || commandLine != nil || !zoneRanges.isEmpty
    }
}

extension BootLog {
    /// A range of the firmware's map.
    public struct FirmwareRange: Hashable, Sendable {
        /// The addresses.
        public var range: ClosedRange<UInt64>
        /// `usable`, `reserved`, `ACPI data`, ...
        public var type: String
    }

    /// A range of memory in the firmware's table of affinities.
    public struct Affinity: Hashable, Sendable {
        /// The node that the kernel assigned.
        public var node: NodeID
        /// The firmware's number.
        public var proximityDomain: Int
        /// The addresses.
        public var range: ClosedRange<UInt64>
        /// The memory can be removed.
        public var isHotPluggable: Bool
    }

    /// A processor in the firmware's table of affinities.
    public struct Processor: Hashable, Sendable {
        /// The firmware's number of its node.
        public var proximityDomain: Int
        /// The number of the APIC, or the MPIDR of an arm64 CPU.
        public var apic: Int
        /// The node that the kernel assigned.
        public var node: NodeID
    }

    /// A zone, on all nodes.
    public struct ZoneRange: Hashable, Sendable {
        /// The zone's name.
        public var name: String
        /// The addresses; nil if the zone is empty.
        public var range: ClosedRange<UInt64>?

        /// The kind of zone; nil for an unknown name.
        public var kind: ZoneKind? { ZoneKind(kernelName: name) }
    }

    /// A range of a node's memory.
    public struct NodeRange: Hashable, Sendable {
        /// The node.
        public var node: NodeID
        /// The addresses.
        public var range: ClosedRange<UInt64>
    }

    /// The size of a zone.
    public struct ZonePages: Hashable, Sendable {
        /// The zone's node.
        public var node: NodeID
        /// The zone's name.
        public var zone: String
        /// The number of pages.
        public var pages: Int
        /// `pages used for memmap`.
        public var describing: Int
        /// `LIFO batch`: how many pages per-CPU lists take at a time, by the zone's size at boot.
        public var batch: Int?
    }

    /// Pages of a zone that are not memory.
    public struct Unavailable: Hashable, Sendable {
        /// The zone's node.
        public var node: NodeID
        /// The zone's name.
        public var zone: String
        /// The number of pages.
        public var pages: Int
    }

    /// Huge pages that were allocated while the kernel booted.
    public struct HugePool: Hashable, Sendable {
        /// As printed: `2.00 MiB`.
        public var size: String
        /// How many.
        public var pages: Int
        /// The line of the log, from 1.
        public var line: Int
    }

    /// The figures of `Memory:`, in KiB.
    public struct Available: Hashable, Sendable {
        /// Available.
        public var available: Int
        /// In all.
        public var total: Int
        /// Reserved.
        public var reserved: Int?
        /// Counted in `total` but not memory: kernels up to 3.9 count holes.
        public var absent: Int?
        /// Reserved for contiguous memory areas.
        public var cma: Int?
        /// Free in HighMem: all that this zone manages.
        public var highMem: Int?
    }

    /// A line that tells how large a page is.
    public struct PageSizeSign: Hashable, Sendable {
        /// The page size in bytes.
        public var bytes: Int
        /// The sign as it is in the log.
        public var sign: String
        /// The line of the log, from 1.
        public var line: Int
    }

    /// A line that tells the architecture.
    public struct ArchitectureSign: Hashable, Sendable {
        /// The architecture or group of architectures.
        public var family: Family
        /// The sign as it is in the log.
        public var sign: String
        /// The line of the log, from 1.
        public var line: Int

        /// Whose kernels print such a line.
        public enum Family: Hashable, Sendable {
            /// x86 with 32 or 64 bits.
            case x86
            case amd64, i386, arm64, arm, riscv64, powerPC, s390, loongArch, ia64, mips, sparc, alpha, other
        }
    }
}
