import Topology

/// A form in which machines are written.
///
/// To add one, write a file with an extension that has a constant of this type, and add the constant to ``all``.
public struct ExportFormat: Sendable {
    /// The name on the command line: "hwloc-xml".
    public var name: String
    /// One line of help.
    public var about: String
    /// Which facts about a machine the form states, so that they are the same when it is read back.
    package var states: Set<MachineFact>
    /// Writes a machine. Throws a ``SourceRefusal`` if the form cannot represent it.
    let write: @Sendable (SourcedMachine) throws -> Exported

    /// All forms, in the order of the help.
    public static let all: [ExportFormat] = [
        .json, .compact, .hwlocXML, .synthetic, .sysfs, .qemu, .virtme, .libvirt, .numactl, .bootLog,
    ]

    /// The form with a name; nil if there is none.
    public static func named(_ name: String) -> ExportFormat? { all.first { $0.name == name } }
}

/// A machine written in some form.
public struct Exported: Hashable, Sendable {
    /// What was written.
    public var content: Content
    /// What the form cannot state about the machine, or states differently: a few words each.
    public var omitted: [String]
    /// Facts that the form states about other machines, but not about this one.
    package var unstated: Set<MachineFact> = []

    /// What can be written.
    public enum Content: Hashable, Sendable {
        case text(String)
        case bytes([UInt8])
        /// The files of a directory, by path.
        case files([String: String])
    }
}

extension SourcedMachine {
    /// Writes the machine in another form.
    ///
    /// - Throws: ``SourceRefusal`` if the form cannot represent it.
    public func exported(to format: ExportFormat) throws -> Exported { try format.write(self) }

    /// Whether it is known what is free, rather than assumed that everything is.
    var hasState: Bool { !snapshot.zones.isEmpty }

    /// The size of a node's memory in bytes.
    func presentBytes(of node: Topology.Node) -> UInt64 {
        UInt64(node.memory.reduce(0) { $0 + $1.pages }) * UInt64(snapshot.topology.pageSize)
    }

    /// The size of a node's memory in MiB, rounded up.
    func wholeMiB(of node: Topology.Node) -> UInt64 { (presentBytes(of: node) + (1 << 20) - 1) >> 20 }

    /// How many bytes of a node's memory the kernel manages, like its MemTotal.
    func managedBytes(of node: Topology.Node) -> UInt64 {
        let pages = zoneSpans.filter { $0.node == node.id }.reduce(0) { $0 + $1.managed }
        return UInt64(pages) * UInt64(snapshot.topology.pageSize)
    }

    /// How many bytes the kernel manages on each node.
    package var sizes: [UInt64] { snapshot.topology.nodes.map { managedBytes(of: $0) } }

    var zoneSpans: [ZoneSpan] {
        hasState ? snapshot.zones.map(\.span) : snapshot.topology.zoneSpans()
    }

    /// What forms that only describe nodes omit.
    var omittedByNodeForms: [String] {
        let topology = snapshot.topology
        var omitted = ["zones and their marks", "the kernel (\(topology.kernel)) and its settings"]
        if topology.pageSize != 4096 { omitted.append("the page size (\(topology.pageSize) bytes)") }
        if hasState { omitted.append("what is free, block by block") }
        if !topology.reserved.isEmpty { omitted.append("what the kernel reserved") }
        return omitted
    }
}
