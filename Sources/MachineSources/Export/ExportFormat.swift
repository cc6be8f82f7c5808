import Topology

/// A form that machines are written in.
///
/// To add one, write a file with an extension that has a constant of this type, and add the constant to ``all``.
public struct ExportFormat: Sendable {
    /// As on the command line: "hwloc-xml".
    public var name: String
    /// One line of help.
    public var about: String
    /// What of a machine the form states, so that it is the same when read back.
    package var states: Set<MachineFact>
    /// Writes a machine. Throws a ``SourceRefusal`` where the form cannot hold it.
    let write: @Sendable (SourcedMachine) throws -> Exported

    /// In the order of the help.
    public static let all: [ExportFormat] = [
        .json, .compact, .hwlocXML, .synthetic, .sysfs, .qemu, .virtme, .libvirt, .numactl, .bootLog,
    ]

    public static func named(_ name: String) -> ExportFormat? { all.first { $0.name == name } }
}

/// A machine as written in some form.
public struct Exported: Hashable, Sendable {
    public var content: Content
    /// What of the machine the form cannot say, or says otherwise: a few words each.
    public var omitted: [String]
    /// Of what the form states of other machines, what it does not state of this one.
    package var unstated: Set<MachineFact> = []

    public enum Content: Hashable, Sendable {
        case text(String)
        case bytes([UInt8])
        /// Files of a directory, by path.
        case files([String: String])
    }
}

extension SourcedMachine {
    /// Writes the machine in another form.
    ///
    /// - Throws: ``SourceRefusal`` where the form cannot hold it.
    public func exported(to format: ExportFormat) throws -> Exported { try format.write(self) }

    /// Whether what is free is known, rather than that all is.
    var hasState: Bool { !snapshot.zones.isEmpty }

    /// Bytes of memory that there is on a node.
    func presentBytes(of node: Topology.Node) -> UInt64 {
        UInt64(node.memory.reduce(0) { $0 + $1.pages }) * UInt64(snapshot.topology.pageSize)
    }

    /// All memory of a node in MiB, rounded up.
    func wholeMiB(of node: Topology.Node) -> UInt64 { (presentBytes(of: node) + (1 << 20) - 1) >> 20 }

    /// Bytes that the kernel manages of a node's memory, as its MemTotal has them.
    func managedBytes(of node: Topology.Node) -> UInt64 {
        let pages = zoneSpans.filter { $0.node == node.id }.reduce(0) { $0 + $1.managed }
        return UInt64(pages) * UInt64(snapshot.topology.pageSize)
    }

    /// Bytes that the kernel manages of each node.
    package var sizes: [UInt64] { snapshot.topology.nodes.map { managedBytes(of: $0) } }

    var zoneSpans: [ZoneSpan] {
        hasState ? snapshot.zones.map(\.span) : snapshot.topology.zoneSpans()
    }

    /// What forms that know nodes only leave out.
    var omittedByNodeForms: [String] {
        let topology = snapshot.topology
        var omitted = ["zones and their marks", "the kernel (\(topology.kernel)) and its settings"]
        if topology.pageSize != 4096 { omitted.append("the page size (\(topology.pageSize) bytes)") }
        if hasState { omitted.append("what is free, block by block") }
        if !topology.reserved.isEmpty { omitted.append("what the kernel reserved") }
        return omitted
    }
}
