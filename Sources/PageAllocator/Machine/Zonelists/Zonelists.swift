import BuddyEngine
import GFP
import Topology

/// The zonelists of all nodes, as tables.
struct Zonelists: ~Copyable {
    /// One list after another.
    private(set) var entries: GrowingTable<ZonelistEntry>
    /// By node position.
    private(set) var lists: [ZonelistRange] = []
    /// Nodes whose list was given and differs from the one that follows from the topology.
    private(set) var stated: Set<NodeID> = []
    private let kinds: [ZoneKind]
    /// The zones with pages node by node, each node's from the highest down.
    private var zones: [ZonelistEntry] = []
    /// By node position: the node's part of ``zones``.
    private var own: [Range<Int>] = []
    /// By node ID: the node's position, or -1.
    private let positions: [Int16]

    /// Computes the zonelists: nodes in order of distance, each node's zones from the highest managed one down
    /// (`build_zonerefs_node`); or, with kernels before 4.14, zone kind by zone kind.
    ///
    /// - Parameters:
    ///   - topology: The machine; its nodes are in order of ID.
    ///   - positions: By node ID: the node's position, or -1.
    ///   - profile: The kernel's rules.
    ///   - order: Node by node, or zone kind by zone kind.
    ///   - spans: The machine's zones.
    ///   - given: Lists to use instead, from a recording; they begin with the node's own zones.
    init(
        topology: Topology, positions: [Int16], profile: KernelProfile, order: ZonelistOrder, spans: [ZoneSpan],
        given: [NodeID: [ZoneReference]]
    ) {
        self.positions = positions
        kinds = topology.architecture.zoneKinds
        // The square of the number of nodes, plus what lists by kind need.
        entries = GrowingTable(capacity: (spans.count + 1) * topology.nodes.count)
        collectZones(topology.nodes.map(\.id), spans)
        var sort = NodeOrderSort(
            distances: topology.distances, hasMemory: own.map { !$0.isEmpty }, loading: profile.nodeLoading)
        for (position, node) in topology.nodes.enumerated() {
            sort.place(othersOf: position)
            let start = entries.count
            switch order {
            case .node: appendByNode(position, sort.others)
            case .zone: appendByZone(position, sort.others)
            }
            if let list = given[node.id] { replace(from: start, with: list, of: node.id) }
            close(from: start, position, node.id)
        }
    }

    /// ``entries`` as a table to read.
    consuming func fixedEntries() -> FixedTable<ZonelistEntry> { entries.fixed() }

    private mutating func collectZones(_ nodes: [NodeID], _ spans: [ZoneSpan]) {
        let nodesWithDMA32 = Set(spans.filter { $0.kind == .dma32 && $0.present > 0 }.map(\.node))
        var byNode: [NodeID: [ZonelistEntry]] = [:]
        for (position, span) in spans.enumerated().reversed() where span.managed > 0 {
            let index = UInt8(kinds.firstIndex(of: span.kind) ?? 0)
            byNode[span.node, default: []].append(
                ZonelistEntry(
                    zone: UInt32(position), node: span.node, index: index,
                    avoidsFragmentation: span.kind == .normal && kinds.contains(.dma32)
                        && (nodes.count == 1 || nodesWithDMA32.contains(span.node))))
        }
        for node in nodes {
            let start = zones.count
            zones += byNode[node] ?? []
            own.append(start..<zones.count)
        }
    }

    private mutating func appendByNode(_ position: Int, _ others: [Int]) {
        for index in own[position] { entries.append(zones[index]) }
        for other in others {
            for index in own[other] { entries.append(zones[index]) }
        }
    }

    private mutating func appendByZone(_ position: Int, _ others: [Int]) {
        for kind in kinds.indices.reversed() {
            for node in [position] + others {
                for index in own[node] where Int(zones[index].index) == kind { entries.append(zones[index]) }
            }
        }
    }

    /// Replaces a computed list by one that was given, and notes whether they differ.
    private mutating func replace(from start: Int, with list: [ZoneReference], of node: NodeID) {
        let computed = (start..<entries.count).map { entries[$0].zone }
        entries.removeAll(from: start)
        for zone in list {
            guard case let id = Int(zone.node.rawValue), id < positions.count, positions[id] >= 0 else { continue }
            for index in own[Int(positions[id])] where kinds[Int(zones[index].index)] == zone.kind {
                entries.append(zones[index])
            }
        }
        if computed != (start..<entries.count).map({ entries[$0].zone }) { stated.insert(node) }
    }

    /// Notes where a node's list is, and appends the node's own zones if they are not at its beginning.
    private mutating func close(from start: Int, _ position: Int, _ node: NodeID) {
        var list = ZonelistRange(
            start: UInt32(start), count: UInt32(entries.count - start), ownStart: UInt32(start),
            ownCount: UInt32((start..<entries.count).prefix { entries[$0].node == node }.count))
        if list.ownCount < own[position].count {
            list.ownStart = UInt32(entries.count)
            list.ownCount = UInt32(own[position].count)
            for index in own[position] { entries.append(zones[index]) }
        }
        lists.append(list)
    }
}

extension Zonelists {
    /// The zone that a request without a node mask prefers, by node position and `GFPFlags.selector`.
    ///
    /// - Parameters:
    ///   - zones: The machine's zones.
    ///   - highestZones: By the four zone bits of a mask: the highest zone index that it allows, or -1.
    func firstZones(
        of zones: UnsafeMutablePointer<Zone>, highestZones: InlineArray<16, Int8>
    ) -> [FirstZone] {
        let highest = (0..<GFPFlags.selectorCount).map { selector in
            let flags = GFPFlags(rawValue: UInt64(selector))
            return flags.migratetype.rawValue < Migratetype.perCPUCount ? Int(highestZones[flags.zoneSelector]) : -1
        }
        var firsts: [FirstZone] = []
        firsts.reserveCapacity(lists.count * highest.count)
        for list in lists {
            let places = firstPlaces(list)
            for highest in highest {
                guard highest >= 0, case let place = places[highest], place >= 0 else {
                    firsts.append(FirstZone())
                    continue
                }
                let entry = entries[place]
                let node = Int(positions[Int(entry.node.rawValue)])
                firsts.append(FirstZone(entry, of: zones, node: node, highest: highest))
            }
        }
        return firsts
    }

    /// By zone index: the first entry of a list with a zone no higher; -1 if there is none.
    private func firstPlaces(_ list: ZonelistRange) -> [Int] {
        var places = [Int](repeating: -1, count: kinds.count)
        // Indices from here on have been set.
        var found = kinds.count
        for place in Int(list.start)..<Int(list.start + list.count) where entries[place].index < found {
            let index = Int(entries[place].index)
            for kind in index..<found { places[kind] = place }
            found = index
            if found == 0 { break }
        }
        return places
    }
}
