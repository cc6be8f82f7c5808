import Experiments
import SourceText

/// The settings that were found, with the runs that prove the answer.
public struct SettingsSearchReport: Sendable {
    /// The search.
    public var search: SettingsSearch

    /// Creates the report of a search.
    public init(_ search: SettingsSearch) { self.search = search }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var text = ""
        for line in search.searches {
            let others = zip(search.ranges.dropFirst(), line.others).map { "\($0.name)=\($1)" }
            if !others.isEmpty { text += style.apply(.heading, "With \(others.joined(separator: ", "))") + "\n" }
            text += answer(line.search, style) + proof(line.search, style) + "\n"
        }
        if !search.isFinished {
            let trials = search.searches.reduce(0) { $0 + $1.search.trials.count }
            text += style.wrap("Interrupted after \(counted(trials, "value")): there is more to be tried.", role: .bad)
        }
        return text
    }

    private func answer(_ search: SettingSearch, _ style: TextStyle) -> String {
        let range = search.range
        guard search.isFinished else {
            let found = search.smallest.map { "Every expectation is met with \(range.name)=\($0), the smallest yet." }
            return style.wrap(found ?? "No value so far meets every expectation.")
        }
        guard let smallest = search.smallest else {
            return style.wrap(
                "None of the \(search.trials.count) values of \(range.name) that were tried, from \(range.least) to "
                    + "\(range.value(range.count - 1)), meets every expectation.", role: .bad)
        }
        var text = style.apply(.good, "\(range.name)=\(smallest)") + "\n"
        text += style.wrap(reason(search, smallest))
        if !search.isMonotone { text += style.wrap(steadiness(search), role: .warning) }
        return text
    }

    private func reason(_ search: SettingSearch, _ smallest: Int) -> String {
        if search.isExhaustive {
            return "Every value of the range was tried: this is the smallest that meets every expectation."
        }
        if smallest == search.range.least {
            return "It meets every expectation, and is the range's first: a smaller one may do as well."
        }
        return search.isMonotone
            ? "The smallest value that meets every expectation: the one before it does not, and every larger one that was tried "
                + "does."
            : "Every expectation is met, and not with the value before it."
    }

    /// What to say where more is not always better.
    private func steadiness(_ search: SettingSearch) -> String {
        let failing = search.trials.filter { trial in !trial.passed && trial.value > search.smallest ?? 0 }
        let first = failing.first.map { ", \($0.value) the first of them" } ?? ""
        let hidden =
            search.isExhaustive
            ? "" : " A smaller one may hide between those that were tried: --exhaustive tries them all."
        let from =
            search.steady.map { "From \($0) on every one that was tried meets every expectation." }
            ?? "The largest of the range fails too."
        return "But more is not always better: larger values fail\(first). \(from)\(hidden)"
    }

    /// The runs next to each change from failing to passing or back.
    private func proof(_ search: SettingSearch, _ style: TextStyle) -> String {
        var table = TextTable([.right(search.range.name), .left("met"), .left("what fails")])
        for (place, trial) in search.trials.enumerated() {
            let neighbours = [place - 1, place + 1].filter(search.trials.indices.contains)
            let isAtEnd = place == 0 || place == search.trials.count - 1
            guard isAtEnd || neighbours.contains(where: { search.trials[$0].passed != trial.passed }) else { continue }
            table.add([
                .init(trial.value), trial.passed ? .init("yes", .good) : .init("no", .bad),
                .init(trial.failures.first ?? "", .quiet),
            ])
        }
        return "\n" + table.text(style) + "  \(counted(search.trials.count, "value")) tried\n"
    }

    /// A row for each run; the settings except the first have columns of their own.
    public var csv: String {
        var table = CommaTable(search.ranges.map(\.name) + ["passed", "smallest", "steady", "failures"])
        for line in search.searches {
            for trial in line.search.trials {
                table.add(
                    ([trial.value] + line.others).map { "\($0)" } + [
                        "\(trial.passed)", "\(trial.value == line.search.smallest)",
                        "\(trial.value == line.search.steady)",
                        trial.failures.joined(separator: "\n"),
                    ])
            }
        }
        return table.text
    }

    /// The report for programs.
    public var json: JSONValue {
        [
            "answers": .init(search.searches.map(json(of:))),
            "complete": .init(search.isFinished),
            "found": .init(search.searches.contains { $0.search.smallest != nil }),
        ]
    }

    private func json(of line: SettingsSearch.Line) -> JSONValue {
        let search = line.search
        let others = zip(self.search.ranges.dropFirst(), line.others).map { ($0.name, JSONValue($1)) }
        return [
            "setting": .init(search.range.name), "with": .init(JSONObject(others)),
            "smallest": search.smallest.map { .init($0) } ?? nil, "monotone": .init(search.isMonotone),
            "steady": search.steady.map { .init($0) } ?? nil,
            "exhaustive": .init(search.isExhaustive),
            "trials": .init(
                search.trials.map { trial -> JSONValue in
                    [
                        "value": .init(trial.value), "passed": .init(trial.passed),
                        "failures": .init(trial.failures.map { JSONValue($0) }),
                    ]
                }),
        ]
    }
}
