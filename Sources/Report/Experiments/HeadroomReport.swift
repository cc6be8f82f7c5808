import Experiments
import PageAllocator
import SourceText
import Topology

/// How much more a machine serves, node by node.
public struct HeadroomReport: Sendable {
    public var headroom: Headroom
    /// The machine's name.
    public var name: String
    public var pageSize: Int

    public init(_ headroom: Headroom, name: String, pageSize: Int) {
        self.headroom = headroom
        self.name = name
        self.pageSize = pageSize
    }

    public func text(_ style: TextStyle = .plain) -> String {
        let conditions = Headroom.Condition.allCases.filter { condition in
            headroom.rows.contains { $0.condition == condition }
        }
        var text = style.apply(.heading, "\(name): how many more requests would be served") + "\n"
        for node in nodes {
            let rows = headroom.rows.filter { $0.node == node }
            var table = TextTable(
                [.left("node \(node)")] + conditions.map { .right($0.words) } + [.left("what stops it")])
            for kind in kinds(rows) {
                let cells = conditions.map { condition -> TextTable.Cell in
                    guard let row = rows.first(where: { $0.kind == kind && $0.condition == condition }) else {
                        return ""
                    }
                    return .init(row.served, row.served == 0 ? .bad : .plain)
                }
                let now = rows.first { $0.kind == kind && $0.condition == conditions.first }
                table.add([.init(kind.name)] + cells + [.init(now.map(stop) ?? "", .quiet)])
            }
            text += "\n" + table.text(style)
        }
        return text
    }

    private var nodes: [NodeID] {
        headroom.rows.reduce(into: []) { if !$0.contains($1.node) { $0.append($1.node) } }
    }

    private func kinds(_ rows: [Headroom.Row]) -> [RequestKind] {
        rows.reduce(into: []) { if !$0.contains($1.kind) { $0.append($1.kind) } }
    }

    private func stop(_ row: Headroom.Row) -> String {
        row.stops.map { look in
            let zone = look.zone.kind.kernelName
            switch look.verdict {
            case .belowMark: return "\(zone): \(look.level) mark, \(look.usable) usable of \(look.required) required"
            case .noBlock: return "\(zone): no block so large"
            case .listsEmpty: return "\(zone): its lists are empty"
            case .served: return "\(zone): served"
            }
        }.joined(separator: "; ")
    }

    public var json: JSONValue {
        [
            "machine": .init(name),
            "free": .init(
                headroom.free.map { zone, pages -> JSONValue in
                    ["node": .init(zone.node.rawValue), "zone": .init(zone.kind.kernelName), "pages": .init(pages)]
                }),
            "headroom": .init(headroom.rows.map(json(of:))),
        ]
    }

    private func json(of row: Headroom.Row) -> JSONValue {
        [
            "node": .init(row.node.rawValue), "request": .init(row.kind.name),
            "order": .init(row.kind.order.rawValue), "condition": .init(row.condition.rawValue),
            "served": .init(row.served),
            "stops": .init(
                row.stops.map { look -> JSONValue in
                    [
                        "zone": .init(look.zone.kind.kernelName), "mark": .init("\(look.level)"),
                        "usable": .init(look.usable), "required": .init(look.required),
                        "verdict": .init("\(look.verdict)"),
                    ]
                }),
        ]
    }

    /// Metrics in Prometheus' text format, for its node exporter's textfile collector.
    public var prometheus: String {
        var text = "# HELP numazones_headroom_requests Requests of a kind that a node alone would still serve.\n"
        text += "# TYPE numazones_headroom_requests gauge\n"
        for row in headroom.rows {
            text +=
                "numazones_headroom_requests{node=\"\(row.node)\",request=\"\(row.kind.name)\","
                + "condition=\"\(row.condition.rawValue)\"} \(row.served)\n"
        }
        text += "# HELP numazones_free_pages Free pages of a zone.\n# TYPE numazones_free_pages gauge\n"
        for (zone, pages) in headroom.free {
            text += "numazones_free_pages{node=\"\(zone.node)\",zone=\"\(zone.kind.kernelName)\"} \(pages)\n"
        }
        return text
    }
}

extension Headroom.Condition {
    var words: String {
        switch self {
        case .now: "now"
        case .compacting: "compacting"
        case .cacheDropped: "cache dropped"
        }
    }
}
