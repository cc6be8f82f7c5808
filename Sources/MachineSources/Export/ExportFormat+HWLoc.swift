import Topology

extension ExportFormat {
    static let synthetic = ExportFormat(
        name: "synthetic", about: "hwloc's synthetic description", states: [.nodeCount, .wholeMiB]
    ) { machine in
        let topology = machine.snapshot.topology
        // Nodes that are equal in all their memory, or in what firmware leaves of it.
        let all = Set(topology.nodes.map { machine.presentBytes(of: $0) })
        let sizes = all.count == 1 ? all : Set(machine.sizes)
        let counts = Set(topology.nodes.map(\.cpus.count))
        guard sizes.count == 1, counts.count == 1, let size = sizes.first, let count = counts.first, count > 0 else {
            throw SourceRefusal(
                "\(machine.name): a synthetic description has as many CPUs and as much memory on each node, and these nodes "
                    + "differ; --to hwloc-xml holds them")
        }
        var omitted = machine.omittedByNodeForms + ["where memory lies", "distances", "the architecture"]
        let isPlain = topology.nodes.enumerated().allSatisfy { index, node in
            Int(node.id.rawValue) == index
                && node.cpus == (0..<count).map { CPUID(index * count + $0) }
        }
        if !isPlain { omitted.append("numbers of nodes and CPUs other than one after the other") }
        if topology.nodes.contains(where: { machine.managedBytes(of: $0) != size }) {
            omitted.append("what firmware and kernel keep of the memory")
        }
        return Exported(
            content: .text("numa:\(topology.nodes.count)(memory=\(size)) pu:\(count)\n"), omitted: omitted,
            unstated: all.count == 1 ? [] : [.wholeMiB])
    }

    static let hwlocXML = ExportFormat(
        name: "hwloc-xml", about: "XML that hwloc 2 and lstopo read",
        states: [.nodeCount, .numbers, .distances, .sizesToMiB, .sizes, .kernel]
    ) { machine in
        let writer = HWLocWriter(machine)
        return Exported(
            content: .text(writer.text), omitted: machine.omittedByNodeForms + ["where memory lies"])
    }
}

/// Writes hwloc's XML, version 2: a machine with a group for each node with CPUs.
private struct HWLocWriter {
    private let machine: SourcedMachine
    private let topology: Topology

    init(_ machine: SourcedMachine) {
        self.machine = machine
        topology = machine.snapshot.topology
    }

    var text: String {
        let cpus = topology.nodes.flatMap { $0.cpus.map { Int($0.rawValue) } }
        let all = topology.nodes.map { Int($0.id.rawValue) }
        var next = 1
        func index() -> Int {
            defer { next += 1 }
            return next
        }
        func sets(_ cpus: [Int], _ nodes: [Int]) -> String {
            let cpuset = Self.mask(cpus)
            let nodeset = Self.mask(nodes)
            return
                "cpuset=\"\(cpuset)\" complete_cpuset=\"\(cpuset)\" nodeset=\"\(nodeset)\" complete_nodeset=\"\(nodeset)\""
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n"
        text += "<topology version=\"2.0\">\n"
        text += "  <object type=\"Machine\" os_index=\"0\" \(sets(cpus, all)) allowed_cpuset=\"\(Self.mask(cpus))\" "
        text += "allowed_nodeset=\"\(Self.mask(all))\" gp_index=\"\(index())\">\n"
        text += "    <info name=\"Architecture\" value=\"\(Self.name(of: topology.architecture))\"/>\n"
        text += "    <info name=\"OSRelease\" value=\"\(topology.kernel)\"/>\n"
        func memory(_ node: Topology.Node, _ cpus: [Int], _ indent: String) -> String {
            // As hwloc does for a running machine.
            let bytes = machine.managedBytes(of: node)
            return "\(indent)<object type=\"NUMANode\" os_index=\"\(node.id)\" \(sets(cpus, [Int(node.id.rawValue)])) "
                + "gp_index=\"\(index())\" local_memory=\"\(bytes)\">\n"
                + "\(indent)  <page_type size=\"\(topology.pageSize)\" count=\"\(bytes / UInt64(topology.pageSize))\"/>\n"
                + "\(indent)</object>\n"
        }
        for node in topology.nodes where node.cpus.isEmpty { text += memory(node, cpus, "    ") }
        for node in topology.nodes where !node.cpus.isEmpty {
            let own = node.cpus.map { Int($0.rawValue) }
            let isAlone = own.count == cpus.count && topology.nodes.count == 1
            if !isAlone {
                text += "    <object type=\"Group\" \(sets(own, [Int(node.id.rawValue)])) gp_index=\"\(index())\">\n"
            }
            text += memory(node, own, "      ")
            for cpu in own {
                text +=
                    "      <object type=\"PU\" os_index=\"\(cpu)\" \(sets([cpu], [Int(node.id.rawValue)])) gp_index=\"\(index())\"/>\n"
            }
            if !isAlone { text += "    </object>\n" }
        }
        text += "  </object>\n" + distances + "</topology>\n"
        return text
    }

    private var distances: String {
        guard topology.nodes.count > 1 else { return "" }
        let indexes = topology.nodes.map { "\($0.id)" }.joined(separator: " ") + " "
        let values = topology.distances.rows.flatMap { $0 }.map(String.init).joined(separator: " ") + " "
        return "  <distances2 type=\"NUMANode\" nbobjs=\"\(topology.nodes.count)\" kind=\"5\" name=\"NUMALatency\" "
            + "indexing=\"os\">\n    <indexes length=\"\(indexes.utf8.count)\">\(indexes)</indexes>\n"
            + "    <u64values length=\"\(values.utf8.count)\">\(values)</u64values>\n  </distances2>\n"
    }

    /// hwloc's bitmap; an empty one is a word without leading zeros.
    private static func mask(_ numbers: [Int]) -> String {
        numbers.isEmpty ? "0x0" : NumberMask.format(numbers, prefix: "0x")
    }

    /// The name that `uname -m` prints.
    static func name(of architecture: Architecture) -> String {
        switch architecture {
        case .amd64: "x86_64"
        case .i386, .i386pae: "i686"
        case .arm64: "aarch64"
        case .riscv64: "riscv64"
        case .other: "unknown"
        }
    }
}
