import GFP
import LibHWLoc
import SourceText
import Topology

extension SourceFormat {
    /// hwloc's XML files.
    static let hwlocXML = SourceFormat(
        name: "an hwloc topology", accepted: "hwloc's XML (lstopo x.xml)",
        recognises: { input in
            guard input.file != nil, input.start.hasPrefix("<") else { return false }
            return input.head.mentions("hwloc.dtd") || input.head.mentions("hwloc2.dtd")
                || input.head.mentions("<topology")
                || input.head.mentions("<root>") && input.head.mentions("os_index")
        },
        load: { input in
            do throws(HardwareTopologyError) {
                let topology = try HardwareTopology(xml: input.bytes)
                var part = try part(topology, "an hwloc topology", input.name)
                // hwloc has the kernel's own figures (MemTotal).
                for index in part.facts.nodes.indices { part.facts.nodes[index].sizeOmitsFirmware = true }
                return part
            } catch {
                switch error {
                case .unavailable: throw SourceRefusal("\(input.name): is hwloc's XML; \(error)")
                case .died, .endless:
                    throw SourceRefusal(
                        "\(input.name): is hwloc's XML, but damaged: \(error); export it again with 'lstopo x.xml'")
                case .notUnderstood:
                    throw SourceRefusal(
                        "\(input.name): is hwloc's XML, but \(error); XML of a newer hwloc is exported for older ones by 'lstopo "
                            + "--export-xml-flags v2'")
                }
            }
        })

    /// Reads one of hwloc's synthetic descriptions, such as `numa:2(memory=64GB) core:8 pu:2`.
    static func synthetic(_ text: String) throws(SourceRefusal) -> SourcePart {
        do throws(HardwareTopologyError) {
            var part = try part(try HardwareTopology(synthetic: text), "a synthetic topology", "synthetic")
            part.facts.title = text
            return part
        } catch {
            switch error {
            case .unavailable, .died, .endless: throw SourceRefusal("--synthetic \"\(text)\": \(error)")
            case .notUnderstood:
                throw SourceRefusal(
                    "--synthetic \"\(text)\": hwloc does not understand it; write levels from the whole to its parts, as in "
                        + "\"numa:2(memory=64GB) core:8 pu:2\"")
            }
        }
    }

    private static func part(
        _ topology: HardwareTopology, _ kind: String, _ name: String
    ) throws(HardwareTopologyError) -> SourcePart {
        var facts = MachineFacts(name: name)
        facts.add(topology)
        guard facts.nodes.contains(where: { ($0.size ?? 0) > 0 }) else {
            throw .notUnderstood("no node in it has memory")
        }
        return SourcePart(facts: facts, kind: kind, name: name)
    }
}

extension MachineFacts {
    mutating func add(_ topology: HardwareTopology) {
        // Nodes without CPUs, and those with other kinds of memory, share the processors of other nodes: each CPU is
        // assigned to the node that lists the fewest.
        var placed: Set<Int> = []
        let ordered = topology.nodes.sorted {
            (Self.isSpecial($0) ? 1 : 0, $0.processors.count, $0.number)
                < (Self.isSpecial($1) ? 1 : 0, $1.processors.count, $1.number)
        }
        var cpus: [Int: [CPUID]] = [:]
        for node in ordered {
            cpus[node.number] = node.processors.filter { placed.insert($0).inserted }.map { CPUID($0) }
        }
        for node in topology.nodes where (0..<NodeID.limit).contains(node.number) {
            nodes.append(
                NodeFacts(
                    id: NodeID(node.number), cpus: cpus[node.number] ?? [], size: Int(clamping: node.memory),
                    tier: node.kind))
        }
        let kinds = topology.nodes.compactMap(Self.kind)
        if !kinds.isEmpty {
            note(
                "Kinds of memory: \(kinds.joined(separator: "; ")). How fast it is has no effect here.", .notUnderstood)
        }
        if let rows = topology.distances {
            let ids = nodes.map(\.id)
            if rows.count == ids.count, rows.allSatisfy({ $0.allSatisfy { $0 >= 10 && $0 < 255 } }) {
                distances = DistanceMatrix(nodes: ids, rows: rows.map { $0.map { UInt8(clamping: $0) } })
            } else {
                note("hwloc's distances are not a firmware's (10 to 254) and are ignored.", .notUnderstood)
            }
        }
        if let size = topology.pageSize.flatMap({ Int(exactly: $0) }), Self.isPageSize(size) { pageSize = size }
        if let name = topology.infos["Architecture"] { architecture = Self.architecture(named: name) }
        if let release = topology.infos["OSRelease"] { kernel = KernelVersion(release) }
        if let host = topology.infos["HostName"] { title = host }
    }

    /// "node 2 is HBM, tier 0, 400000 MiB/s, 26 ns"; nil if nothing is stated about it.
    private static func kind(of node: HardwareTopology.Node) -> String? {
        let facts = [
            node.kind.map { "is \($0)" }, node.tier.map { "tier \($0)" }, node.bandwidth.map { "\($0) MiB/s" },
            node.latency.map { "\($0) ns" },
        ].compactMap { $0 }
        return facts.isEmpty ? nil : "node \(node.number) \(facts.joined(separator: ", "))"
    }

    private static func isSpecial(_ node: HardwareTopology.Node) -> Bool {
        guard let kind = node.kind?.uppercased() else { return false }
        return ["HBM", "CXL", "MCDRAM", "SPM", "NVM"].contains { kind.mentions($0) }
    }
}
