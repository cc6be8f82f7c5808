import Topology

/// Reads an existing machine: the running one, or one whose `/proc` and `/sys` were saved.
///
/// Zones, watermarks, reserves and free lists come from zoneinfo, buddyinfo and pagetypeinfo; nodes, CPUs and distances
/// from libnuma (running machine) or sysfs; settings from `proc/sys/vm` and the kernel's command line. If texts
/// disagree, the zones take precedence. `Snapshot.notes` states what was missing and assumed.
public struct HostReader: Sendable {
    /// The root directory; "/" is the running machine.
    public var root: String
    /// Nil: nodes come from sysfs.
    public var library: (any NUMALibrary)?

    /// - Parameters:
    ///   - root: A directory with `proc` and `sys`, or one that directly contains zoneinfo and related files.
    ///   - library: Asked for nodes; only the running machine has one.
    public init(root: String = "/", library: (any NUMALibrary)? = nil) {
        self.root = root
        self.library = library
    }

    /// Reads everything once. The files are read one after another, so those of a busy machine may differ slightly.
    public func snapshot() throws(HostReadError) -> Snapshot {
        var facts = try facts()
        return try facts.snapshot()
    }

    func facts() throws(HostReadError) -> MachineFacts {
        var facts = MachineFacts(name: root)
        facts.isLive = root == "/"
        try facts.read(try FileTree(root: root), library: library)
        return facts
    }

    /// Whether ``snapshot()`` can use a directory: it contains zoneinfo, buddyinfo or meminfo, directly or in `proc`,
    /// or NUMA nodes in `sys`.
    public static func looksLikeSavedTree(_ path: String) -> Bool {
        guard let tree = try? FileTree(root: path) else { return false }
        return tree.looksLikeMachine
    }
}

extension FileTree {
    var looksLikeMachine: Bool {
        Self.procNames.contains { has(procFile($0)) } || !nodeDirectories.isEmpty
    }
}
