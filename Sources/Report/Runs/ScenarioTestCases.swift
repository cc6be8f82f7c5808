import Scenarios

/// A scenario's expectations as test cases, the form that common tools understand.
struct ScenarioTestCases {
    var name: String
    var file: String
    var cases: [Case]

    struct Case {
        var name: String
        var verdict: Verdict
    }

    enum Verdict: Hashable {
        case passed
        /// It failed, with one line for each failed check.
        case failed([String])
        /// It was not checked, with the reason.
        case skipped(String)
    }

    init(_ entry: ScenarioSuite.Entry) {
        file = entry.path
        switch entry.outcome {
        case .unreadable(let why):
            name = entry.path
            cases = [Case(name: "is a scenario", verdict: .failed([why]))]
        case .played(let result, _):
            name = "\(result.name.isEmpty ? entry.path : result.name) (\(result.rules.words))"
            cases = result.steps.compactMap { step in
                guard case .expected = step.outcome else { return nil }
                let title = "\(step.path)" + (step.about.isEmpty ? "" : " \(step.about)")
                return Case(name: title, verdict: Self.verdict(of: step, in: result))
            }
            if let stopped = result.stopped {
                cases.append(Case(name: "is played to its end", verdict: .failed([stopped])))
            }
        }
    }

    private static func verdict(of step: StepResult, in result: ScenarioResult) -> Verdict {
        if step.isOfOtherKernel { return .skipped("says nothing about the \(result.rules.words)") }
        if step.rounds == 0 { return .skipped("was not reached") }
        guard case .expected(_, let failed) = step.outcome, failed > 0 else { return .passed }
        let lines = result.failures.filter { $0.path.description.hasPrefix(step.path.description + ".") }
        return .failed(lines.isEmpty ? ["\(failed) checks failed"] : lines.map(\.description))
    }

    var failures: Int { cases.count { if case .failed = $0.verdict { true } else { false } } }
    var skipped: Int { cases.count { if case .skipped = $0.verdict { true } else { false } } }
}

extension ScenarioSuiteReport {
    var testCases: [ScenarioTestCases] { suite.entries.map { ScenarioTestCases($0) } }

    /// The results as JUnit XML for CI servers. It contains no times, so that two identical runs give identical bytes.
    public var junit: String {
        let suites = testCases
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"numazones\" tests=\"\(suites.reduce(0) { $0 + $1.cases.count })\" "
        text += "failures=\"\(suites.reduce(0) { $0 + $1.failures })\">\n"
        for suite in suites {
            text += "  <testsuite name=\"\(Self.escaped(suite.name))\" tests=\"\(suite.cases.count)\" "
            text += "failures=\"\(suite.failures)\" skipped=\"\(suite.skipped)\" errors=\"0\">\n"
            for test in suite.cases {
                text += "    <testcase classname=\"\(Self.escaped(suite.file))\" name=\"\(Self.escaped(test.name))\""
                switch test.verdict {
                case .passed: text += "/>\n"
                case .skipped(let why): text += "><skipped message=\"\(Self.escaped(why))\"/></testcase>\n"
                case .failed(let lines):
                    text += "><failure message=\"\(Self.escaped(lines[0]))\">"
                    text += Self.escaped(lines.joined(separator: "\n")) + "</failure></testcase>\n"
                }
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    /// The results as KTAP for tools of kernel developers (Documentation/dev-tools/ktap.rst); readers of TAP accept it
    /// too.
    public var ktap: String {
        let suites = testCases
        var text = "KTAP version 1\n1..\(suites.count)\n"
        for (index, suite) in suites.enumerated() {
            text += "  KTAP version 1\n  # Subtest: \(Self.line(suite.name))\n  1..\(suite.cases.count)\n"
            for (number, test) in suite.cases.enumerated() {
                let name = "\(number + 1) \(Self.line(test.name))"
                switch test.verdict {
                case .passed: text += "  ok \(name)\n"
                case .skipped(let why): text += "  ok \(name) # SKIP \(Self.line(why))\n"
                case .failed(let lines):
                    for line in lines { text += "  # \(Self.line(line))\n" }
                    text += "  not ok \(name)\n"
                }
            }
            text += "\(suite.failures == 0 ? "ok" : "not ok") \(index + 1) \(Self.line(suite.name))\n"
        }
        return text
    }

    /// The text on one line and without number signs, which begin a directive in TAP.
    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 == "#" ? "_" : $0 })
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "&#10;"
            // XML allows no other control characters.
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
