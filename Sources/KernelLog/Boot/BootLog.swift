import GFP
import Topology

/// What a kernel's boot log says about its nodes, zones and zonelists.
///
/// Reads the forms of 2.6.32 to 7.x. Reading never fails: what the log does not say is nil or empty.
public struct BootLog: Hashable, Sendable {
    /// `Linux version` up to the first blank: `6.1.0-28-amd64`.
    public var kernelRelease: String?
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
    /// `Early memory node ranges` or `early_node_map`: memory that the kernel knows, in bytes.
    public var nodeRanges: [NodeRange] = []
    /// `Initmem setup node N [mem ...]`: from the first to the last byte of a node, holes included.
    public var nodeSpans: [NodeID: ClosedRange<UInt64>] = [:]
    /// `Initmem setup node N as memoryless`.
    public var memorylessNodes: Set<NodeID> = []
    /// `On node N totalpages: n`: pages that are there, by node.
    public var pagesOfNode: [NodeID: Int] = [:]
    /// `Normal zone: n pages, LIFO batch:b`, under the node's line: pages without those that describe pages.
    public var zonePages: [ZonePages] = []
    /// `On node N, zone X: n pages in unavailable ranges`.
    public var unavailable: [Unavailable] = []
    /// `Fallback order for Node N`: the last one printed for each node, as of the end of the log.
    public var fallbackOrder: [NodeID: [NodeID]] = [:]
    /// `Built N zonelists`, the last one printed.
    public var zonelistCount: Int?
    /// `in Zone order`, `in Node order`: kernels up to 4.13.
    public var zonelistOrder: String?
    /// The last `Total pages`.
    public var totalPages: Int?
    /// The first `Total pages`: that of the boot, before memory was plugged in.
    public var totalPagesAtBoot: Int?
    public var policyZone: ZoneKind?
    /// `Memory: 967568K/1048056K available`: KiB.
    public var memory: Available?
    /// `cma: Reserved 32 MiB at 0x...`: bytes, of all areas together.
    public var contiguousBytes: UInt64 = 0
    /// Where these areas lie, in bytes, as far as it is printed.
    public var contiguousAreas: [Range<UInt64>] = []
    /// CPUs by the node that `smpboot` brought them up on. The boot CPU is on no such line.
    public var cpus: [NodeID: [CPUID]] = [:]
    /// The number of CPUs brought up in all.
    public var cpuCount: Int?
    /// `SLUB: ... CPUs=160`, `nr_cpu_ids:160`: how many CPUs there may be.
    public var possibleCPUs: Int?
    /// `smpboot: Allowing 128 CPUs, 120 hotplug CPUs`: those that are there at boot.
    public var presentCPUs: Int?
    /// CPUs that say themselves that they came up: `CPU1: Booted secondary processor 0x1`.
    public var startedCPUs: Set<CPUID> = []
    /// `pcpu-alloc: [0] 0 1 [1] 2 3`: CPUs by the group that shares memory, one for each node with CPUs.
    public var cpuGroups: [Int: [CPUID]] = [:]
    /// Bytes, by every line that tells.
    public var pageSizes: [PageSizeSign] = []
    /// By every line that tells, in order of the log.
    public var architectures: [ArchitectureSign] = []
    /// `HugeTLB: registered 2.00 MiB page size, pre-allocated 512 pages`: line and message.
    public var hugePools: [HugePool] = []
    /// Zones and nodes are printed in page frames, as kernels up to 3.3 do.
    public var printsPageFrames = false
    /// A Power machine's page tables are radix trees, whose huge pages have 2 MiB; the older hashed ones have 16 MiB.
    public var hasRadixTables = false
    /// Boots before the one that this is about.
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

    /// Bytes of memory of a node, by its ranges.
    public func bytes(of node: NodeID) -> UInt64 {
        nodeRanges.reduce(0) { sum, entry in
            guard entry.node == node else { return sum }
            let (size, isWhole) = (entry.range.upperBound - entry.range.lowerBound).addingReportingOverflow(1)
            let (next, overflows) = sum.addingReportingOverflow(size)
            return isWhole || overflows ? sum : next
        }
    }

    /// Whether the log says about any node how much memory it has, in one form or another.
    public var tellsMemory: Bool {
        nodes.contains { bytes(of: $0) > 0 } || pagesOfNode.values.contains { $0 > 0 }
            || nodeSpans.values.contains { $0.upperBound > $0.lowerBound }
            || (isFirstPart && (memory?.total ?? 0) > 0) || affinities.contains { !$0.isHotPluggable }
    }

    /// Whether a machine can be made of it: where no line is about memory as the kernel has it, of what the firmware's map
    /// calls usable, as in a log that ends early.
    public var describesMachine: Bool {
        tellsMemory || isFirstPart && firmwareMap.contains { $0.type.hasPrefix("usable") }
    }

    /// There are lines of a kernel's first moments, so that figures of memory are those of a machine and no program's.
    private var isFirstPart: Bool {
        kernelRelease != nil || zonelistCount != nil || commandLine != nil || !zoneRanges.isEmpty
    }
}

extension BootLog {
    public struct FirmwareRange: Hashable, Sendable {
        public var range: ClosedRange<UInt64>
        /// `usable`, `reserved`, `ACPI data`, ...
        public var type: String
    }

    public struct Affinity: Hashable, Sendable {
        public var node: NodeID
        public var proximityDomain: Int
        public var range: ClosedRange<UInt64>
        public var isHotPluggable: Bool
    }

    public struct Processor: Hashable, Sendable {
        public var proximityDomain: Int
        /// The APIC's number, or the MPIDR of an arm64 CPU.
        public var apic: Int
        public var node: NodeID
    }

    public struct ZoneRange: Hashable, Sendable {
        public var name: String
        /// nil: the zone is empty.
        public var range: ClosedRange<UInt64>?

        public var kind: ZoneKind? { ZoneKind(kernelName: name) }
    }

    public struct NodeRange: Hashable, Sendable {
        public var node: NodeID
        public var range: ClosedRange<UInt64>
    }

    public struct ZonePages: Hashable, Sendable {
        public var node: NodeID
        public var zone: String
        public var pages: Int
        /// `pages used for memmap`.
        public var describing: Int
    }

    public struct Unavailable: Hashable, Sendable {
        public var node: NodeID
        public var zone: String
        public var pages: Int
    }

    /// Huge pages that were taken off free memory while the kernel booted.
    public struct HugePool: Hashable, Sendable {
        /// As printed: `2.00 MiB`.
        public var size: String
        public var pages: Int
        public var line: Int
    }

    public struct Available: Hashable, Sendable {
        public var available: Int
        public var total: Int
        public var reserved: Int?
        /// In `total` but no memory: kernels up to 3.9 count holes.
        public var absent: Int?
        public var cma: Int?
    }

    /// A line that tells how large a page is.
    public struct PageSizeSign: Hashable, Sendable {
        public var bytes: Int
        /// As it is in the log.
        public var sign: String
        public var line: Int
    }

    /// A line that tells the architecture.
    public struct ArchitectureSign: Hashable, Sendable {
        public var family: Family
        /// As it is in the log.
        public var sign: String
        public var line: Int

        /// Which kernels print such a line.
        public enum Family: Hashable, Sendable {
            /// x86 of 32 or 64 bits.
            case x86
            case amd64, i386, arm64, arm, riscv64, powerPC, s390, loongArch, ia64, mips, sparc, alpha, other
        }
    }
}
