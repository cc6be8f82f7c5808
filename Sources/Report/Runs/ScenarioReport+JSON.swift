import GFP
import PageAllocator
import Scenarios
import SourceText
import Topology

extension ScenarioReport {
    /// The report for programs. Amounts are in pages.
    public var json: JSONValue {
        var object: JSONObject = [
            "name": .init(result.name), "kernel": .init(result.rules.profile), "rules": result.rules.json,
            "seed": .init(result.seed), "passed": .init(result.passed), "checks": .init(result.checks),
            "failures": .init(result.failures.map(json(of:))), "steps": .init(result.steps.map(json(of:))),
            "zones": .init(
                result.zones.map { zone in
                    [
                        "node": .init(zone.zone.node.rawValue), "zone": .init(zone.zone.kind.kernelName),
                        "managed": .init(zone.managed), "free": .init(zone.free), "perCPU": .init(zone.perCPU),
                    ]
                }),
        ]
        if result.invariantChecks > 0 { object["invariantChecks"] = .init(result.invariantChecks) }
        if let stopped = result.stopped { object["stopped"] = .init(stopped) }
        return .init(object)
    }

    private func json(of failure: ExpectationFailure) -> JSONValue {
        var object: JSONObject = ["file": .init(failure.source)]
        object["line"] = failure.location.map { .init($0.line) }
        object["path"] = .init(failure.path.description)
        object["expected"] = .init(failure.expected)
        object["actual"] = .init(failure.actual)
        object["round"] = failure.round.map { .init($0) }
        return .init(object)
    }

    private func json(of step: StepResult) -> JSONValue {
        var object: JSONObject = ["path": .init(step.path.description)]
        object["line"] = step.location.map { .init($0.line) }
        object["title"] = .init(step.action.title)
        object["rounds"] = .init(step.rounds)
        if step.isOfOtherKernel { object["isOfOtherKernel"] = true }
        switch step.outcome {
        case .allocated(let summary):
            object["served"] = .init(summary.served)
            object["refused"] = .init(summary.refused)
            object["pages"] = .init(summary.pages)
            object["freed"] = .init(summary.freed)
            object["zones"] = .init(
                summary.zones.map { share in
                    [
                        "node": .init(share.zone.node.rawValue), "zone": .init(share.zone.kind.kernelName),
                        "blocks": .init(share.blocks), "pages": .init(share.pages),
                    ]
                })
            object["kswapd"] = .init(summary.kswapdWoken.map { JSONValue($0.rawValue) })
            object["kcompactd"] = .init(summary.kcompactdWoken.map { JSONValue($0.rawValue) })
            object["fallbacks"] = .init(summary.fallbacks)
            object["reclaims"] = .init(summary.reclaims)
            object["reclaimedPages"] = .init(summary.reclaimedPages)
        case .freed(let blocks, let pages):
            object["blocks"] = .init(blocks)
            object["pages"] = .init(pages)
        case .expected(let checks, let failures):
            object["checks"] = .init(checks)
            object["failed"] = .init(failures)
        case .done: break
        }
        return .init(object)
    }
}
