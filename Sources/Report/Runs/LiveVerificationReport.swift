import PageAllocator
import Recordings
import SourceText
import Topology

/// The results of playing live recordings' requests on machines with an LRU.
public struct LiveVerificationReport: Sendable {
    /// The results, one for each recording.
    public private(set) var results: [LiveVerificationResult] = []
    /// The number of files that are not live recordings.
    public var unreadable = 0

    /// A report without results.
    public init() {}

    /// Adds the result of a recording.
    public mutating func add(_ result: LiveVerificationResult) { results.append(result) }

    /// Whether there are results, and each recording's outcomes agree up to the first reclaim and at the end.
    public var agrees: Bool {
        unreadable == 0 && !results.isEmpty && results.allSatisfy { $0.agreesUpToReclaim && $0.finalOutcomeAgrees }
    }

    /// The text about the result added last.
    ///
    /// - Parameters:
    ///   - style: How the text is marked up.
    public func lastLines(_ style: TextStyle = .plain) -> String {
        guard let result = results.last else { return "" }
        var lines = ["\(result.name): \(result.about)"]
        let share = (result.outcomesAgree * 1000).rounded() / 10
        lines.append(
            "  outcomes        \(share) % of \(result.requests) as recorded, zone and all; "
                + (result.agreesUpToReclaim
                    ? style.apply(.good, "all up to the first reclaim")
                    : style.apply(.bad, "request \(result.firstDifference ?? 0) differs before any reclaim")))
        lines.append("  " + row("first reclaim", result.firstReclaim, Self.request))
        lines.append("  " + row("first refusal", result.firstRefusal, Self.request))
        lines.append("  " + row("zones", result.zones) { $0.map { "\($0.node) \($0.kind)" }.joined(separator: ", ") })
        lines.append("  " + row("processes killed", result.kills) { "\($0)" })
        lines.append(
            "  at the end      "
                + (result.finalOutcomeAgrees ? style.apply(.good, "as recorded") : style.apply(.bad, "otherwise")))
        var table = TextTable([.left("  counter"), .right("recorded"), .right("emulated"), .left("")])
        for counter in result.counters {
            table.add([
                "  \(counter.name)", .init(counter.recorded), .init(counter.emulated),
                .init(counter.isClose ? "" : "not within a factor of 2", .bad),
            ])
        }
        return lines.joined(separator: "\n") + "\n" + table.text(style) + "\n"
    }

    private static func request(_ index: Int?) -> String { index.map { "request \($0)" } ?? "none" }

    private func row<Value>(
        _ name: String, _ pair: LiveVerificationResult.Pair<Value>, _ text: (Value) -> String
    ) -> String {
        let label = name.padding(to: 16)
        return pair.recorded == pair.emulated
            ? "\(label)\(text(pair.recorded))"
            : "\(label)recorded: \(text(pair.recorded)), emulated: \(text(pair.emulated))"
    }

    /// The numbers of recordings and counters that agree.
    public var summary: String {
        let close = results.reduce(0) { $0 + $1.closeCounters }
        let counters = results.reduce(0) { $0 + $1.counters.count }
        return "\(results.count(where: \.agreesUpToReclaim)) of \(results.count) as recorded up to the first reclaim, "
            + "\(results.count(where: \.finalOutcomeAgrees)) at the end; "
            + "\(close) of \(counters) counters within a factor of 2\n"
    }

    /// The tables of `Documentation/Recordings/LiveRecordings.md`.
    public var markdown: String {
        let short = results.map { $0.name.replacing("-live-", with: "-") }
        var text = """
            | recording | outcomes, zone and all | up to the first reclaim | first reclaim | first refusal | killed | at the end |
            |---|---|---|---|---|---|---|

            """
        for (result, name) in zip(results, short) {
            let share = Double((result.outcomesAgree * 1000).rounded(.down)) / 10
            let cells = [
                name, "\(share) % of \(result.requests)", result.agreesUpToReclaim ? "all" : "not all",
                Self.cell(result.firstReclaim), Self.cell(result.firstRefusal), "\(result.kills.emulated)",
                result.finalOutcomeAgrees ? "as recorded" : "otherwise",
            ]
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        text += "\n| counter | " + short.joined(separator: " | ") + " |\n"
        text += "|---" + String(repeating: "|---", count: results.count) + "|\n"
        for name in Set(results.flatMap { $0.counters.map(\.name) }).sorted() {
            let cells = results.map { result -> String in
                guard let counter = result.counters.first(where: { $0.name == name }) else { return "" }
                let cell = "\(counter.recorded) / \(counter.emulated)"
                return counter.isClose ? cell : "**\(cell)**"
            }
            text += "| \(name) | " + cells.joined(separator: " | ") + " |\n"
        }
        let close = results.reduce(0) { $0 + $1.closeCounters }
        return text
            + "\n\(close) of \(results.reduce(0) { $0 + $1.counters.count }) counters are within a factor of 2.\n"
    }

    private static func cell(_ pair: LiveVerificationResult.Pair<Int?>) -> String {
        func word(_ number: Int?) -> String { number.map { "\($0)" } ?? "none" }
        return pair.recorded == pair.emulated ? word(pair.recorded) : "\(word(pair.recorded)) / \(word(pair.emulated))"
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "recordings": .init(results.count), "unreadable": .init(unreadable),
            "results": .init(results.map(Self.json)),
        ]
    }

    private static func json(_ result: LiveVerificationResult) -> JSONValue {
        func pair(_ pair: LiveVerificationResult.Pair<Int?>) -> JSONValue {
            [
                "recorded": pair.recorded.map { .init($0) } ?? nil, "emulated": pair.emulated.map { .init($0) } ?? nil,
            ]
        }
        func zones(_ zones: [ZoneReference]) -> JSONValue {
            .init(zones.map { ["node": .init(Int($0.node.rawValue)), "zone": .init($0.kind.kernelName)] as JSONValue })
        }
        var counters = JSONObject()
        for counter in result.counters {
            counters[counter.name] = ["recorded": .init(counter.recorded), "emulated": .init(counter.emulated)]
        }
        return [
            "name": .init(result.name), "requests": .init(result.requests),
            "outcomesAgree": .init(result.outcomesAgree), "agreesUpToReclaim": .init(result.agreesUpToReclaim),
            "finalOutcomeAgrees": .init(result.finalOutcomeAgrees),
            "firstDifference": result.firstDifference.map { .init($0) } ?? nil,
            "firstReclaim": pair(result.firstReclaim), "firstRefusal": pair(result.firstRefusal),
            "zones": ["recorded": zones(result.zones.recorded), "emulated": zones(result.zones.emulated)],
            "oomKills": ["recorded": .init(result.kills.recorded), "emulated": .init(result.kills.emulated)],
            "counters": .init(counters),
        ]
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 1)) }
}
