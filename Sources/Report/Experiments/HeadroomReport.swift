import Experiments
import PageAllocator
import SourceText
import Topology

/// How much more a machine can serve, node by node.
public struct HeadroomReport: Sendable {
    /// The figures.
    public var headroom: Headroom
    /// The machine's name.
    public var name: String
    /// The machine's page size, in bytes.
    public var pageSize: Int

    /// Creates a report from its parts.
    public init(_ headroom: Headroom, name: String, pageSize: Int) {
        self.headroom = headroom
        self.name = name
        self.pageSize = pageSize
    }

    /// The report for people.
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
        if !headroom.isComplete {
            text +=
                "\n" + style.wrap("Interrupted: the kinds of requests that are not here were not tried.", role: .bad)
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
        switch row.stop {
        case .zones(let looks): return looks.map(words).joined(separator: "; ")
        case .ranges(let refusals):
            let words = refusals.map { refusal in
                "\(refusal.zone.kind.kernelName): \(refusal.ranges) "
                    + "\(refusal.ranges == 1 ? "place" : "places") \(refusal.reason.words)"
            }
            return words.isEmpty ? "all that is there is given out, or too small" : words.joined(separator: "; ")
        case .noArea: return "no contiguous memory area (cma=)"
        }
    }

    private func words(_ look: ZoneLook) -> String {
        let zone = look.zone.kind.kernelName
        switch look.verdict {
        case .belowMark:
            return "\(zone): \(look.fact(order: look.order).label) (\(look.level)), \(look.countable) pages count, "
                + "\(look.needs) are needed"
        case .noBlock, .listsEmpty, .served: return "\(zone): \(look.fact(order: look.order).label)"
        }
    }

    /// A row for each node, kind of request and condition.
    public var csv: String {
        var table = CommaTable(["node", "request", "order", "pages", "condition", "served", "stop"])
        for row in headroom.rows {
            table.add([
                "\(row.node)", row.kind.name, row.kind.order.map { "\($0)" } ?? "", "\(row.kind.pages)",
                row.condition.rawValue, "\(row.served)", stop(row),
            ])
        }
        return table.text
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "machine": .init(name), "complete": .init(headroom.isComplete),
            "free": .init(
                headroom.free.map { zone, pages -> JSONValue in
                    ["node": .init(zone.node.rawValue), "zone": .init(zone.kind.kernelName), "pages": .init(pages)]
                }),
            "headroom": .init(headroom.rows.map(json(of:))),
        ]
    }

    private func json(of row: Headroom.Row) -> JSONValue {
        var stops: [JSONValue] = []
        var ranges: [JSONValue] = []
        switch row.stop {
        case .zones(let looks): stops = looks.map(json)
        case .ranges(let refusals):
            ranges = refusals.map { refusal in
                [
                    "zone": .init(refusal.zone.kind.kernelName), "reason": .init(refusal.reason.rawValue),
                    "places": .init(refusal.ranges),
                ]
            }
        case .noArea: break
        }
        return [
            "node": .init(row.node.rawValue), "request": .init(row.kind.name), "pages": .init(row.kind.pages),
            "order": row.kind.order.map { JSONValue($0.rawValue) } ?? nil, "condition": .init(row.condition.rawValue),
            "served": .init(row.served), "stops": .init(stops), "refused": .init(ranges),
        ]
    }

    private func json(_ look: ZoneLook) -> JSONValue {
        [
            "zone": .init(look.zone.kind.kernelName), "mark": .init("\(look.level)"), "usable": .init(look.usable),
            "required": .init(look.required), "verdict": .init("\(look.verdict)"),
        ]
    }

    /// Metrics in the text format of Prometheus, for the textfile collector of its node exporter.
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

extension RangeRefusal.Reason {
    /// Follows "3 places".
    var words: String {
        switch self {
        case .hole: "with a hole or reserved memory"
        case .otherOwner: "in a contiguous memory area or isolated"
        case .unmovable: "with a page that cannot be moved"
        case .inUse: "with a page in use"
        case .notLetGo: "with a page that was not moved"
        case .noRoom: "without free pages to move to"
        }
    }
}
