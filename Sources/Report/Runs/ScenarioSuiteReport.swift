import PageAllocator
import Scenarios
import SourceText
import Topology

/// The results of several scenarios: a line for each, and what failed.
public struct ScenarioSuiteReport: Sendable {
    /// The scenarios with their results.
    public var suite: ScenarioSuite

    /// Creates a report of scenarios.
    public init(_ suite: ScenarioSuite) { self.suite = suite }

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        if suite.entries.count == 1, case .played(let result, let topology) = suite.entries[0].outcome {
            return ScenarioReport(result, pageSize: topology.pageSize).text(style)
        }
        var table = TextTable([.left("scenario"), .left("rules"), .right("expectations"), .left("")])
        var failures = ""
        for entry in suite.entries {
            switch entry.outcome {
            case .played(let result, _):
                table.add([
                    .init(entry.path), .init(result.rules.profile), .init(result.checks),
                    result.passed
                        ? .init("as expected", .good)
                        : .init(result.stopped == nil ? "\(result.failures.count) not so" : "not to its end", .bad),
                ])
                for failure in result.failures { failures += style.apply(.bad, "\(failure)") + "\n" }
                if let stopped = result.stopped { failures += style.apply(.bad, "\(entry.path): \(stopped)") + "\n" }
            case .unreadable(let why):
                table.add([.init(entry.path), "", "", .init("not played", .bad)])
                failures += style.apply(.bad, why) + "\n"
            }
        }
        return table.text(style) + (failures.isEmpty ? "" : "\n" + failures) + "\n" + summary(style) + "\n"
    }

    private func summary(_ style: TextStyle) -> String {
        var (good, checks) = (0, 0)
        for entry in suite.entries {
            guard case .played(let result, _) = entry.outcome else { continue }
            if result.passed { good += 1 }
            checks += result.checks
        }
        let text =
            "\(good) of \(counted(suite.entries.count, "scenario")) as expected, \(counted(checks, "expectation"))"
        return style.apply(suite.passed ? .good : .bad, text)
    }

    /// The report for programs: the object of a single scenario, or a list of such objects.
    public var json: JSONValue {
        let runs = suite.entries.map { entry -> JSONValue in
            switch entry.outcome {
            case .played(let result, let topology):
                var object: JSONObject = ["file": .init(entry.path)]
                for member in ScenarioReport(result, pageSize: topology.pageSize).json.object?.members ?? [] {
                    object[member.key] = member.value
                }
                return .init(object)
            case .unreadable(let why): return ["file": .init(entry.path), "passed": false, "problem": .init(why)]
            }
        }
        return ["passed": .init(suite.passed), "runs": .init(runs)]
    }

    /// A row for each step that allocates: how many requests were served and refused, and where the memory came from.
    public var csv: String {
        var table = CommaTable([
            "file", "scenario", "rules", "seed", "step", "title", "served", "refused", "pages", "fallbacks", "reclaims",
        ])
        for entry in suite.entries {
            guard case .played(let result, _) = entry.outcome else { continue }
            for step in result.steps {
                guard case .allocated(let summary) = step.outcome else { continue }
                table.add([
                    entry.path, result.name, result.rules.profile, "\(result.seed)", step.path.description,
                    step.action.title,
                    "\(summary.served)", "\(summary.refused)", "\(summary.pages)", "\(summary.fallbacks)",
                    "\(summary.reclaims)",
                ])
            }
        }
        return table.text
    }
}
