import FailureAnalysis
import GFP
import PageAllocator
import SourceText
import Topology

/// Whether a request would succeed now, for people and scripts.
public struct AllocationForecastReport: Sendable {
    /// The forecast.
    public let forecast: AllocationForecast
    /// The mask as the user gave it.
    public let mask: String
    /// What could not be read or was assumed, one sentence each.
    public let notes: [String]

    /// Creates a report from its parts.
    public init(_ forecast: AllocationForecast, mask: String, notes: [String] = []) {
        self.forecast = forecast
        self.mask = mask
        self.notes = notes
    }

    private var order: Int { Int(forecast.request.order.rawValue) }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: forecast.pageSize) }

    private var service: Explanation.Service? {
        if case .served(let service) = forecast.explanation.outcome { service } else { nil }
    }

    /// "A GFP_ATOMIC request of order 3 (32 KiB) would succeed now, ...".
    public var sentence: String {
        let what = "A \(mask) request of order \(order) (\(memory(1 << min(order, 40))))"
        guard let service else {
            return "\(what) would fail now: \(forecast.explanation.refusalClause)."
        }
        let left = forecast.requestsLeft
        return "\(what) would succeed now, from node \(service.zone.node) \(service.zone.kind); "
            + "about \(left) like it (\(memory(left << min(order, 20)))) are left before one fails."
    }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var table = TextTable([
            .left("zone"), .right("free"), .right("must stay free"), .right("margin"), .right("requests left"),
        ])
        for zone in forecast.zones {
            let margin = zone.free - zone.required
            table.add([
                .init("node \(zone.zone.node) \(zone.zone.kind)"), .init(memory(zone.free)),
                .init(memory(zone.required)),
                .init(margin > 0 ? memory(margin) : "none", margin > 0 ? .good : .bad),
                .init(zone.requests(order: order)),
            ])
        }
        let remarks = notes.map { style.wrap("- " + $0, indent: 2, hanging: 2, role: .quiet) }.joined()
        return style.wrap(sentence) + "\n" + table.text(style) + (remarks.isEmpty ? "" : "\n" + remarks)
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "gfp": .init(mask), "order": .init(order), "succeeds": .init(service != nil),
            "node": service.map { .init(Int($0.zone.node.rawValue)) } ?? nil,
            "zone": service.map { .init($0.zone.kind.kernelName) } ?? nil,
            "requestsLeft": .init(forecast.requestsLeft), "sentence": .init(sentence),
            "zones": .init(
                forecast.zones.map { zone in
                    [
                        "node": .init(Int(zone.zone.node.rawValue)), "zone": .init(zone.zone.kind.kernelName),
                        "free": .init(zone.free), "required": .init(zone.required),
                        "requestsLeft": .init(zone.requests(order: order)),
                    ]
                }),
            "notes": .init(notes.map { JSONValue($0) }),
        ]
    }
}
