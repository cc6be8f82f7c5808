import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Lays the zonelists of all nodes out: nodes in order of distance, in each from the highest managed zone down
    /// (`build_zonerefs_node`); or, with kernels before 4.14, zones of one kind behind one another.
    ///
    /// - Parameter given: Lists to take as they are, from a recording; they begin with the node's own zones.
    static func buildZonelists(
        topology: Topology, profile: KernelProfile, order: ZonelistOrder, spans: [ZoneSpan],
        given: [NodeID: [ZoneReference]],
        highestZones: InlineArray<16, Int8>
    ) -> (entries: [ZonelistEntry], lists: [ZonelistRange], firsts: [FirstZone]) {
        let kinds = topology.architecture.zoneKinds
        let nodes = topology.nodes.map(\.id)
        let nodesWithDMA32 = Set(spans.filter { $0.kind == .dma32 && $0.present > 0 }.map(\.node))
        var zonesOfNode = [NodeID: [ZonelistEntry]]()
        for (position, span) in spans.enumerated().reversed() where span.managed > 0 {
            let index = UInt8(kinds.firstIndex(of: span.kind) ?? 0)
            zonesOfNode[span.node, default: []].append(
                ZonelistEntry(
                    zone: UInt32(position), node: span.node, index: index,
                    avoidsFragmentation: span.kind == .normal && kinds.contains(.dma32)
                        && (nodes.count == 1 || nodesWithDMA32.contains(span.node))))
        }
        let own = nodes.map { zonesOfNode[$0] ?? [] }
        let orders = NodeOrder(
            distances: topology.distances, hasMemory: own.map { !$0.isEmpty }, loading: profile.nodeLoading
        ).orders
        var entries: [ZonelistEntry] = []
        var lists: [ZonelistRange] = []
        for (position, node) in nodes.enumerated() {
            let start = entries.count
            if let list = given[node] {
                for zone in list {
                    entries += (zonesOfNode[zone.node] ?? []).filter { kinds[Int($0.index)] == zone.kind }
                }
            } else {
                switch order {
                case .node: for other in orders[position] { entries += own[other] }
                case .zone:
                    for index in kinds.indices.reversed() {
                        for other in orders[position] { entries += own[other].filter { Int($0.index) == index } }
                    }
                }
            }
            var list = ZonelistRange(
                start: UInt32(start), count: UInt32(entries.count - start), ownStart: UInt32(start),
                ownCount: UInt32(entries[start...].prefix { $0.node == node }.count))
            if list.ownCount < own[position].count {
                list.ownStart = UInt32(entries.count)
                list.ownCount = UInt32(own[position].count)
                entries += own[position]
            }
            lists.append(list)
        }
        let positions = Dictionary(uniqueKeysWithValues: zip(nodes, nodes.indices))
        let firsts = lists.flatMap { list in
            (0..<GFPFlags.selectorCount).map { selector in
                let flags = GFPFlags(rawValue: UInt64(selector))
                let highest = Int(highestZones[flags.zoneSelector])
                guard flags.migratetype.rawValue < Migratetype.perCPUCount,
                    let entry = entries[Int(list.start)..<Int(list.start + list.count)].first(where: {
                        $0.index <= highest
                    })
                else { return FirstZone() }
                return FirstZone(entry, node: positions[entry.node] ?? 0, highest: highest)
            }
        }
        return (entries, lists, firsts)
    }
}
