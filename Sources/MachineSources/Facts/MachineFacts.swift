import BuddyEngine
import GFP
import KernelLog
import KernelText
import Topology

/// Everything that sources state about one machine, before anything is assumed.
///
/// Each format adds what it has; ``fill(from:)`` joins several sources; ``snapshot()`` makes the machine, and notes
/// what it had to assume.
struct MachineFacts {
    /// The source, for messages.
    var name: String
    /// The machine's name; empty: that of the source.
    var title = ""
    /// Whether the running system may be asked for further values.
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
    var numaStat: NUMAStatText?
    var commandLine: KernelCommandLine?
    var version: KernelVersionText?
    var memoryMap: IOMemoryText?
    /// Whether any transparent huge pages are used, by sysfs; nil: not stated.
    var transparentHugePages: Bool?
    /// The bytes that are online, if no text says more (the sum in lsmem's output).
    var memoryTotal: Int?
    var sysctls = VMSysctlText()
    var bootLog: BootLog?
    /// What hwloc saves together with a tree: "Architecture: x86_64".
    var hints: [String: String] = [:]

    // MARK: Stated outright

    var architecture: Architecture?
    var kernel: KernelVersion?
    /// In bytes.
    var pageSize: Int?
    var nodes: [NodeFacts] = []
    var distances: DistanceMatrix?
    /// CPUs whose node is not known.
    var onlineCPUs: [CPUID] = []
    /// A machine that its source describes completely.
    var complete: Snapshot?
    /// Whether a complete machine's distances are assumed, and may be replaced.
    var hasOpenDistances = false
    /// Whether no source had distances, so that they were assumed.
    var hasAssumedDistances = false

    // MARK: While the machine is made

    /// Zones in which types were fitted to buddyinfo's totals, for a single note.
    var fittedZones: [String] = []
    /// Zones whose holes were put at their end, for a single note.
    var zonesWithHoles: [String] = []

    init(name: String) { self.name = name }

    /// Whether there is nothing to make a machine from.
    var tellsNothing: Bool {
        zoneInfo == nil && buddyInfo == nil && memInfo == nil && bootLog == nil && nodes.isEmpty && onlineCPUs.isEmpty
            && memoryTotal == nil && memoryMap == nil
    }

    /// Whether there is nothing at all, not even a setting that another source leaves open.
    var isEmpty: Bool {
        tellsNothing && complete == nil && pageTypeInfo == nil && vmstat == nil && numaStat == nil && commandLine == nil
            && version == nil && transparentHugePages == nil && sysctls.isEmpty && hints.isEmpty && architecture == nil
            && kernel == nil
            && pageSize == nil && distances == nil
    }

    mutating func note(_ sentence: String, _ kind: SourceNote.Kind = .assumed) {
        let note = SourceNote(kind, sentence)
        if !notes.contains(note) { notes.append(note) }
    }
}

/// What is known of a node besides its zones.
struct NodeFacts: Hashable {
    var id: NodeID
    var cpus: [CPUID]?
    /// In bytes.
    var size: Int?
    /// Whether the size is the kernel's own figure (MemTotal), which omits what firmware keeps of the first MiB.
    var sizeOmitsFirmware = false
    /// Free memory in bytes.
    var free: Int?
    /// Where its memory is, in bytes, ascending: all memory at boot, including what the kernel keeps.
    var ranges: [Range<UInt64>]?
    /// Where ZONE_MOVABLE begins, in bytes; nil: not stated.
    var movableStart: UInt64?
    /// The name of memory that is slower or faster than the rest (`HBM`, `CXL`).
    var tier: String?
}
