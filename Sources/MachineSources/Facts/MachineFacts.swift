import BuddyEngine
import GFP
import KernelLog
import KernelText
import Topology

/// All that sources say of one machine, before anything is assumed.
///
/// Each format puts in what it has; ``fill(from:)`` joins several sources; ``snapshot()`` makes the machine, and notes
/// what it had to assume.
struct MachineFacts {
    /// The source, for messages.
    var name: String
    /// What to call the machine; empty: as the source.
    var title = ""
    /// Values of the running system may be asked of it.
    var isLive = false
    var notes: [SourceNote] = []

    // MARK: The kernel's texts

    var zoneInfo: ZoneInfoText?
    /// Where zoneinfo was, for messages.
    var zoneInfoPath = "zoneinfo"
    var buddyInfo: BuddyInfoText?
    var pageTypeInfo: PageTypeInfoText?
    var memInfo: MemInfoText?
    var vmstat: VMStatText?
    var commandLine: KernelCommandLine?
    var version: KernelVersionText?
    var memoryMap: IOMemoryText?
    /// What sysfs says of transparent huge pages: whether any are used.
    var transparentHugePages: Bool?
    /// Bytes that are on-line, where no text says more (lsmem's sum).
    var memoryTotal: Int?
    var sysctls = VMSysctlText()
    var bootLog: BootLog?
    /// What hwloc writes beside a tree it gathers: "Architecture: x86_64".
    var hints: [String: String] = [:]

    // MARK: Stated outright

    var architecture: Architecture?
    var kernel: KernelVersion?
    /// Bytes.
    var pageSize: Int?
    var nodes: [NodeFacts] = []
    var distances: DistanceMatrix?
    /// CPUs of which the node is not known.
    var onlineCPUs: [CPUID] = []
    /// A machine that its source describes in full.
    var complete: Snapshot?
    /// Of a complete one: its distances are assumed, and may be filled in.
    var hasOpenDistances = false
    /// No source had distances, and they were assumed.
    var hasAssumedDistances = false

    // MARK: While the machine is made

    /// Zones in which types were fitted to buddyinfo's totals, for one note about all.
    var fittedZones: [String] = []
    /// Zones whose holes were put at their end, for one note about all.
    var zonesWithHoles: [String] = []

    init(name: String) { self.name = name }

    /// Nothing was found to make a machine from.
    var tellsNothing: Bool {
        zoneInfo == nil && buddyInfo == nil && memInfo == nil && bootLog == nil && nodes.isEmpty && onlineCPUs.isEmpty
            && memoryTotal == nil && memoryMap == nil
    }

    mutating func note(_ sentence: String, _ kind: SourceNote.Kind = .assumed) {
        let note = SourceNote(kind, sentence)
        if !notes.contains(note) { notes.append(note) }
    }
}

/// What is known of a node beside its zones.
struct NodeFacts: Hashable {
    var id: NodeID
    var cpus: [CPUID]?
    /// Bytes.
    var size: Int?
    /// The size is the kernel's own figure (MemTotal), in which what firmware keeps of the first MiB is not.
    var sizeOmitsFirmware = false
    /// Bytes that are free.
    var free: Int?
    /// Where its memory lies, in bytes, ascending: what was there at boot, the kernel's own included.
    var ranges: [Range<UInt64>]?
    /// Where ZONE_MOVABLE begins, in bytes; nil: nothing is said of it.
    var movableStart: UInt64?
    /// Said to be of memory that is slower or faster than the rest (`HBM`, `CXL`).
    var tier: String?
}
