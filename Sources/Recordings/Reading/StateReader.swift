import SourceText
import BuddyEngine
import GFP
import Topology

/// Reads the states of a recording as snapshots.
struct StateReader {
    let version: KernelVersion
    let name: String
    /// The types by the recording's numbers.
    let types: [Migratetype]
    let build: RecordedBuild
    let sysctls: Sysctls
    /// The kinds of zones by zone index.
    let kinds: [ZoneKind]

    init(_ root: JSONField, version: KernelVersion, name: String) throws(SourceProblem) {
        self.version = version
        self.name = name
        var types: [Migratetype] = []
        for field in try root["migratetypes"].elements {
            guard let type = Migratetype(kernelName: try field.string) else {
                throw field.failure("\"\(try field.string)\" is not a migratetype")
            }
            types.append(type)
        }
        self.types = types
        build = try RecordedBuild(root, types: types)
        kinds = build.architecture.zoneKinds
        sysctls = try Self.readSysctls(root.optional("sysctl"), kinds)
    }

    private static func readSysctls(
        _ field: JSONField?, _ kinds: [ZoneKind]
    ) throws(SourceProblem) -> Sysctls {
        var sysctls = Sysctls()
        for sysctl in Sysctl.all {
            guard
                let text =
                    (field?.optional(sysctl.name)
                    ?? sysctl.formerName.flatMap { field?.optional($0) })?.value.string
            else { continue }
            sysctls.read(sysctl, text: text, zones: kinds)
        }
        return sysctls
    }

    func type(_ number: Int, _ field: JSONField) throws(SourceProblem) -> Migratetype {
        guard types.indices.contains(number) else { throw field.failure("\(number) is not a migratetype's number") }
        return types[number]
    }

    func snapshot(_ field: JSONField) throws(SourceProblem) -> Snapshot {
        let nodeFields = try field["nodes"].elements
        var ids: [NodeID] = []
        for node in nodeFields { ids.append(NodeID(try node["nid"].count(1023))) }
        var cpus: [NodeID: [CPUID]] = [:]
        for cpu in try field["cpus"].elements {
            cpus[NodeID(try cpu["nid"].count(1023)), default: []].append(CPUID(try cpu["cpu"].count(8191)))
        }
        var rows: [[UInt8]] = []
        var zones: [ZoneSnapshot] = []
        var nodes: [Topology.Node] = []
        var zonelists: [NodeID: [ZoneReference]] = [:]
        var kswapd: [NodeID: KswapdSnapshot] = [:]
        for (id, node) in zip(ids, nodeFields) {
            var row: [UInt8] = []
            for distance in try node["distance"].elements { row.append(UInt8(try distance.count(255))) }
            guard row.count == ids.count else {
                throw try node["distance"].failure("\(ids.count) distances are needed")
            }
            rows.append(row)
            let reader = ZoneReader(states: self, node: id)
            var ranges: [Range<PageFrameNumber>] = []
            for zone in try node["zones"].elements {
                let snapshot = try reader.read(zone)
                zones.append(snapshot)
                if snapshot.span.present > 0 { ranges.append(snapshot.span.start..<snapshot.span.end) }
            }
            nodes.append(Topology.Node(id: id, cpus: cpus[id] ?? [], memory: ranges))
            zonelists[id] = try readZonelist(node["zonelist_fallback"])
            let thread = try node["kswapd"]
            let highest = try thread["highest_zoneidx"].count(6)
            kswapd[id] = KswapdSnapshot(
                order: Order(try thread["order"].count(13)),
                highestZoneIndex: highest >= build.zoneLimit ? kinds.count : highest,
                failures: try thread["failures"].count(), isAsleep: try thread["waiting"].int != 0)
        }
        var topology = Topology(
            name: name, architecture: build.architecture, kernel: version, nodes: nodes,
            distances: DistanceMatrix(nodes: ids, rows: rows), sysctls: sysctls, pageSize: build.pageSize,
            maximumOrder: build.maximumOrder, pageblockOrder: build.pageblockOrder)
        topology.hugePageOrder = build.hugePageOrder
        topology.isCMAConfigured = build.isCMAConfigured
        topology.isNUMAConfigured = build.isNUMAConfigured
        let snapshot = Snapshot(
            topology: topology, zones: zones, zonelists: zonelists, kswapd: kswapd,
            isMobilityGroupingDisabled: build.isMobilityGroupingDisabled)
        if let problem = snapshot.firstProblem() { throw field.failure(problem) }
        return snapshot
    }

    private func readZonelist(_ field: JSONField) throws(SourceProblem) -> [ZoneReference] {
        var list: [ZoneReference] = []
        for entry in try field.elements {
            let pair = try entry.elements
            guard pair.count == 2, let kind = ZoneKind(kernelName: try pair[1].string) else {
                throw entry.failure("a node and a zone's name are needed")
            }
            list.append(ZoneReference(node: NodeID(try pair[0].count(1023)), kind: kind))
        }
        return list
    }
}
