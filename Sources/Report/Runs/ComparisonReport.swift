import PageAllocator
import Recordings
import Scenarios
import SourceText
import Traces

/// What changed between two runs of a scenario, a trace or a recording's requests, for people and for programs.
public struct ComparisonReport: Sendable {
    /// What was played.
    public var subject: Subject
    /// The first run.
    public var first: Side
    /// The second run.
    public var second: Side
    /// The figures of both.
    public var figures: [ComparedFigure]
    /// The rules that cause the difference; nil: they were not searched for.
    public var blame: RuleBlame?

    /// What was played, by name.
    public enum Subject: Hashable, Sendable {
        case scenario(String)
        case trace(String)
        case recording(String)

        var key: String {
            switch self {
            case .scenario: "scenario"
            case .trace: "trace"
            case .recording: "recording"
            }
        }

        var name: String {
            switch self {
            case .scenario(let name), .trace(let name), .recording(let name): name
            }
        }
    }

    /// One of the runs.
    public struct Side: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The rules that applied.
        public var rules: RulesInForce
        /// The expectations that failed, and the error that ended the run.
        public var failures: [String]

        /// Creates a side from its parts.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - rules: The rules that applied.
        ///   - failures: What failed.
        public init(_ name: String, _ rules: RulesInForce, failures: [String] = []) {
            self.name = name
            self.rules = rules
            self.failures = failures
        }
    }

    /// Compares two runs of a scenario.
    public init(_ comparison: ScenarioComparison) {
        func side(_ variant: ScenarioComparison.Variant) -> Side {
            let result = variant.result
            return Side(
                variant.name, result.rules,
                failures: result.failures.map { "\($0)" } + [result.stopped].compactMap { $0 })
        }
        subject = .scenario(comparison.first.result.name)
        first = side(comparison.first)
        second = side(comparison.second)
        figures = comparison.figures
    }

    /// Compares two runs of a trace.
    ///
    /// - Parameters:
    ///   - comparison: The comparison.
    ///   - trace: The trace's name.
    ///   - first: The first run.
    ///   - second: The second run.
    public init(_ comparison: ReplayComparison, of trace: String, _ first: Side, _ second: Side) {
        subject = .trace(trace)
        self.first = first
        self.second = second
        figures = comparison.figures
    }

    /// Compares two runs of a recording's requests.
    public init(_ first: RecordedRun, _ second: RecordedRun) {
        subject = .recording(first.name)
        self.first = Side(first.name, first.rules)
        self.second = Side(second.name, second.rules)
        figures = first.figures(comparedWith: second)
    }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var table = TextTable([.left(""), .right("A"), .right("B"), .right("change")])
        for figure in figures {
            let sign = figure.difference > 0 ? "+" : ""
            table.add([
                .init(figure.name), .init(figure.first), .init(figure.second),
                .init(figure.difference == 0 ? "" : "\(sign)\(figure.difference)", .heading),
            ])
        }
        var text = style.apply(.heading, subject.name.isEmpty ? subject.key : subject.name) + "\n"
        text += "  A: \(first.name), \(first.rules.words)\n"
        text += "  B: \(second.name), \(second.rules.words)\n\n" + table.text(style)
        text += blame?.text(style, differs: figures.distance > 0) ?? ""
        for (letter, side) in [("A", first), ("B", second)] where !side.failures.isEmpty {
            text += style.apply(.warning, "\nnot as the scenario expects in \(letter):")
            text += side.failures.map { "\n  \($0)" }.joined() + "\n"
        }
        return text
    }

    /// The report for programs.
    public var json: JSONValue {
        func object(_ side: Side) -> JSONValue {
            [
                "name": .init(side.name), "kernel": .init(side.rules.profile), "rules": side.rules.json,
                "passed": .init(side.failures.isEmpty),
            ]
        }
        var result = JSONObject()
        result[subject.key] = .init(subject.name)
        result["a"] = object(first)
        result["b"] = object(second)
        result["figures"] = .init(
            figures.map {
                [
                    "name": .init($0.name), "a": .init($0.first), "b": .init($0.second),
                    "change": .init($0.difference),
                ] as JSONValue
            })
        if let blame { result["blame"] = blame.json }
        return .init(result)
    }
}
