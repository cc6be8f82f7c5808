import GFP
import Topology

/// What a kernel's boot log says about its nodes, zones and zonelists.
///
/// Reading never fails: what the log does not say is nil or empty.
public struct BootLog: Hashable, Sendable {
    /// `Linux version` up to the first blank: `6.1.0-28-amd64`.
    public var kernelRelease: String?
    public var commandLine: String?
    /// The firmware's map of memory (`BIOS-e820`), in bytes.
    public var firmwareMap: [FirmwareRange] = []
    /// `ACPI: SRAT: Node 0 PXM 0 [mem ...]`.
    public var affinities: [Affinity] = []
    /// `SRAT: PXM 0 -> APIC 0x00 -> Node 0`, in order of the log.
    public var processors: [Processor] = []
    /// `Zone ranges:`, in bytes; an empty zone has no range.
    public var zoneRanges: [ZoneRange] = []
    /// `Movable zone start for each node`, in bytes.
    public var movableStarts: [NodeID: UInt64] = [:]
    /// `Early memory node ranges`: memory that the kernel knows, in bytes.
    public var nodeRanges: [NodeRange] = []
    /// `Initmem setup node N [mem ...]`: from the first to the last byte of a node, holes included.
    public var nodeSpans: [NodeID: ClosedRange<UInt64>] = [:]
    /// `Initmem setup node N as memoryless`.
    public var memorylessNodes: Set<NodeID> = []
    /// `On node N, zone X: n pages in unavailable ranges`.
    public var unavailable: [Unavailable] = []
    /// `Fallback order for Node N`: the last one printed for each node, as of the end of the log.
    public var fallbackOrder: [NodeID: [NodeID]] = [:]
    /// `Built N zonelists`, the last one printed.
    public var zonelistCount: Int?
    public var totalPages: Int?
    public var policyZone: ZoneKind?
    /// `Memory: 967568K/1048056K available`: KiB.
    public var memory: Available?
    /// CPUs by the node that `smpboot` brought them up on. The boot CPU is on no such line.
    public var cpus: [NodeID: [CPUID]] = [:]
    /// The number of CPUs brought up in all.
    public var cpuCount: Int?
    /// The kernel found no NUMA in the firmware's tables and made up one node.
    public var isFakeNode = false
    /// Lines that look as if they should have been read but could not be.
    public var notes: [String] = []

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

    public struct Unavailable: Hashable, Sendable {
        public var node: NodeID
        public var zone: String
        public var pages: Int
    }

    public struct Available: Hashable, Sendable {
        public var available: Int
        public var total: Int
        public var reserved: Int?
        public var cma: Int?
    }

    /// All nodes that the log names, ascending.
    public var nodes: [NodeID] {
        var found = Set(nodeRanges.map(\.node)).union(affinities.map(\.node)).union(memorylessNodes)
        found.formUnion(nodeSpans.keys)
        found.formUnion(cpus.keys)
        found.formUnion(processors.map(\.node))
        found.formUnion(fallbackOrder.keys)
        return found.sorted()
    }

    /// Bytes of memory of a node.
    public func bytes(of node: NodeID) -> UInt64 {
        nodeRanges.reduce(0) { sum, entry in
            guard entry.node == node else { return sum }
            let (size, isWhole) = (entry.range.upperBound - entry.range.lowerBound).addingReportingOverflow(1)
            let (next, overflows) = sum.addingReportingOverflow(size)
            return isWhole || overflows ? sum : next
        }
    }
}
