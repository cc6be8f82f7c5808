import GFP
import PageAllocator
import Scenarios
import SourceText
import Topology

/// The result of a scenario, for people and for programs.
public struct ScenarioReport: Hashable, Sendable {
    /// The result.
    public var result: ScenarioResult
    /// The machine's page size, in bytes.
    public var pageSize: Int

    /// Creates a report from its parts.
    public init(_ result: ScenarioResult, pageSize: Int = 4096) {
        self.result = result
        self.pageSize = pageSize
    }

    /// The report for people: each step in a line or two, the zones at the end, and what failed.
    public func text(_ style: TextStyle = .plain) -> String {
        var text = style.apply(.heading, result.name.isEmpty ? "scenario" : result.name)
        text += "  \(result.rules.words), seed \(result.seed)\n"
        if !result.about.isEmpty { text += style.wrap(result.about, role: .quiet) }
        text += "\n"
        for step in result.steps { text += line(step, style) }
        text += "\n" + zones(style) + "\n"
        for failure in result.failures { text += style.apply(.bad, "\(failure)") + "\n" }
        if let stopped = result.stopped { text += style.apply(.bad, stopped) + "\n" }
        return text + verdict(style) + "\n"
    }

    private func verdict(_ style: TextStyle) -> String {
        let checks = counted(result.checks, "expectation")
        if result.passed {
            let held =
                result.invariantChecks == 0
                ? ""
                : "; invariants held at \(counted(result.invariantChecks, "check")) over \(result.work) pieces of work"
            return style.apply(.good, (result.checks == 0 ? "nothing was expected" : "\(checks) met") + held)
        }
        if result.failures.isEmpty, result.stopped != nil {
            let sofar = result.checks == 0 ? "" : "; the \(checks) until then were met"
            return style.apply(.bad, "not played to its end" + sofar)
        }
        let more = result.failures.count == ScenarioResult.mostFailures ? " or more" : ""
        return style.apply(.bad, "\(result.failures.count)\(more) of \(checks) failed")
    }

    private func line(_ step: StepResult, _ style: TextStyle) -> String {
        let indent = 2 + 2 * step.depth
        var text = ""
        if !step.about.isEmpty { text += style.wrap(step.about, indent: indent, role: .quiet) }
        var sentence = step.action.title
        var role: TextStyle.Role = .plain
        if step.depth > 0, step.rounds > 1 { sentence += " (\(step.rounds) rounds)" }
        switch step.outcome {
        case _ where step.isOfOtherKernel: sentence += ": of other kernels"
        case _ where step.rounds == 0: sentence += ": not reached"
        case .allocated(let summary): sentence += ": " + words(summary)
        case .freed(let blocks, let pages): sentence += ": \(counted(blocks, "block")), \(memory(pages))"
        case .expected(let checks, let failures):
            sentence += failures == 0 ? ": \(checks) as expected" : ": \(failures) of \(checks) not as expected"
            role = failures == 0 ? .good : .bad
        case .done: break
        }
        return text + style.wrap(sentence, indent: indent, hanging: 4, role: role)
    }

    private func words(_ summary: AllocationSummary) -> String {
        var parts = ["\(summary.served) served"]
        if !summary.zones.isEmpty {
            let zones = summary.zones.map { "\($0.zone.words) (\($0.blocks))" }.joined(separator: ", ")
            parts[0] += " (\(memory(summary.pages))) from \(zones)"
        }
        if summary.refused > 0 { parts.append("\(summary.refused) refused") }
        if summary.freed > 0 { parts.append("\(summary.freed) given back") }
        for (thread, woken) in [("kswapd", summary.kswapdWoken), ("kcompactd", summary.kcompactdWoken)]
        where !woken.isEmpty {
            parts.append("\(thread) woken on node \(NumberList.format(woken.map { Int($0.rawValue) }.sorted()))")
        }
        if summary.fallbacks > 0 { parts.append("\(counted(summary.fallbacks, "fallback")) to another type") }
        if summary.reclaims > 0 {
            parts.append("reclaim found \(memory(summary.reclaimedPages)) in \(counted(summary.reclaims, "call"))")
        }
        return parts.joined(separator: "; ")
    }

    private func zones(_ style: TextStyle) -> String {
        var table = TextTable([
            .right("node"), .left("zone"), .right("managed"), .right("free"), .right("on per-CPU lists"),
        ])
        for zone in result.zones {
            table.add([
                .init(zone.zone.node), .init(zone.zone.kind), .init(memory(zone.managed)), .init(memory(zone.free)),
                .init(memory(zone.perCPU)),
            ])
        }
        return table.text(style)
    }

    private func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }
}
