import BuddyEngine
import GFP
import PageAllocator
import Topology

extension MachineReport {
    /// The table, with rows of nodes that have the same cells merged into one row with the nodes as `4-63`.
    private func table(_ columns: [TextTable.Column], _ rows: [(zone: Zone, cells: [TextTable.Cell])]) -> TextTable {
        var table = TextTable([.right("node"), .left("zone")] + columns)
        var groups: [(nodes: [Int], kind: ZoneKind, cells: [TextTable.Cell])] = []
        for row in rows {
            let node = Int(row.zone.node.rawValue)
            if nodes.count > Self.mostNodesApart,
                let last = groups.lastIndex(where: { $0.kind == row.zone.kind }), groups[last].kind == row.zone.kind,
                groups[last].cells.map(\.text) == row.cells.map(\.text)
            {
                groups[last].nodes.append(node)
            } else {
                groups.append(([node], row.zone.kind, row.cells))
            }
        }
        for group in groups {
            table.add([.init(NumberList.format(group.nodes)), .init(group.kind.kernelName)] + group.cells)
        }
        return table
    }

    private var showsStart: Bool { nodes.count <= Self.mostNodesApart }

    var zoneTable: TextTable {
        let hasCMA = zones.contains { $0.cma > 0 }
        var columns: [TextTable.Column] = showsStart ? [.right("first frame")] : []
        columns += [.right("spanned"), .right("present"), .right("managed"), .right("size")]
        if hasCMA { columns.append(.right("CMA")) }
        columns += [.right("pcp batch"), .right("high"), .right("held")]
        return table(
            columns,
            zones.map { zone in
                var cells: [TextTable.Cell] = showsStart ? [.init(zone.start)] : []
                cells += [.init(zone.spanned), .init(zone.present), .init(zone.managed), .init(memory(zone.managed))]
                if hasCMA { cells.append(.init(zone.cma)) }
                let pcp = zone.perCPU
                let high = pcp.highMin == pcp.highMax ? "\(pcp.highMin)" : "\(pcp.highMin)-\(pcp.highMax)"
                return (zone, cells + [.init(pcp.batch), .init(high), .init(pcp.pages)])
            })
    }

    var watermarkTable: TextTable {
        table(
            [
                .right("free"), .right("min"), .right("low"), .right("high"), .right("promo"), .right("boost"),
                .left(""),
            ],
            zones.map { zone in
                let marks = zone.watermarks
                return (
                    zone,
                    [
                        .init(zone.free), .init(marks.min), .init(marks.low), .init(marks.high),
                        .init(marks.promo ?? marks.high), .init(marks.boost), state(of: zone),
                    ]
                )
            })
    }

    private func state(of zone: Zone) -> TextTable.Cell {
        let marks = zone.watermarks
        if zone.managed == 0 { return .init("nothing managed", .quiet) }
        if zone.free <= marks.min + marks.boost { return .init("below min", .bad) }
        if zone.free <= marks.low + marks.boost { return .init("below low", .warning) }
        if zone.free <= marks.high + marks.boost { return .init("below high", .warning) }
        return .init("above high", .good)
    }

    var reserveTable: TextTable {
        // Device zones serve no requests.
        let indices = zoneKinds.indices.filter { zoneKinds[$0] != .device }
        return table(
            indices.map { .right("for \(zoneKinds[$0].kernelName)") },
            zones.map { zone in
                (
                    zone,
                    indices.map { index in
                        let pages = index < zone.lowmemReserve.count ? zone.lowmemReserve[index] : 0
                        return .init(pages, pages == 0 ? .quiet : .plain)
                    }
                )
            })
    }

    // MARK: Free blocks

    var freeBlockTable: TextTable {
        let orders = (0...Int(maximumOrder.rawValue)).map { TextTable.Column.right("\($0)") }
        var rows: [(zone: Zone, cells: [TextTable.Cell])] = []
        for zone in zones {
            let populated = zone.freeBlocks.filter { $0.pages > 0 }
            let total = FreeBlocks(type: .movable, counts: zone.totals)
            if populated.count != 1 { rows.append((zone, cells("all", total))) }
            for blocks in populated { rows.append((zone, cells(blocks.type.kernelName, blocks))) }
        }
        return blanked(table([.left("type")] + orders + [.right("free")], rows))
    }

    private func cells(_ title: String, _ blocks: FreeBlocks) -> [TextTable.Cell] {
        [.init(title)] + blocks.counts.map { TextTable.Cell($0, $0 == 0 ? .quiet : .plain) } + [
            .init(memory(blocks.pages))
        ]
    }

    /// The table without repeated node and zone in successive rows.
    private func blanked(_ table: TextTable) -> TextTable {
        var result = TextTable(table.columns)
        var last: [String] = []
        for row in table.rows {
            let head = row.prefix(2).map(\.text)
            result.add(head == last ? ["", ""] + row.dropFirst(2) : row)
            last = head
        }
        return result
    }

    func fragmentationSections(_ style: TextStyle) -> String {
        let orders = Array(0...Int(maximumOrder.rawValue))
        let columns = orders.map { TextTable.Column.right("\($0)") }
        func rows(_ index: (Fragmentation) -> (Order) -> Int) -> [(zone: Zone, cells: [TextTable.Cell])] {
            zones.map { zone in
                let fragmentation = Fragmentation(counts: zone.totals)
                return (zone, orders.map { .init(thousandths(index(fragmentation)(Order($0)))) })
            }
        }
        return section(
            "Unusable free memory by order: 0 all is usable, 1 none",
            table(columns, rows(Fragmentation.unusable)).text(style), style)
            + section(
                "Fragmentation index by order: why a request would fail, 0 no memory, 1 in pieces; - would not",
                table(columns, rows(Fragmentation.index)).text(style), style)
    }

    private func thousandths(_ value: Int) -> String {
        if value == -1000 { return "-" }
        if value % 1000 == 0 { return "\(value / 1000)" }
        let digits = String(abs(value) % 1000)
        return "\(value < 0 ? "-" : "")\(abs(value) / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}
