import BuddyEngine
import GFP
import KernelText
import Topology

/// Reads a machine as it stands: the running one, or one whose `/proc` and `/sys` were saved.
///
/// Zones, watermarks, reserves and free lists come from zoneinfo, buddyinfo and pagetypeinfo; nodes, CPUs and distances
/// from libnuma (running machine) or sysfs; settings from `proc/sys/vm` and the kernel's command line. Where texts
/// disagree, the zones are right. What is missing is worked around and said in `Snapshot.notes`.
public struct HostReader: Sendable {
    /// The root directory; "/" is the running machine.
    public var root: String
    /// nil: sysfs alone tells of nodes.
    public var library: (any NUMALibrary)?

    /// - Parameters:
    ///   - root: a directory with `proc` and `sys`, or one that holds zoneinfo and its neighbours themselves.
    ///   - library: asked for nodes; only the running machine has one.
    public init(root: String = "/", library: (any NUMALibrary)? = nil) {
        self.root = root
        self.library = library
    }

    /// Reads everything once. The files are read one after another, so a busy machine's may differ a little.
    public func snapshot() throws(HostReadError) -> Snapshot {
        var reading = HostReading(tree: try FileTree(root: root))
        reading.isLive = root == "/"
        try reading.readTexts()
        try reading.readNodes(library)
        return try reading.snapshot()
    }

    /// Whether a path is a directory that ``snapshot()`` can make something of: it holds zoneinfo, buddyinfo or
    /// meminfo, itself or in `proc`, or NUMA nodes in `sys`.
    public static func looksLikeSavedTree(_ path: String) -> Bool {
        guard let tree = try? FileTree(root: path) else { return false }
        return FileTree.procNames.contains { FileTree.exists(tree.procFile($0)) } || !tree.nodeDirectories.isEmpty
    }
}

/// One reading of a tree: the texts that are in it and what was noted on the way.
struct HostReading {
    let tree: FileTree
    var isLive = false
    var notes: [String] = []

    var zoneInfo: ZoneInfoText?
    var buddyInfo: BuddyInfoText?
    var pageTypeInfo: PageTypeInfoText?
    var memInfo: MemInfoText?
    var commandLine: KernelCommandLine?
    var version: KernelVersionText?
    var memoryMap: IOMemoryText?
    var sysctls = VMSysctlText()
    /// What hwloc writes beside a tree it gathers: "Architecture: x86_64".
    var hints: [String: String] = [:]

    /// Zones in which types were fitted to buddyinfo's totals, for one note about all.
    var fittedZones: [String] = []
    /// Zones whose holes were put at their end, for one note about all.
    var zonesWithHoles: [String] = []

    var nodes: [NodeFacts] = []
    var distances: DistanceMatrix?

    init(tree: FileTree) { self.tree = tree }

    mutating func note(_ sentence: String) {
        if !notes.contains(sentence) { notes.append(sentence) }
    }
}

/// What is known of a node beside its zones.
struct NodeFacts: Hashable {
    var id: NodeID
    var cpus: [CPUID]?
    /// Bytes that the kernel manages.
    var size: Int?
    /// Bytes that are free.
    var free: Int?
}
