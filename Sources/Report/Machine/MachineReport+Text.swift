import BuddyEngine
import GFP
import Topology

extension MachineReport {
    /// The whole report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var text = header(style)
        text += section("Nodes", nodeTable.text(style), style)
        text += distanceSection(style)
        text += section("Zones, in pages", zoneTable.text(style), style)
        text += section("Watermarks, in pages", watermarkTable.text(style), style)
        text += section(
            "Kept back from requests that could use a higher zone (lowmem_reserve), in pages", reserveTable.text(style),
            style)
        text += zonelistSection(style)
        text += section("Free blocks by order", freeBlockTable.text(style), style)
        if showsFragmentation { text += fragmentationSections(style) }
        if isBetweenProfiles { text += section("Rules of layout", ruleList(style), style) }
        if !notes.isEmpty {
            text += "\n" + style.apply(.heading, "Notes") + "\n"
            for note in notes { text += style.wrap("- " + note, indent: 2, hanging: 2) }
        }
        return text
    }

    func section(_ title: String, _ body: String, _ style: TextStyle) -> String {
        "\n" + style.apply(.heading, title) + "\n" + body
    }

    private func header(_ style: TextStyle) -> String {
        var text = ""
        let title = name.isEmpty ? "A machine" : name
        text += style.apply(.heading, title) + "\n"
        if !about.isEmpty { text += style.wrap(about) }
        let rules = rules.isPlain ? "Linux \(kernel)" : "Linux \(kernel) (\(rules.words))"
        let cpus = nodes.reduce(0) { $0 + $1.cpus.count }
        let managed = zones.reduce(0) { $0 + $1.managed }
        let free = zones.reduce(0) { $0 + $1.free }
        text += style.wrap(
            "\(architecture.rawValue), \(rules), \(counted(nodes.count, "node")), \(counted(cpus, "CPU"))", role: .quiet
        )
        text += style.wrap(
            "\(memory(managed)) managed, \(memory(free)) free (\(percent(free, of: managed))), "
                + "min_free_kbytes \(minFreeKbytes)", role: .quiet)
        return text
    }

    private func ruleList(_ style: TextStyle) -> String {
        layoutRules.reduce("") { text, rule in
            text
                + style.wrap(
                    "\(rule.subject): \(rule.rule) (\(rule.kernels); \(rule.source))", indent: 2, hanging: 2)
        }
    }

    /// "2 nodes, 64 CPUs, 127.8 GiB".
    public var summary: String {
        let cpus = nodes.reduce(0) { $0 + $1.cpus.count }
        return
            "\(counted(nodes.count, "node")), \(counted(cpus, "CPU")), \(memory(zones.reduce(0) { $0 + $1.managed }))"
    }

    func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }

    private func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "0 %" }
        let tenths = (part * 1000 + whole / 2) / whole
        return tenths % 10 == 0 || tenths >= 100 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    // MARK: Nodes

    /// The largest number of nodes that have rows of their own.
    static let mostNodesApart = 8

    private var nodeTable: TextTable {
        var table = TextTable([
            .right("node"), .right("memory"), .right("free"), .right(""), .right("CPUs"), .left(""),
        ])
        var groups: [[Node]] = []
        for node in nodes {
            if nodes.count > Self.mostNodesApart, let last = groups.last?.last, last.managed == node.managed,
                last.free == node.free, last.cpus.count == node.cpus.count
            {
                groups[groups.count - 1].append(node)
            } else {
                groups.append([node])
            }
        }
        for group in groups {
            let node = group[0]
            let cpus = NumberList.format(group.flatMap(\.cpus).sorted().map { Int($0.rawValue) })
            let note =
                switch (node.cpus.isEmpty, node.present == 0) {
                case (true, true): "neither CPUs nor memory"
                case (true, false): "no CPUs: memory only"
                case (false, true): "\(cpus)  no memory"
                case (false, false): cpus
                }
            table.add([
                .init(NumberList.format(group.map { Int($0.id.rawValue) })), .init(memory(node.managed)),
                .init(memory(node.free)), .init(node.managed == 0 ? "" : percent(node.free, of: node.managed), .quiet),
                .init("\(node.cpus.count)\(group.count > 1 ? " each" : "")"),
                .init(note.count > 50 ? note.prefix(47) + "..." : note),
            ])
        }
        return table
    }

    // MARK: Distances

    /// The largest number of columns in a readable matrix of distances.
    private static let widestMatrix = 16

    private func distanceSection(_ style: TextStyle) -> String {
        let ids = distances.nodes
        guard ids.count > 1 else { return "" }
        let groups = ids.count <= Self.widestMatrix ? ids.indices.map { [$0] } : nodeGroups
        guard groups.count <= Self.widestMatrix else {
            return section("Distances: from each node, to nodes", distanceLists.text(style), style)
        }
        var table = TextTable([.right("from \\ to")] + groups.map { .right("\(ids[$0[0]])") })
        for from in groups {
            let name = NumberList.format(from.map { Int(ids[$0].rawValue) })
            table.add(
                [.init(name, .quiet)] + groups.map { .init(distances[from[0], from == $0 ? $0.last ?? 0 : $0[0]]) })
        }
        let isGrouped = groups.count < ids.count
        let title = isGrouped ? "Distances between groups of like nodes, and within them" : "Distances"
        return section(title, table.text(style), style)
    }

    /// Indices of nodes in groups whose members have the same distances to one another as to all other nodes, in both
    /// directions.
    private var nodeGroups: [[Int]] {
        var groups: [[Int]] = []
        for node in distances.nodes.indices {
            if let group = groups.firstIndex(where: { isAlike($0[0], node) }) {
                groups[group].append(node)
            } else {
                groups.append([node])
            }
        }
        return groups
    }

    private func isAlike(_ first: Int, _ second: Int) -> Bool {
        distances[first, first] == distances[second, second] && distances[first, second] == distances[second, first]
            && distances.nodes.indices.allSatisfy { other in
                other == first || other == second
                    || distances[first, other] == distances[second, other]
                        && distances[other, first] == distances[other, second]
            }
    }

    private var distanceLists: TextTable {
        var table = TextTable([.right("from"), .left("distance: to nodes")])
        for (row, from) in distances.nodes.enumerated() {
            var targets: [UInt8: [Int]] = [:]
            for (column, to) in distances.nodes.enumerated() {
                targets[distances[row, column], default: []].append(Int(to.rawValue))
            }
            let cells = targets.sorted { $0.key < $1.key }.map { "\($0.key): \(NumberList.format($0.value))" }
            table.add([.init(from, .quiet), .init(clipped(cells, to: 84))])
        }
        return table
    }

    /// As many of the parts as fit in a line, and the number of those that do not.
    private func clipped(_ parts: [String], to width: Int, separator: String = "   ") -> String {
        var line = ""
        for (index, part) in parts.enumerated() {
            let next = line.isEmpty ? part : line + separator + part
            let reserve = index + 1 < parts.count ? 12 : 0
            guard line.isEmpty || next.count + reserve <= width else {
                return line + separator + "and \(parts.count - index) more"
            }
            line = next
        }
        return line
    }

    /// The parts separated by commas, broken into lines of a width.
    private static func lines(_ parts: [String], of width: Int) -> [String] {
        var lines = [""]
        for (index, part) in parts.enumerated() {
            let next = part + (index + 1 < parts.count ? "," : "")
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = next
            } else if line.count + 1 + next.count <= width {
                lines[lines.count - 1] += " " + next
            } else {
                lines.append(next)
            }
        }
        return lines
    }

    // MARK: Zonelists

    private func zonelistSection(_ style: TextStyle) -> String {
        // Nodes with equal distances have equal zonelists except for themselves.
        let positions = nodes.count <= Self.widestMatrix ? Array(nodes.indices) : nodeGroups.map { $0[0] }
        var table = TextTable([.right("from node"), .left("zones in the order in which a request tries them")])
        for position in positions where nodes.indices.contains(position) {
            let node = nodes[position]
            let steps = zonelistSteps(node.zonelist)
            guard !steps.isEmpty else {
                table.add([.init(node.id, .quiet), "none: there is no zone with memory"])
                continue
            }
            // In full, unless the lists are many and long.
            let width = style.width - 14
            let lines =
                positions.count <= Self.widestMatrix
                ? Self.lines(steps, of: width) : [clipped(steps, to: width, separator: ", ")]
            for (number, line) in lines.enumerated() {
                table.add([number == 0 ? .init(node.id, .quiet) : "", .init(line)])
            }
        }
        let title = positions.count < nodes.count ? "Zonelists, of one node in each group" : "Zonelists"
        return section(title, table.text(style), style)
    }

    /// `Normal DMA32 DMA of 0`, `Normal of 1-3, 8`: neighbours with the same zones are grouped.
    private func zonelistSteps(_ list: [ZoneReference]) -> [String] {
        var own: [(node: NodeID, zones: [ZoneKind])] = []
        for zone in list {
            if own.last?.node == zone.node {
                own[own.count - 1].zones.append(zone.kind)
            } else {
                own.append((zone.node, [zone.kind]))
            }
        }
        var runs: [(first: Int, last: Int, zones: [ZoneKind])] = []
        for (node, zones) in own {
            let id = Int(node.rawValue)
            if let last = runs.last, last.zones == zones, last.last + 1 == id {
                runs[runs.count - 1].last = id
            } else {
                runs.append((id, id, zones))
            }
        }
        return runs.enumerated().map { index, run in
            let nodes = run.first == run.last ? "\(run.first)" : "\(run.first)-\(run.last)"
            if index > 0, runs[index - 1].zones == run.zones { return nodes }
            return "\(run.zones.map(\.kernelName).joined(separator: " ")) of \(nodes)"
        }
    }
}
