import BuddyEngine
import GFP
import PageAllocator
import Simulation
import SourceText
import Topology

/// What a scenario did, step by step, and which of its expectations came true.
public struct ScenarioReport: Hashable, Sendable {
    public var result: ScenarioResult
    public var pageSize: Int

    public init(_ result: ScenarioResult, pageSize: Int = 4096) {
        self.result = result
        self.pageSize = pageSize
    }

    public func text(_ style: TextStyle = .plain) -> String {
        var text = style.apply(.heading, result.name.isEmpty ? "A scenario" : result.name) + "\n"
        if !result.about.isEmpty { text += style.wrap(result.about) }
        text += style.apply(.quiet, "rules of \(result.kernel), seed \(result.seed)") + "\n\n"
        for step in result.steps { text += self.text(step, style) }
        text += "\n"
        for failure in result.failures { text += style.wrap(failure.description, hanging: 2, role: .bad) }
        if let stopped = result.stopped { text += style.wrap("Stopped: \(stopped)", hanging: 2, role: .bad) }
        let kept = result.checks - result.failures.count
        return text
            + (result.passed
                ? style.apply(.good, "passed: \(counted(result.checks, "expectation"))")
                : style.apply(.bad, "failed: \(kept) of \(counted(result.checks, "expectation")) came true")) + "\n"
    }

    private func text(_ step: StepResult, _ style: TextStyle) -> String {
        let indent = 2 + 2 * step.depth
        var text = ""
        if !step.about.isEmpty { text += style.wrap(step.about, indent: indent, hanging: 2, role: .quiet) }
        let rounds = step.rounds > 1 ? " (\(step.rounds) times)" : ""
        switch step.outcome {
        case .done: text += style.wrap(step.title + rounds, indent: indent, hanging: 4)
        case .freed(let blocks, let pages):
            text += style.wrap(
                "\(step.title)\(rounds): \(counted(blocks, "block")), \(memory(pages))", indent: indent, hanging: 4)
        case .expected(let checks, let failures):
            let verdict = failures == 0 ? "ok" : "\(failures) of \(checks) not so"
            text += style.wrap(
                "\(step.title)\(rounds): \(verdict)", indent: indent, hanging: 4, role: failures == 0 ? .good : .bad)
        case .allocated(let summary):
            text += style.wrap(
                "\(step.title)\(rounds): \(self.words(summary))", indent: indent, hanging: 4)
        }
        return text
    }

    private func words(_ summary: AllocationSummary) -> String {
        var words = "\(summary.served) served"
        if summary.served > 0 { words += " (\(memory(summary.pages)))" }
        if summary.refused > 0 { words += ", \(summary.refused) refused" }
        if summary.freed > 0 { words += ", \(summary.freed) freed in between" }
        let shares = summary.zones.map { "\(memory($0.pages)) from \($0.zone.node)/\($0.zone.kind)" }
        if !shares.isEmpty { words += "; " + shares.joined(separator: ", ") }
        if summary.fallbacks > 0 { words += "; \(counted(summary.fallbacks, "block")) of another mobility" }
        if !summary.kswapdWoken.isEmpty {
            words += "; kswapd woken on \(NumberList.format(summary.kswapdWoken.map { Int($0.rawValue) }.sorted()))"
        }
        if summary.reclaims > 0 {
            words += "; reclaimed \(counted(summary.reclaimedPages, "page")) in \(counted(summary.reclaims, "call"))"
        }
        return words
    }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }
}

extension ScenarioReport {
    public var json: JSONValue {
        [
            "name": .init(result.name), "about": .init(result.about), "kernel": .init(result.kernel),
            "seed": .init(result.seed), "passed": .init(result.passed), "expectations": .init(result.checks),
            "stopped": result.stopped.map { .init($0) } ?? nil,
            "failures": .init(
                result.failures.map { failure in
                    [
                        "path": .init(failure.path.description), "line": failure.location.map { .init($0.line) } ?? nil,
                        "expected": .init(failure.expected), "actual": .init(failure.actual),
                        "round": failure.round.map { .init($0) } ?? nil,
                    ]
                }),
            "steps": .init(result.steps.map(json)),
            "zones": .init(
                result.zones.map { zone in
                    [
                        "node": .init(zone.zone.node.rawValue), "zone": .init(zone.zone.kind.kernelName),
                        "managed": .init(zone.managed), "free": .init(zone.free), "perCPU": .init(zone.perCPU),
                    ]
                }),
        ]
    }

    private func json(_ step: StepResult) -> JSONValue {
        var object: JSONObject = [
            "path": .init(step.path.description), "title": .init(step.title), "rounds": .init(step.rounds),
        ]
        switch step.outcome {
        case .done: break
        case .freed(let blocks, let pages): object["freed"] = ["blocks": .init(blocks), "pages": .init(pages)]
        case .expected(let checks, let failures):
            object["expected"] = ["checks": .init(checks), "failures": .init(failures)]
        case .allocated(let summary):
            object["allocated"] = [
                "served": .init(summary.served), "refused": .init(summary.refused), "pages": .init(summary.pages),
                "freed": .init(summary.freed), "fallbacks": .init(summary.fallbacks),
                "kswapd": .init(summary.kswapdWoken.map { JSONValue($0.rawValue) }),
                "zones": .init(
                    summary.zones.map { share in
                        [
                            "node": .init(share.zone.node.rawValue), "zone": .init(share.zone.kind.kernelName),
                            "blocks": .init(share.blocks), "pages": .init(share.pages),
                        ]
                    }),
            ]
        }
        return .init(object)
    }
}
