import Topology

/// Reads a machine as it is: the running one, or one whose `/proc` and `/sys` were saved.
///
/// Zones, watermarks, reserves and free lists come from zoneinfo, buddyinfo and pagetypeinfo; nodes, CPUs and distances
/// from libnuma (running machine) or sysfs; settings from `proc/sys/vm` and the kernel's command line. Where texts
/// disagree, the zones are right. What is missing is worked around and said in `Snapshot.notes`.
public struct HostReader: Sendable {
    /// The root directory; "/" is the running machine.
    public var root: String
    /// nil: sysfs alone describes nodes.
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
        var facts = try facts()
        return try facts.snapshot()
    }

    func facts() throws(HostReadError) -> MachineFacts {
        var facts = MachineFacts(name: root)
        facts.isLive = root == "/"
        try facts.read(try FileTree(root: root), library: library)
        return facts
    }

    /// Whether a path is a directory that ``snapshot()`` can make something of: it holds zoneinfo, buddyinfo or
    /// meminfo, itself or in `proc`, or NUMA nodes in `sys`.
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
